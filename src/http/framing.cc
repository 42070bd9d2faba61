#include "http/framing.h"

#include <fmt/format.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.h"
#include "http/url.h"

namespace carillon::http {
namespace beast = boost::beast;
namespace {

std::string_view view(beast::string_view s) { return {s.data(), s.size()}; }

// The end of a chunked body, "0\r\n\r\n", the least that may remain of one. Beast 1.81 asserts that it is never shown
// less once it has seen the last chunk's size, so it is never shown less at all.
constexpr size_t kChunkedEnd = 5;

// Gives the parser what it can take of `buffer`, up to the end of the header or of the message, and drops that from its
// front.
template <typename Parser>
beast::error_code put_all(Parser& parser, std::string& buffer, bool header_only) {
  size_t at = 0;
  beast::error_code error;
  while (at < buffer.size() && !parser.is_done() && !(header_only && parser.is_header_done())) {
    if (parser.is_header_done() && parser.chunked() && buffer.size() - at < kChunkedEnd) break;
    at += parser.put(boost::asio::buffer(buffer.data() + at, buffer.size() - at), error);
    if (error) break;
  }
  buffer.erase(0, at);
  if (error == beast::http::error::need_more) error = {};
  return error;
}

int status_of(beast::error_code error) {
  if (error == beast::http::error::body_limit) return 413;
  if (error == beast::http::error::header_limit) return 431;
  if (error == beast::http::error::bad_version) return 505;
  return 400;
}

// Splits the request target: origin form, absolute form or "*" (RFC 9112 §3.2).
bool read_target(std::string_view target, Request& to) {
  for (const char c : target) {
    if (static_cast<uint8_t>(c) <= ' ' || c == 0x7f) return false;
  }
  if (!target.starts_with('/') && target != "*") {
    const size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return false;
    const size_t path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  target = target.substr(0, target.find('#'));
  const size_t mark = std::min(target.find('?'), target.size());
  auto path = percent_decode(target.substr(0, mark));
  auto query = parse_query(target.substr(std::min(mark + 1, target.size())));
  if (!path || !query) return false;
  to.target = target.substr(0, mark);
  to.path = std::move(*path);
  to.query = std::move(*query);
  return true;
}

template <typename Message>
int read_head(const Message& message, Request& to) {
  to.method = view(message.method_string());
  if (!read_target(view(message.target()), to)) return 400;
  size_t hosts = 0;
  for (const auto& field : message) {
    to.headers.emplace_back(to_lower(view(field.name_string())), view(field.value()));
    hosts += to.headers.back().first == "host";
  }
  // RFC 9112 §3.2: exactly one Host in HTTP/1.1.
  if (message.version() == 11 ? hosts != 1 : hosts > 1) return 400;
  const auto coding = to.header("transfer-encoding");
  if (!coding.empty() && !iequals(coding, "chunked")) return 501;
  return 0;
}

}  // namespace

struct RequestReader::Impl {
  using Parser = beast::http::request_parser<beast::http::string_body>;
  explicit Impl(size_t max_body) : max_body(max_body) { renew(); }
  void renew() {
    parser = std::make_unique<Parser>();
    parser->header_limit(kHeaderLimit);
    parser->body_limit(max_body);
    head = {};
    seen_header = false;
  }
  void advance() {
    if (failure != 0 || parser->is_done() || buffer.empty()) return;
    if (!seen_header) read_header();
    if (seen_header && failure == 0) {
      parser->eager(true);
      const auto error = put_all(*parser, buffer, false);
      if (error) failure = status_of(error);
    }
    if (failure != 0) buffer.clear();
  }
  // The header is read before the parser sees the body: trailers, which it adds to the fields, must not pass for
  // headers (RFC 9110 §6.5.1).
  void read_header() {
    const auto error = put_all(*parser, buffer, true);
    if (error) failure = status_of(error);
    if (failure != 0 || !parser->is_header_done()) return;
    seen_header = true;
    failure = read_head(parser->get(), head);
  }
  size_t max_body;
  std::string buffer;
  std::unique_ptr<Parser> parser;
  Request head;
  bool seen_header = false;
  int failure = 0;
};

RequestReader::RequestReader(size_t max_body) : impl_(std::make_unique<Impl>(max_body)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;

void RequestReader::feed(std::string_view bytes) {
  if (impl_->failure != 0) return;
  impl_->buffer += bytes;
  impl_->advance();
}
bool RequestReader::header_done() const { return impl_->seen_header && impl_->failure == 0; }
bool RequestReader::complete() const { return header_done() && impl_->parser->is_done(); }
int RequestReader::failure() const { return impl_->failure; }
bool RequestReader::started() const { return impl_->parser->got_some() || !impl_->buffer.empty(); }
bool RequestReader::keep_alive() const { return impl_->parser->get().keep_alive(); }
bool RequestReader::expects_continue() const {
  return iequals(impl_->head.header("expect"), "100-continue") && impl_->parser->get().version() == 11;
}
bool RequestReader::knows_chunks() const { return impl_->parser->get().version() >= 11; }
const Request& RequestReader::head() const { return impl_->head; }

Request RequestReader::take() {
  CHECK(complete());
  Request out = std::move(impl_->head);
  out.body = std::move(impl_->parser->get().body());
  impl_->renew();
  impl_->advance();
  return out;
}

struct ResponseReader::Impl {
  using Parser = beast::http::response_parser<beast::http::string_body>;
  Parser parser;
  std::string buffer;
  bool failed = false;
};

ResponseReader::ResponseReader(bool head_only) : impl_(std::make_unique<Impl>()) {
  impl_->parser.header_limit(kHeaderLimit);
  impl_->parser.body_limit(boost::none);
  impl_->parser.eager(true);
  impl_->parser.skip(head_only);
}
ResponseReader::~ResponseReader() = default;

void ResponseReader::feed(std::string_view bytes) {
  impl_->buffer += bytes;
  if (put_all(impl_->parser, impl_->buffer, false)) impl_->failed = true;
}
void ResponseReader::feed_end() {
  if (!impl_->parser.got_some()) {
    impl_->failed = true;  // not a byte came; Beast asserts that one did
    return;
  }
  beast::error_code error;
  impl_->parser.put_eof(error);
  if (error) impl_->failed = true;
}
bool ResponseReader::header_done() const { return impl_->parser.is_header_done(); }
bool ResponseReader::complete() const { return impl_->parser.is_done(); }
bool ResponseReader::failed() const { return impl_->failed; }
int ResponseReader::status() const { return static_cast<int>(impl_->parser.get().result_int()); }
std::vector<std::pair<std::string, std::string>> ResponseReader::headers() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& field : impl_->parser.get())
    out.emplace_back(to_lower(view(field.name_string())), view(field.value()));
  return out;
}
std::string ResponseReader::take_body() { return std::exchange(impl_->parser.get().body(), {}); }

std::string print_head(const Response& response, int64_t length, bool keep_alive) {
  auto out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  const auto add = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    for (const char c : value) out += c == '\r' || c == '\n' ? ' ' : c;  // a value never ends its line
    out += "\r\n";
  };
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) add("Content-Type", response.content_type);
  if (!bodiless && length >= 0) add("Content-Length", std::to_string(length));
  if (!bodiless && length == kChunked) add("Transfer-Encoding", "chunked");
  if (!keep_alive) add("Connection", "close");
  for (const auto& [name, value] : response.headers) add(name, value);
  return out += "\r\n";
}

std::string print_chunk(std::string_view piece) { return fmt::format("{:x}\r\n{}\r\n", piece.size(), piece); }

}  // namespace carillon::http
