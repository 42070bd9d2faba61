#include "sip/message/multipart.h"

#include "base/text.h"
#include "sip/message/content_type.h"

namespace carillon::sip {

namespace {

View unquoted(View value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

// Takes the next line off `text`; CRLF or LF.
View take_line(View& text) {
  const size_t end = text.find('\n');
  View line = text.substr(0, end);
  text.remove_prefix(end == View::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// Header lines up to the empty one. Folded lines are not joined: what they go on with is not ours to know.
void read_headers(View& text, Part& part) {
  while (!text.empty()) {
    const View line = take_line(text);
    if (line.empty()) return;
    const size_t colon = line.find(':');
    if (colon == View::npos) continue;
    const View name = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
    if (iequals(name, "Content-Type") || iequals(name, "c")) part.content_type = value;
    if (iequals(name, "Content-Disposition")) part.disposition = value;
    if (iequals(name, "Content-Transfer-Encoding")) part.encoding = value;
  }
}

}  // namespace

Multipart::Multipart(View content_type, View body) : body_(body) {
  const auto type = ContentType::parse(content_type);
  if (!type || !iequals(type->type, "multipart")) return;
  const auto boundary = type->param("boundary");
  if (!boundary) return;
  boundary_ = unquoted(*boundary);
  if (boundary_.size() > kMaxBoundary) boundary_ = {};
}

size_t Multipart::delimiter(size_t from, size_t& after, bool& last) const {
  for (size_t at = body_.find("--", from); at != View::npos; at = body_.find("--", at + 1)) {
    const bool begins = at == 0 || body_[at - 1] == '\n';
    if (!begins || body_.substr(at + 2, boundary_.size()) != boundary_) continue;
    View rest = body_.substr(at + 2 + boundary_.size());
    last = rest.substr(0, 2) == "--";
    if (last) rest.remove_prefix(2);
    if (!trim(take_line(rest)).empty()) continue;  // another boundary that begins like this one
    after = body_.size() - rest.size();
    return at;
  }
  return View::npos;
}

bool Multipart::next(Part& part) {
  if (!good() || over_) return false;
  size_t after = 0;
  bool last = false;
  if (!begun_) {
    begun_ = true;
    if (delimiter(0, after, last) == View::npos || last) return over_ = true, false;
    at_ = after;
  }
  if (++count_ > kMaxParts) return over_ = true, false;
  const size_t end = delimiter(at_, after, last);
  if (end == View::npos) return over_ = true, false;  // RFC 2046 §5.1.1: a part ends at a delimiter
  View text = body_.substr(at_, end - at_);
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);  // the line break belongs to the delimiter
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  part = {};
  read_headers(text, part);
  part.body = text;
  at_ = after;
  over_ = last;
  return true;
}

}  // namespace carillon::sip
