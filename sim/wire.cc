#include "wire.h"

#include "base/text.h"

namespace carillon::sim {
namespace {

View full_name(View name) {
  if (name.size() != 1) return name;
  switch (ascii_lower(name[0])) {
    case 'v':
      return "Via";
    case 'f':
      return "From";
    case 't':
      return "To";
    case 'i':
      return "Call-ID";
    case 'm':
      return "Contact";
    case 'l':
      return "Content-Length";
    case 'c':
      return "Content-Type";
    case 'k':
      return "Supported";
    case 'x':
      return "Session-Expires";
    case 's':
      return "Subject";
    default:
      return name;
  }
}

// Position of the first of `stops` outside quotes and angle brackets, or npos.
size_t find_outside(View s, View stops, size_t from = 0) {
  bool quoted = false;
  int depth = 0;
  for (size_t i = from; i < s.size(); i++) {
    const char c = s[i];
    if (quoted) {
      if (c == '\\') i++;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '<') depth++;
    if (c == '>' && depth > 0) depth--;
    if (depth == 0 && stops.find(c) != View::npos) return i;
  }
  return View::npos;
}

}  // namespace

std::optional<Msg> Msg::read(View bytes) {
  Msg m;
  m.bytes_ = std::make_shared<const std::string>(bytes);
  if (!m.split() || !m.fields()) return {};
  return m;
}

bool Msg::split() {
  const View all = *bytes_;
  const size_t end = all.find("\r\n\r\n");
  if (end == View::npos) return false;
  body = all.substr(end + 4);
  View head = all.substr(0, end + 2);
  size_t eol = head.find("\r\n");
  const View start = head.substr(0, eol);
  head.remove_prefix(eol + 2);
  const size_t space = start.find(' ');
  const size_t space2 = start.find(' ', space + 1);
  if (space == View::npos || space2 == View::npos) return false;
  if (start.substr(0, space) == "SIP/2.0") {
    status = static_cast<int>(number_or(start.substr(space + 1, space2 - space - 1), 0));
    reason = start.substr(space2 + 1);
    if (status < 100 || status > 699) return false;
  } else {
    if (start.substr(space2 + 1) != "SIP/2.0") return false;
    request = true;
    method = start.substr(0, space);
    uri = start.substr(space + 1, space2 - space - 1);
  }
  headers_.reserve(16);
  while (!head.empty()) {
    eol = head.find("\r\n");
    const View line = head.substr(0, eol);
    head.remove_prefix(eol + 2);
    const size_t colon = line.find(':');
    if (colon == View::npos) return false;
    headers_.emplace_back(full_name(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  }
  return true;
}

bool Msg::fields() {
  call_id = get("Call-ID");
  from_tag = param_or(get("From"), "tag", "");
  to_tag = param_or(get("To"), "tag", "");
  const View via = get("Via");
  const size_t comma = find_outside(via, ",");
  top_via = via.substr(0, comma);
  branch = param_or(top_via, "branch", "");
  const View sequence = get("CSeq");
  const size_t space = sequence.find(' ');
  if (call_id.empty() || top_via.empty() || space == View::npos || !has("From") || !has("To")) return false;
  cseq = number_or(sequence.substr(0, space), 0);
  if (!request) method = trim(sequence.substr(space + 1));
  const uint32_t length = number_or(get("Content-Length"), static_cast<uint32_t>(body.size()));
  if (length > body.size()) return false;
  body = body.substr(0, length);
  return true;
}

View Msg::get(View name) const {
  for (const auto& [n, v] : headers_) {
    if (iequals(n, name)) return v;
  }
  return {};
}

bool Msg::has(View name) const {
  for (const auto& [n, v] : headers_) {
    if (iequals(n, name)) return true;
  }
  return false;
}

std::vector<View> Msg::values(View name) const {
  std::vector<View> all;
  for (const auto& [n, v] : headers_) {
    if (!iequals(n, name)) continue;
    for (View one : split_list(v)) all.push_back(one);
  }
  return all;
}

bool Msg::lists(View name, View token) const {
  for (View v : values(name)) {
    if (iequals(v, token)) return true;
  }
  return false;
}

std::optional<View> param_of(View value, View name) {
  size_t at = find_outside(value, ";");
  while (at != View::npos) {
    const size_t end = find_outside(value, ";,", at + 1);
    const View pair = trim(value.substr(at + 1, end == View::npos ? end : end - at - 1));
    const size_t equals = pair.find('=');
    if (iequals(trim(pair.substr(0, equals)), name)) {
      return equals == View::npos ? View() : trim(pair.substr(equals + 1));
    }
    at = end != View::npos && value[end] == ';' ? end : View::npos;
  }
  return {};
}

View param_or(View value, View name, View other) {
  const auto found = param_of(value, name);
  return found ? *found : other;
}

View uri_of(View name_addr) {
  const size_t open = name_addr.find('<');
  if (open != View::npos) {
    const size_t close = name_addr.find('>', open);
    return name_addr.substr(open + 1, close == View::npos ? close : close - open - 1);
  }
  return trim(name_addr.substr(0, name_addr.find(';')));
}

View user_of(View uri) {
  const size_t colon = uri.find(':');
  const size_t at = uri.find('@');
  if (colon == View::npos || at == View::npos || at < colon) return {};
  const View user = uri.substr(colon + 1, at - colon - 1);
  return user.substr(0, user.find_first_of(":;"));
}

View host_port_of(View uri) {
  const size_t at = uri.find('@');
  const size_t space = uri.find(' ');
  View rest = uri;
  if (at != View::npos) {
    rest = uri.substr(at + 1);
  } else if (space != View::npos) {
    rest = trim(uri.substr(space + 1));
  } else if (uri.find(':') != View::npos) {
    rest = uri.substr(uri.find(':') + 1);
  }
  return trim(rest.substr(0, rest.find_first_of(";?>")));
}

View auth_param(View header, View name) {
  const size_t scheme = header.find(' ');
  if (scheme == View::npos) return {};
  for (View pair : split_list(header.substr(scheme + 1))) {
    const size_t equals = pair.find('=');
    if (equals == View::npos || !iequals(trim(pair.substr(0, equals)), name)) continue;
    View value = trim(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

std::vector<View> split_list(View text) {
  std::vector<View> all;
  while (true) {
    const size_t comma = find_outside(text, ",");
    const View one = trim(text.substr(0, comma));
    if (!one.empty()) all.push_back(one);
    if (comma == View::npos) return all;
    text.remove_prefix(comma + 1);
  }
}

std::vector<View> split_lines(View text) {
  std::vector<View> all;
  while (!text.empty()) {
    const size_t eol = text.find('\n');
    View line = text.substr(0, eol);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    all.push_back(line);
    if (eol == View::npos) break;
    text.remove_prefix(eol + 1);
  }
  return all;
}

uint32_t number_or(View text, uint32_t other) { return to_number<uint32_t>(text).value_or(other); }

std::optional<std::string> StreamReader::next() {
  for (View keepalive : {View("\r\n\r\n"), View("\r\n")}) {
    if (View(buffer_).substr(0, keepalive.size()) == keepalive) {
      buffer_.erase(0, keepalive.size());
      return std::string(keepalive);
    }
  }
  const size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  size_t length = 0;
  for (View line : split_lines(View(buffer_).substr(0, end))) {
    const size_t colon = line.find(':');
    if (colon != View::npos && full_name(trim(line.substr(0, colon))) == "Content-Length") {
      length = number_or(trim(line.substr(colon + 1)), 0);
    }
  }
  if (buffer_.size() < end + 4 + length) return {};
  std::string message = buffer_.substr(0, end + 4 + length);
  buffer_.erase(0, message.size());
  return message;
}

}  // namespace carillon::sim
