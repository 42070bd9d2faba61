// Start line, mandatory headers and body of a message; the lines between are read in
// parser_lines.cc.
#include "sip/message/parser.h"

#include "base/limits.h"
#include "base/text.h"
#include "sip/message/read.h"
#include "sip/message/reasons.h"

namespace carillon::sip {

ParseFault Message::parse(std::span<char> bytes, Framing framing) { return MessageParser(*this, bytes, framing).run(); }

ParseFault MessageParser::run() {
  reset();
  const ParseFault out = read();
  if (out.kind == ParseFault::Kind::not_sip) forget();
  return out;
}

// Nothing of an earlier message is left when this one was not looked into.
void MessageParser::forget() {
  m_.top_via_ = Via();
  m_.from_ = m_.to_ = NameAddr();
  m_.cseq_ = CSeq();
}

ParseFault MessageParser::read() {
  if (p_ == end_) return {ParseFault::Kind::not_sip, 400, "Empty", false};
  if (static_cast<size_t>(end_ - p_) > limits::kMessageBytes) {
    forget();
    return {ParseFault::Kind::bad, 513, "Message Too Large", false};
  }
  char* const begin = p_;
  if (!start_line()) return {ParseFault::Kind::not_sip, 400, "Not SIP", false};
  header_lines();
  mandatory();
  content();
  m_.bytes_ = {begin, static_cast<size_t>(p_ - begin)};
  if (fault_.kind == ParseFault::Kind::bad) {
    fault_.answerable = m_.request_ && m_.method_ != Method::ack && !m_.top_via_.host.empty();
  }
  return fault_;
}

void MessageParser::reset() {
  Message& m = m_;
  m.bytes_ = m.body_ = m.method_name_ = m.request_uri_ = m.reason_ = m.call_id_ = View();
  m.from_tag_ = m.to_tag_ = View();
  m.status_ = 0;
  m.method_ = Method::other;
  m.request_ = false;
  // Cheaper than clearing all of first_: few of its places are used.
  for (const Header& h : m.headers()) m.first_[static_cast<size_t>(h.id)] = 0;
  m.count_ = 0;
  // Empty lines before the start line are passed over (RFC 3261 §7.5).
  while (p_ < end_ && (*p_ == '\r' || *p_ == '\n')) p_++;
}

void MessageParser::fault(View reason, int status) {
  if (fault_.kind != ParseFault::Kind::none) return;
  fault_ = {ParseFault::Kind::bad, status, reason, false};
}

// Request-Line = Method SP Request-URI SP SIP-Version, with exactly these blanks (RFC 3261 §7.1).
bool MessageParser::request_line(View line) {
  const size_t gap = line.find(' ');
  const size_t last = line.rfind(' ', line.find_last_not_of(" \t"));
  if (gap == line.npos || gap == 0 || !chars::is_token(line.substr(0, gap))) return false;
  m_.request_ = true;
  m_.method_name_ = line.substr(0, gap);
  m_.method_ = method_of(m_.method_name_);
  if (last <= gap) {
    fault("Bad Request Line");
    return true;
  }
  m_.request_uri_ = line.substr(gap + 1, last - gap - 1);
  version(line.substr(last + 1));
  uri(m_.request_uri_);
  return true;
}

void MessageParser::version(View text) {
  if (text == "SIP/2.0" || iequals(text, "SIP/2.0")) return;
  Cursor c(text);
  const bool sip = iequals(c.token(), "SIP") && c.eat('/');
  const bool number = sip && !c.run(chars::kDigit).empty() && c.eat('.') && !c.run(chars::kDigit).empty() && c.done();
  if (number) {
    fault("Version Not Supported", 505);
  } else {
    fault("Bad Request Line");
  }
}

void MessageParser::uri(View text) {
  if (text.size() > limits::kHeaderBytes) return fault("Request-URI Too Long", 414);
  Uri uri;
  // Headers may not stand in a Request-URI (RFC 3261 §19.1.1, table 1).
  if (!read_uri(text, uri) || !uri.headers.empty()) fault("Bad Request-URI");
}

// Status-Line = SIP-Version SP 3DIGIT SP Reason-Phrase (RFC 3261 §7.2). The last blank may be
// missing with the phrase.
void MessageParser::status_line(View line) {
  const size_t gap = line.find(' ');
  if (gap == line.npos) return fault("Bad Status Line");
  version(line.substr(0, gap));
  const View rest = line.substr(gap + 1);
  const View code = rest.substr(0, 3);
  const auto status = to_number<uint16_t>(code);
  if (!status || code.size() != 3 || *status < 100 || *status > 699 || (rest.size() > 3 && rest[3] != ' ')) {
    return fault("Bad Status Line");
  }
  m_.status_ = *status;
  if (rest.size() > 4) m_.reason_ = rest.substr(4);
}

const Header* MessageParser::need(HeaderId id) {
  const Header* h = m_.find(id);
  if (h == nullptr) fault(missing_header(id));
  return h;
}

void MessageParser::address(HeaderId id, NameAddr& out, View& tag) {
  const Header* h = need(id);
  if (h != nullptr) {
    Cursor c(h->value);
    if (read_name_addr(c, out, tag) && c.finished()) return;
    fault(bad_header(id));
  }
  out = NameAddr();
  tag = View();
}

void MessageParser::cseq() {
  m_.cseq_ = CSeq();
  const Header* h = need(HeaderId::cseq);
  if (h == nullptr) return;
  const auto cseq = CSeq::parse(h->value);
  if (!cseq) return fault(bad_header(HeaderId::cseq));
  m_.cseq_ = *cseq;
  if (!m_.request_) {
    m_.method_ = cseq->method;
    m_.method_name_ = cseq->method_name;
  } else if (cseq->method_name != m_.method_name_) {
    fault("CSeq Method Mismatch");
  }
}

void MessageParser::mandatory() {
  if (const Header* via = need(HeaderId::via)) {
    Cursor c(via->value);
    if (!read_via(c, m_.top_via_) || (!c.finished() && *c.p != ',')) {
      fault(bad_header(HeaderId::via));
    }
  } else {
    m_.top_via_ = Via();
  }
  address(HeaderId::from, m_.from_, m_.from_tag_);
  address(HeaderId::to, m_.to_, m_.to_tag_);
  if (const Header* id = need(HeaderId::call_id)) {
    if (is_call_id(id->value)) {
      m_.call_id_ = id->value;
    } else {
      fault(bad_header(HeaderId::call_id));
    }
  }
  cseq();
}

// RFC 3261 §18.3: on a stream the length must be there and right; a datagram is cut to it.
void MessageParser::content() {
  m_.body_ = {p_, static_cast<size_t>(end_ - p_)};
  const Header* length = m_.find(HeaderId::content_length);
  if (length != nullptr) {
    content_length(length->value);
  } else if (framing_ == Framing::stream) {
    fault(missing_header(HeaderId::content_length));
  }
  if (m_.body_.size() > limits::kBodyBytes) fault("Body Too Large", 413);
  p_ += m_.body_.size();
}

void MessageParser::content_length(View value) {
  if (!chars::is_number(value)) return fault(bad_header(HeaderId::content_length));
  const auto length = to_number<uint64_t>(value);
  if (!length || *length > m_.body_.size()) {
    // A stream gives whole messages, and the heads of those that are larger than we take; no message has 2 GiB.
    const bool large = framing_ == Framing::stream && length && *length > limits::kBodyBytes && *length <= INT32_MAX;
    return large ? fault("Message Too Large", 513) : fault("Content-Length Beyond Message");
  }
  if (framing_ == Framing::stream && *length != m_.body_.size()) {
    return fault("Content-Length Mismatch");
  }
  m_.body_ = m_.body_.substr(0, *length);
}

// word [ "@" word ] (RFC 3261 §20.8)
bool is_call_id(View s) {
  Cursor c(s);
  if (c.run(chars::kWord).empty()) return false;
  if (c.eat('@') && c.run(chars::kWord).empty()) return false;
  return c.done();
}

}  // namespace carillon::sip
