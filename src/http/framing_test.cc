#include "http/framing.h"

#include <gtest/gtest.h>

#include "http/url.h"

namespace carillon::http {
namespace {

constexpr std::string_view kPost =
    "POST /api/v1/users/a%2Fb%20c?wait=applied&q=x+y HTTP/1.1\r\nHost: h\r\nContent-Type: text/csv\r\n"
    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\n wo\r\n0\r\nHost: t\r\nAuthorization: t\r\n\r\n";
constexpr std::string_view kGet = "GET http://h/p HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

void expect_post(RequestReader& reader) {
  ASSERT_TRUE(reader.complete());
  EXPECT_TRUE(reader.keep_alive());
  const Request got = reader.take();
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.path, "/api/v1/users/a/b c");
  EXPECT_EQ(got.target, "/api/v1/users/a%2Fb%20c");
  EXPECT_EQ(got.parameter("wait"), "applied");
  EXPECT_EQ(got.parameter("q"), "x y");
  EXPECT_EQ(got.header("content-type"), "text/csv");
  EXPECT_EQ(got.header("authorization"), "");  // a trailer is no header
  EXPECT_EQ(got.body, "hello wo");
}

TEST(RequestReader, EveryCutGivesTheSame) {
  const std::string both = std::string(kPost) + std::string(kGet);
  for (size_t cut = 0; cut <= both.size(); cut++) {
    RequestReader reader(1000);
    reader.feed(std::string_view(both).substr(0, cut));
    std::string rest = both.substr(cut);
    if (!reader.complete()) reader.feed(std::exchange(rest, ""));
    expect_post(reader);
    reader.feed(rest);
    ASSERT_TRUE(reader.complete()) << cut;
    EXPECT_FALSE(reader.keep_alive());
    EXPECT_EQ(reader.take().path, "/p");
    EXPECT_FALSE(reader.started());
  }
}

TEST(RequestReader, ByteByByte) {
  RequestReader reader(1000);
  for (const char c : kPost) reader.feed({&c, 1});
  expect_post(reader);
}

TEST(RequestReader, AnEmptyChunkedBodyByteByByte) {
  RequestReader reader(1000);
  for (const char c : std::string_view("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) {
    EXPECT_FALSE(reader.complete());
    reader.feed({&c, 1});
  }
  EXPECT_TRUE(reader.complete());
}

int failure_of(std::string_view bytes) {
  RequestReader reader(100);
  reader.feed(bytes);
  return reader.failure();
}

TEST(RequestReader, RefusesWhatIsWrong) {
  EXPECT_EQ(failure_of("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\n\r\n"), 400);  // no Host
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("GET / HTTP/2.7\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n"), 413);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
  EXPECT_EQ(
      failure_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x')),
      413);
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(kHeaderLimit, 'x')), 431);
}

TEST(ResponseReader, HeadChunksAndEnd) {
  Response response;
  response.status = 201;
  response.headers = {{"ETag", "\"7\"\r\nInjected: x"}};
  const std::string bytes =
      print_head(response, kChunked, true) + print_chunk("abc") + print_chunk("d") + print_chunk("");
  for (size_t cut = 0; cut <= bytes.size(); cut++) {
    ResponseReader reader(false);
    reader.feed(std::string_view(bytes).substr(0, cut));
    std::string body = reader.header_done() ? reader.take_body() : "";
    reader.feed(std::string_view(bytes).substr(cut));
    ASSERT_TRUE(reader.complete() && !reader.failed()) << cut;
    EXPECT_EQ(reader.status(), 201);
    const std::pair<std::string, std::string> etag{"etag", "\"7\"  Injected: x"};
    EXPECT_EQ(reader.headers().back(), etag);
    EXPECT_EQ(body + reader.take_body(), "abcd");
  }
}

TEST(ResponseReader, AnEndInTheMiddleIsAFailure) {
  for (const auto* bytes : {"", "HTTP", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"}) {
    ResponseReader reader(false);
    reader.feed(bytes);
    EXPECT_FALSE(reader.complete() || reader.failed()) << bytes;
    reader.feed_end();
    EXPECT_TRUE(reader.failed()) << bytes;
  }
  ResponseReader open_ended(false);
  open_ended.feed("HTTP/1.0 200 OK\r\n\r\nall");
  open_ended.feed_end();
  EXPECT_TRUE(open_ended.complete() && !open_ended.failed());
  EXPECT_EQ(open_ended.take_body(), "all");
}

TEST(Url, EscapesAndEndpoints) {
  EXPECT_EQ(percent_encode("a b/ü"), "a%20b%2F%C3%BC");
  EXPECT_EQ(percent_decode("a%20b%2F"), "a b/");
  EXPECT_FALSE(percent_decode("%4"));
  const auto segments = path_segments("/api//v1/a%2Fb/");
  ASSERT_TRUE(segments);
  EXPECT_EQ(*segments, (std::vector<std::string>{"api", "v1", "a/b"}));
  const auto there = parse_endpoint("https://[::1]:8443/");
  ASSERT_TRUE(there);
  EXPECT_TRUE(there->tls);
  EXPECT_EQ(there->host, "::1");
  EXPECT_EQ(there->port, 8443);
  EXPECT_EQ(parse_endpoint("http://pbx.example").value().port, 80);
  for (const auto* bad : {"pbx", "ftp://x", "http://", "http://a:0", "http://a:b", "http://a/b", "http://u@a"}) {
    EXPECT_FALSE(parse_endpoint(bad)) << bad;
  }
}

}  // namespace
}  // namespace carillon::http
