#include "http/server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "http/channel.h"
#include "http/client.h"

namespace carillon::http {
namespace {

const Address kAny = Address::v4(0x7f000001, 0);

Response echo(const Request& request) {
  Response out;
  out.content_type = "text/plain";
  out.body = request.method + " " + request.path + " " + (request.local ? "local " : "remote ") + request.body;
  if (request.path == "/throw") throw std::runtime_error("broken");
  if (request.path == "/stream") {
    out.stream = [n = 0]() mutable { return n < 3 ? std::to_string(n++) : std::string(); };
  }
  if (request.path == "/forever") {
    out.produce = [](Writer& to) {
      while (to.write("tick\n") && to.wait(milliseconds(20))) {
      }
    };
  }
  return out;
}

ServerOptions quick() {
  ServerOptions options;
  options.http = {kAny};
  options.max_body = 1000;
  options.header_time = seconds(20);
  options.body_silence = seconds(20);
  options.idle_time = milliseconds(600);
  return options;
}

// For those tests that wait until the server has waited long enough.
ServerOptions impatient() {
  auto options = quick();
  options.header_time = milliseconds(300);
  options.body_silence = milliseconds(300);
  return options;
}

struct Running {
  explicit Running(ServerOptions options) : server(std::move(options), echo) {
    const auto started = server.start();
    EXPECT_TRUE(started) << (started ? "" : started.error().text);
  }
  Endpoint endpoint(size_t index = 0) const {
    const auto [kind, address] = server.bound().at(index);
    return {"", kind == "https", address.ip_text(), address.port};
  }
  Result<ClientResponse> get(const std::string& target) {
    return send(endpoint(), {}, {"GET", target, {}, ""}, nullptr);
  }
  // Sends bytes as they are, and gives all that comes until the server closes.
  std::string raw(std::string_view bytes, Duration time = seconds(30)) {
    auto fd = connect_tcp("127.0.0.1", endpoint().port, seconds(5));
    Channel channel(std::move(fd).value(), -1);
    EXPECT_EQ(channel.write(bytes, seconds(5)), Io::ok);
    std::string out;
    const Instant deadline = monotonic_now() + time;
    while (channel.read(out, deadline) == Io::ok) {
    }
    return out;
  }
  Server server;
};

TEST(Server, AnswersAndKeepsTheConnection) {
  Running running(quick());
  const auto out = running.raw(
      "GET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /b%20c HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
      "Connection: close\r\n\r\nhi");
  EXPECT_NE(out.find("GET /a remote "), std::string::npos);
  EXPECT_NE(out.find(" GMT\r\n"), std::string::npos);
  EXPECT_NE(out.find("POST /b c remote hi"), std::string::npos);
}

TEST(Server, HeadHasNoBodyAndOldClientsNoChunks) {
  Running running(quick());
  const auto head = running.raw("HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 15"), std::string::npos) << head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  const auto old = running.raw("GET /stream HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.ends_with("\r\n\r\n012")) << old;
  EXPECT_EQ(old.find("chunked"), std::string::npos);
}

TEST(Server, StreamsAndSurvivesAThrowingHandler) {
  Running running(quick());
  EXPECT_EQ(running.get("/stream").value().body, "012");
  EXPECT_EQ(running.get("/throw").value().status, 500);
  std::string got;
  const auto cut = send(running.endpoint(), {}, {"GET", "/forever", {}, ""}, [&got](std::string_view piece) {
    got += piece;
    return got.size() < 15;
  });
  EXPECT_TRUE(cut);
  EXPECT_TRUE(got.starts_with("tick\ntick\n"));
}

TEST(Server, RefusesWhatIsTooLargeOrBroken) {
  Running running(quick());
  EXPECT_TRUE(running.raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n").starts_with("HTTP/1.1 413 "));
  EXPECT_TRUE(running.raw("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20000, 'x')).starts_with("HTTP/1.1 431 "));
  const auto bad = running.raw("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(bad.starts_with("HTTP/1.1 400 "));
  EXPECT_NE(bad.find("application/problem+json"), std::string::npos);
}

TEST(Server, SlowPeersAreAnswered408) {
  Running running(impatient());
  EXPECT_TRUE(running.raw("GET / HTT").starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(running.raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab").starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(running.raw(""), "");  // says nothing: closed without a word
}

TEST(Server, ATrickleDoesNotProlongTheHeader) {
  Running running(impatient());
  Channel channel(connect_tcp("127.0.0.1", running.endpoint().port, seconds(5)).value(), -1);
  std::string out;
  for (int i = 0; i < 100 && out.empty(); i++) {  // two seconds at least, if it were prolonged
    if (channel.write("G", seconds(1)) != Io::ok) break;
    channel.read(out, monotonic_now() + milliseconds(20));
  }
  EXPECT_TRUE(out.starts_with("HTTP/1.1 4")) << out;
}

TEST(Server, AsksBeforeTheBodyAndSaysContinue) {
  auto options = quick();
  options.body_silence = milliseconds(300);
  options.admit = [](const Request& request) -> std::optional<Response> {
    if (request.header("x-key") == "yes") return {};
    Response no;
    no.status = 401;
    return no;
  };
  Running running(options);
  const std::string head =
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\nConnection: close\r\nExpect: 100-continue\r\n";
  EXPECT_TRUE(running.raw(head + "\r\n").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(running.raw(head + "X-Key: yes\r\n\r\n").starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408"));
}

TEST(Server, ConnectionsAreBoundedAndTheIdleGiveWay) {
  auto options = quick();
  options.connections = 4;
  Running running(options);
  std::vector<std::unique_ptr<Channel>> idle;
  for (int i = 0; i < 12; i++) {
    idle.push_back(
        std::make_unique<Channel>(connect_tcp("127.0.0.1", running.endpoint().port, seconds(5)).value(), -1));
  }
  EXPECT_EQ(running.get("/a").value().status, 200);
  std::string out;
  EXPECT_EQ(idle.front()->read(out, monotonic_now() + seconds(5)), Io::closed);
}

TEST(Server, StopEndsStreamsPromptly) {
  Running running(quick());
  std::atomic<bool> started{false};
  std::thread reader([&] {
    [[maybe_unused]] auto ended = send(running.endpoint(), {}, {"GET", "/forever", {}, ""}, [&](std::string_view) {
      started = true;
      return true;
    });
  });
  while (!started) std::this_thread::yield();
  const Instant start = monotonic_now();
  running.server.stop();
  EXPECT_LT((monotonic_now() - start).milliseconds(), 10'000);
  reader.join();
}

TEST(Server, ABusyPortIsAFaultThatNamesIt) {
  Running running(quick());
  auto options = quick();
  options.http = {running.server.bound().front().second};
  Server second(options, echo);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().text.find(options.http.front().text()), std::string::npos);
}

struct Directory {
  Directory() {
    char name[] = "/tmp/carillon-http-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Directory() { std::filesystem::remove_all(path); }
  std::string path;
};

TEST(Server, UnixSocketIsPrivateAndLocal) {
  Directory directory;
  // Longer than a socket address may be.
  const std::string deep = directory.path + "/" + std::string(120, 'd');
  std::filesystem::create_directory(deep);
  for (const auto& path : {directory.path + "/carillon.sock", deep + "/carillon.sock"}) {
    ServerOptions options;
    options.unix_socket = path;
    Running running(options);
    struct stat facts;
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
    EXPECT_EQ(send({path}, {}, {"GET", "/x", {}, ""}, nullptr).value().body, "GET /x local ");
    Server second(options, echo);
    EXPECT_FALSE(second.start());
    running.server.stop();
    EXPECT_NE(::stat(path.c_str(), &facts), 0);
    const auto gone = send({path}, {}, {"GET", "/x", {}, ""}, nullptr);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().kind, FaultKind::unavailable);
  }
}

TEST(Server, AStaleSocketFileIsReplaced) {
  Directory directory;
  ServerOptions options;
  options.unix_socket = directory.path + "/s";
  { const auto left_behind = listen_unix(options.unix_socket); }  // closes the socket, leaves the file
  Running running(options);
  EXPECT_EQ(send({options.unix_socket}, {}, {"GET", "/x", {}, ""}, nullptr).value().status, 200);
}

TEST(Server, TlsWithACertificateOfOurOwn) {
  Directory directory;
  const std::string key = directory.path + "/key.pem", certificate = directory.path + "/cert.pem";
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=carillon "
      "-addext subjectAltName=IP:127.0.0.1 -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  ASSERT_EQ(std::system(make.c_str()), 0);
  ServerOptions options = quick();
  options.http.clear();
  options.https = {kAny};
  options.certificate_file = certificate, options.key_file = key;
  Running running(options);
  const auto ask = [&running](const ClientOptions& how) {
    return send(running.endpoint(), how, {"GET", "/stream", {}, ""}, nullptr);
  };
  const auto known = ask({.verify = true, .ca_file = certificate});
  ASSERT_TRUE(known) << known.error().text;
  EXPECT_EQ(known->body, "012");
  EXPECT_EQ(ask({.verify = false}).value().body, "012");
  const auto stranger = ask({.verify = true});
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().kind, FaultKind::denied);
  EXPECT_TRUE(running.server.reload_certificate());
  std::ofstream(certificate, std::ios::trunc) << "nonsense";
  EXPECT_FALSE(running.server.reload_certificate());
  EXPECT_EQ(ask({.verify = false}).value().status, 200);
}

}  // namespace
}  // namespace carillon::http
