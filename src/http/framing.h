#pragma once
// HTTP/1.1 messages out of bytes, without sockets (RFC 9112). The one door to Boost.Beast's parser, which is costly to
// compile: nothing of it shows here.

#include <memory>
#include <string>
#include <string_view>

#include "http/server.h"

namespace carillon::http {

constexpr size_t kHeaderLimit = 16 * 1024;  // bytes of a request's or response's header: 431 above

// Requests out of one connection's bytes. Single owner.
class RequestReader {
 public:
  explicit RequestReader(size_t max_body);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;

  // Takes all of `bytes`, whatever their cut. What belongs to a later request is kept for it.
  void feed(std::string_view bytes);
  bool header_done() const;
  bool complete() const;
  // 0, or the status that answers what cannot be read: 400, 413, 431, 501, 505. Nothing more is read after that.
  int failure() const;
  // Anything of the present request here yet?
  bool started() const;
  bool keep_alive() const;        // REQUIRES: header_done()
  bool expects_continue() const;  // REQUIRES: header_done()
  bool knows_chunks() const;      // HTTP/1.1, not 1.0. REQUIRES: header_done()
  // Without body. REQUIRES: header_done().
  const Request& head() const;
  // The request; the reader goes on with the next one. REQUIRES: complete().
  Request take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One response out of a connection's bytes. Single owner.
class ResponseReader {
 public:
  // `head_only`: the answer to HEAD has no body.
  explicit ResponseReader(bool head_only);
  ~ResponseReader();
  void feed(std::string_view bytes);
  void feed_end();  // the peer closed
  bool header_done() const;
  bool complete() const;
  bool failed() const;
  int status() const;  // REQUIRES: header_done()
  // Names in lower case. REQUIRES: header_done()
  std::vector<std::pair<std::string, std::string>> headers() const;
  // What has come of the body since the last call.
  std::string take_body();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

constexpr int64_t kChunked = -1;     // a body's length: not known, in chunks
constexpr int64_t kUntilClose = -2;  // a body's length: not known, until the connection closes (HTTP/1.0)
// Status line and header of a response with a body of `length` bytes.
std::string print_head(const Response& response, int64_t length, bool keep_alive);
// One chunk (RFC 9112 §7.1); an empty piece is the last chunk.
std::string print_chunk(std::string_view piece);

}  // namespace carillon::http
