#pragma once
// Messages out of a byte stream (RFC 3261 §18.3, RFC 5626 §3.5.1). Bytes go in as they come, in
// pieces of any size; the same bytes give the same messages however they were cut. Memory grows
// with what has been received, never with what a Content-Length declares. Single owner.

#include <span>
#include <string>

#include "base/limits.h"
#include "sip/message/message.h"

namespace carillon::sip {

// `bytes` may be written to (Message::parse unfolds in place) and lives until the next call of the
// Framer.
struct Framed {
  enum class Kind : uint8_t {
    need_more,       // nothing until more has been fed
    message,         // `bytes` is one message, for Message::parse(…, Framing::stream)
    keepalive_ping,  // CRLF CRLF: answer with CRLF
    error,           // the stream cannot be followed any further: close it
  };
  Kind kind = Kind::need_more;
  // Of an error: the headers of the message, when they are complete. To answer before closing,
  // parse them and refuse with `fault` if that parse says that it is answerable.
  std::span<char> bytes;
  ParseFault fault;
};

class Framer {
 public:
  // What was received. Call next() until it says need_more before feeding again.
  void feed(View bytes);
  Framed next();
  // The peer is known now: its messages may have limits::kMessageBytes instead of
  // limits::kStrangerBytes.
  void trust() { limit_ = limits::kMessageBytes; }
  // Bytes that wait for the rest of their message.
  size_t buffered() const { return buffer_.size() - start_; }

 private:
  void release();
  bool skip_empty_lines(Framed& out);
  bool find_head();
  Framed fail(View reason, int status);
  View pending() const { return View(buffer_).substr(start_); }

  std::string buffer_;
  size_t start_ = 0;      // of the message that is being received
  size_t taken_ = 0;      // bytes after start_ that the last answer of next() showed
  size_t searched_ = 0;   // bytes after start_ in which the headers do not end
  size_t head_ = 0;       // length of the headers with their empty line, 0: not known yet
  size_t body_ = 0;       // Content-Length, valid when head_ is not 0
  size_t limit_ = limits::kStrangerBytes;
  bool failed_ = false;
  ParseFault fault_;
};

}  // namespace carillon::sip
