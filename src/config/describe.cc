#include "config/describe.h"

#include "base/text.h"

namespace carillon::config {

namespace {

bool alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

bool is_userid(View v) {
  for (const char c : v) {
    if (!alnum(c) && View("._-+@$&=*!~'").find(c) == View::npos) return false;
  }
  return true;
}

bool is_number(View v) {
  if (!v.empty() && v.front() == '+') v.remove_prefix(1);
  for (const char c : v) {
    if (!digit(c) && c != '*' && c != '#') return false;
  }
  return !v.empty();
}

bool is_device(View v) {
  for (const char c : v) {
    if (!alnum(c) && View("._-").find(c) == View::npos) return false;
  }
  return true;
}

bool is_mask(View v) {
  for (const char c : v) {
    if (!digit(c) && View("+*#Xx").find(c) == View::npos) return false;
  }
  return true;
}

bool is_callers(View v) {
  if (!v.empty() && v.front() == '+') v.remove_prefix(1);
  if (!v.empty() && v.back() == '!') v.remove_suffix(1);
  for (const char c : v) {
    if (!digit(c) && c != '*' && c != '#' && c != 'X') return false;
  }
  return true;
}

bool is_name(View v) { return is_clean_utf8(v) && v.find_first_of(",;") == View::npos && trim(v).size() == v.size(); }

bool fits(View v, Charset charset) {
  switch (charset) {
    case Charset::name:
      return is_name(v);
    case Charset::userid:
      return is_userid(v);
    case Charset::number:
      return is_number(v);
    case Charset::device:
      return is_device(v);
    case Charset::mask:
      return is_mask(v);
    case Charset::callers:
      return is_callers(v);
    case Charset::text:
    case Charset::secret:
      return is_clean_utf8(v);
  }
  return false;
}

}  // namespace

View charset_words(Charset charset) {
  switch (charset) {
    case Charset::name:
      return "printable characters without comma, semicolon and blanks at the ends";
    case Charset::userid:
      return "letters, digits and . _ - + @ $ & = * ! ~ '";
    case Charset::number:
      return "digits, * and #, with an optional + in front";
    case Charset::device:
      return "letters, digits, dot, underscore and hyphen";
    case Charset::mask:
      return "digits, + * # and X";
    case Charset::callers:
      return "digits, * and #, with an optional + in front, X for any digit, and ! at the end for whatever follows";
    case Charset::text:
    case Charset::secret:
      return "printable characters";
  }
  return "";
}

View charset_pattern(Charset charset) {
  switch (charset) {
    case Charset::userid:
      return "^[A-Za-z0-9._+@$&=*!~'-]*$";
    case Charset::number:
      return "^\\+?[0-9*#]+$";
    case Charset::device:
      return "^[A-Za-z0-9._-]*$";
    case Charset::mask:
      return "^[0-9+*#Xx]*$";
    case Charset::callers:
      return "^\\+?[0-9*#X]*!?$";
    default:
      return "";
  }
}

std::string check_text(View value, const Rules& rules) {
  if (value.empty()) return "";
  if (value.size() > rules.max_length) {
    return "is too long: " + std::to_string(value.size()) + " bytes, at most " + std::to_string(rules.max_length);
  }
  if (fits(value, rules.charset)) return "";
  if (rules.charset == Charset::secret) return "may hold printable characters only";
  return "\"" + printable(value, 60) + "\" may hold " + std::string(charset_words(rules.charset)) + " only";
}

std::string join(std::span<const View> words) {
  std::string all;
  for (const View w : words) {
    if (!all.empty()) all += ", ";
    all += w;
  }
  return all;
}

std::vector<std::string> split_list(View text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(",;"), text.size());
    const View item = trim(text.substr(0, end));
    if (!item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

Fault fault_of(const Problems& problems) {
  Fault fault{FaultKind::invalid, "", ""};
  if (!problems.empty()) fault.kind = problems.front().kind, fault.field = problems.front().field;
  for (const Problem& p : problems) {
    if (!fault.text.empty()) fault.text += '\n';
    if (!p.field.empty()) fault.text += p.field + ": ";
    fault.text += p.text;
  }
  return fault;
}

}  // namespace carillon::config
