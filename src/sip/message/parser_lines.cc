// Splitting a message into lines (RFC 3261 §7.3.1, §25.1): one search for control bytes finds the
// ends and what may not stand in a line at all.
#include <cstring>

#include "base/limits.h"
#include "base/text.h"
#include "sip/message/chars.h"
#include "sip/message/header_lookup.h"
#include "sip/message/parser.h"
#include "sip/message/reasons.h"
#include "sip/message/rules.h"

namespace carillon::sip {
namespace {

// Headers of which RFC 3261 §20 allows one and that decide where a message belongs or ends.
constexpr bool stands_once(HeaderId id) {
  switch (id) {
    case HeaderId::from:
    case HeaderId::to:
    case HeaderId::call_id:
    case HeaderId::cseq:
    case HeaderId::content_length:
    case HeaderId::max_forwards:
      return true;
    default:
      return false;
  }
}

char* find_control(char* p, char* end) { return p + (chars::next_control(p, end) - p); }

// Are all control bytes of the line in quoted pairs of quoted strings?
bool only_quoted_controls(const char* p, const char* end) {
  bool quoted = false;
  for (; p < end; p++) {
    if (quoted && *p == '\\' && end - p >= 2 && p[1] != '\r' && p[1] != '\n') {
      p++;
    } else if (*p == '"') {
      quoted = !quoted;
    } else if (chars::is_control(*p) && *p != '\t') {
      return false;
    }
  }
  return true;
}

// The same where quotes alone do not tell: they may stand in a comment or a Call-ID.
bool controls_allowed(View line, View name, View value) {
  if (only_quoted_controls(line.data(), line.data() + line.size())) return true;
  const Rule& rule = rule_of(header_of(name));
  return rule.form != Rule::Form::free && count_values(rule, value) >= 0;
}

// So that nobody passes them on.
void blank_controls(char* p, char* end) {
  for (; p < end; p++) {
    if (chars::is_control(*p)) *p = ' ';
  }
}

View trimmed(const char* begin, const char* end) {
  while (begin < end && chars::is_blank(*begin)) begin++;
  while (begin < end && chars::is_blank(end[-1])) end--;
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

// A SIP start line, or false when these bytes are not SIP at all.
bool MessageParser::start_line() {
  char* const begin = p_;
  char* end = find_control(begin, end_);
  while (end < end_ && *end == '\t') end = find_control(end + 1, end_);
  if (end == end_ || static_cast<size_t>(end - begin) < 8) return false;
  const View line(begin, static_cast<size_t>(end - begin));
  if (*end == '\r' && end + 1 < end_ && end[1] == '\n') {
    p_ = end + 2;
  } else if (*end == '\n' && framing_ == Framing::datagram) {
    newline_ = 1;
    p_ = end + 1;
  } else {
    if (line.find("SIP/") == line.npos) return false;
    fault("Control Byte In Start Line");
    p_ = end;
    char* const stop = line_end();
    p_ = stop == nullptr ? end_ : next_;
  }
  if (line.size() > 4 && line[3] == '/' && iequals(line.substr(0, 4), "SIP/")) {
    status_line(line);
    return true;
  }
  const bool named = line.find("SIP/") != line.npos || line.find("sip/") != line.npos;
  return named && request_line(line);
}

void MessageParser::header_lines() {
  while (!ended_ && header_line()) continue;
  if (!ended_) fault("No End Of Headers");
}

// One line; false when there is no more.
bool MessageParser::header_line() {
  if (p_ == end_) return false;
  if (*p_ == (newline_ == 2 ? '\r' : '\n') && static_cast<size_t>(end_ - p_) >= newline_ &&
      p_[newline_ - 1] == '\n') {
    p_ += newline_;
    ended_ = true;
    return true;
  }
  controls_ = false;
  fold_ = nullptr;
  char* const begin = p_;
  char* const end = line_end();
  if (end == nullptr) {
    p_ = end_;
    return false;
  }
  p_ = next_;
  const char* const colon = chars::find_byte(begin, end, ':');
  if (colon == end) {
    fault("Header Without Colon");
    return true;
  }
  if (fold_ != nullptr && fold_ < colon) fault("Header Without Colon");  // HCOLON has no line end
  const char* name_end = colon;
  while (name_end > begin && chars::is_blank(name_end[-1])) name_end--;
  const View name(begin, static_cast<size_t>(name_end - begin));
  const View value = trimmed(colon + 1, end);
  if (controls_ && !controls_allowed({begin, static_cast<size_t>(end - begin)}, name, value)) {
    blank_controls(begin, end);
    fault("Control Byte In Header");
  }
  store(name, value);
  return true;
}

void MessageParser::store(View name, View value) {
  const HeaderId id = header_without_controls(name);
  if (id == HeaderId::unknown && !chars::is_token(name)) return fault("Bad Header Name");
  if (value.size() > limits::kHeaderBytes) return fault("Header Too Long");
  if (m_.count_ == limits::kHeaders) return fault("Too Many Headers");
  if (m_.count_ == m_.table_.size()) m_.table_.resize(m_.count_ == 0 ? 32 : limits::kHeaders);
  m_.table_[m_.count_++] = {id, name, value};
  uint16_t& first = m_.first_[static_cast<size_t>(id)];
  if (first == 0) {
    first = static_cast<uint16_t>(m_.count_);
  } else if (stands_once(id)) {
    fault(repeated_header(id));
  }
}

// The end of the line at p_, folded lines joined to it (§7.3.1); sets next_. Null when it does not
// end.
char* MessageParser::line_end() {
  char* const at = find_control(p_, end_);
  if (end_ - at > 2 && at[0] == '\r' && at[1] == '\n' && !chars::is_blank(at[2])) {
    if (newline_ == 2) {
      next_ = at + 2;
      return at;
    }
  }
  return hard_line_end(at);
}

char* MessageParser::hard_line_end(char* at) {
  while (at < end_) {
    const bool line_feed = newline_ == 1 && *at == '\n';
    const bool both = newline_ == 2 && *at == '\r' && end_ - at >= 2 && at[1] == '\n';
    if (line_feed || both) {
      if (static_cast<size_t>(end_ - at) == newline_ || !chars::is_blank(at[newline_])) {
        next_ = at + newline_;
        return at;
      }
      if (fold_ == nullptr) fold_ = at;
      std::memset(at, ' ', newline_);
      at += newline_;
    } else if (*at != '\t') {
      controls_ = true;
    }
    at = find_control(at + 1, end_);
  }
  return nullptr;
}

}  // namespace carillon::sip
