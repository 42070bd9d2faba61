#include "sip/stream/framer.h"

#include <algorithm>

#include "base/text.h"
#include "sip/message/chars.h"

namespace carillon::sip {
namespace {

constexpr View kEndOfHead = "\r\n\r\n";

struct Length {
  size_t count = 0;  // lines found
  bool good = true;
  uint64_t value = 0;
};

// The value of a Content-Length line, folded perhaps.
void read_value(View value, Length& out) {
  while (!value.empty() && (chars::is_control(value.front()) || value.front() == ' ')) {
    value.remove_prefix(1);
  }
  while (!value.empty() && (chars::is_control(value.back()) || value.back() == ' ')) {
    value.remove_suffix(1);
  }
  out.good = out.good && chars::is_number(value);
  // Any number that does not fit is beyond every limit.
  out.value = to_number<uint64_t>(value).value_or(UINT64_MAX);
}

// One line, without a CRLF that is followed by a blank (RFC 3261 §7.3.1).
size_t line_size(View text) {
  size_t end = 0;
  for (;;) {
    end = text.find("\r\n", end);
    if (end == text.npos) return text.size();
    if (end + 2 >= text.size() || !chars::is_blank(text[end + 2])) return end;
    end += 2;
  }
}

Length find_length(View head) {
  Length out;
  size_t at = head.find("\r\n");
  while (at != head.npos && at + 2 < head.size()) {
    View line = head.substr(at + 2);
    line = line.substr(0, line_size(line));
    at += 2 + line.size();
    const char first = line.empty() ? '\0' : line.front();
    if (first != 'c' && first != 'C' && first != 'l' && first != 'L') continue;
    const size_t colon = line.find(':');
    if (colon == line.npos) continue;
    if (header_of(trim(line.substr(0, colon))) != HeaderId::content_length) continue;
    out.count++;
    read_value(line.substr(colon + 1), out);
  }
  return out;
}

}  // namespace

void Framer::feed(View bytes) {
  if (failed_) return;
  release();
  if (start_ > 0) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  buffer_.append(bytes);
}

// Lets go of what the last answer showed, and of memory that an idle connection has no use for.
void Framer::release() {
  start_ += taken_;
  taken_ = 0;
  if (start_ < buffer_.size()) return;
  buffer_.clear();
  start_ = 0;
  if (buffer_.capacity() > limits::kStrangerBytes) std::string().swap(buffer_);
}

Framed Framer::fail(View reason, int status) {
  failed_ = true;
  fault_ = {ParseFault::Kind::bad, status, reason, false};
  return {Framed::Kind::error, {buffer_.data() + start_, head_}, fault_};
}

Framed Framer::next() {
  if (failed_) return {Framed::Kind::error, {}, fault_};
  release();
  Framed out;
  if (head_ == 0) {
    if (skip_empty_lines(out)) return out;
    if (!find_head()) {
      if (buffered() > limit_) return fail("Message Too Large", 513);
      return {};
    }
    if (head_ > limit_) return fail("Message Too Large", 513);
    const View head = pending().substr(0, head_);
    const Length length = find_length(head);
    if (length.count == 0) return fail("Missing Content-Length", 400);
    if (length.count > 1) return fail("Repeated Content-Length", 400);
    if (!length.good) return fail("Bad Content-Length", 400);
    if (length.value > limits::kMessageBytes || length.value > limit_ - head_) {
      return fail("Message Too Large", 513);
    }
    body_ = static_cast<size_t>(length.value);
  }
  if (buffered() < head_ + body_) return {};
  taken_ = head_ + body_;
  out.kind = Framed::Kind::message;
  out.bytes = {buffer_.data() + start_, taken_};
  head_ = searched_ = 0;
  return out;
}

// Between messages: CRLF CRLF is a ping, a single CRLF nothing (RFC 5626 §3.5.1, RFC 3261 §7.5).
// True when `out` is the answer; it may be need_more, as long as the second CRLF can still come.
bool Framer::skip_empty_lines(Framed& out) {
  for (;;) {
    const View rest = pending();
    if (rest.empty()) return true;
    if (rest.front() != '\r' && rest.front() != '\n') return false;
    const size_t known = std::min(rest.size(), kEndOfHead.size());
    if (rest.substr(0, known) == kEndOfHead.substr(0, known)) {
      if (known == kEndOfHead.size()) {
        out.kind = Framed::Kind::keepalive_ping;
        taken_ = known;
      }
      return true;
    }
    if (!rest.starts_with("\r\n")) {
      out = fail("Not SIP", 400);
      return true;
    }
    start_ += 2;
  }
}

bool Framer::find_head() {
  const View rest = pending();
  const size_t from = searched_ > 3 ? searched_ - 3 : 0;
  const size_t at = rest.find(kEndOfHead, from);
  searched_ = rest.size();
  if (at == rest.npos) return false;
  head_ = at + kEndOfHead.size();
  return true;
}

}  // namespace carillon::sip
