#include "sip/scan.h"

#include <optional>

#include "base/text.h"
#include "sip/message/chars.h"
#include "sip/message/header_lookup.h"

namespace carillon::sip {
namespace {

// Folded lines have not been joined here, so line ends count as blanks.
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

View stripped(View s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

void skip_spaces(View& s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
}

View take_token(View& s) {
  const char* const stop = chars::skip(s.data(), s.data() + s.size(), chars::kToken);
  const View token = s.substr(0, static_cast<size_t>(stop - s.data()));
  s.remove_prefix(token.size());
  return token;
}

// Past a quoted string that `s` begins with; all of it when it does not end.
void skip_quoted(View& s) {
  size_t i = 1;
  while (i < s.size() && s[i] != '"') i += s[i] == '\\' ? 2 : 1;
  s.remove_prefix(i < s.size() ? i + 1 : s.size());
}

// The value of a parameter of one header value; `s` begins before its first ';'.
View param(View s, View wanted) {
  while (!s.empty() && s.front() != ',') {
    if (s.front() == '"') {
      skip_quoted(s);
      continue;
    }
    const bool mark = s.front() == ';';
    s.remove_prefix(1);
    if (!mark) continue;
    skip_spaces(s);
    const View name = take_token(s);
    if (!iequals(name, wanted)) continue;
    skip_spaces(s);
    if (s.empty() || s.front() != '=') continue;
    s.remove_prefix(1);
    skip_spaces(s);
    return take_token(s);
  }
  return {};
}

struct Party {
  View uri, params;
};

// name-addr or addr-spec with parameters.
Party party(View s) {
  skip_spaces(s);
  if (!s.empty() && s.front() == '"') skip_quoted(s);
  size_t open = 0;
  while (open < s.size() && s[open] != '<' && s[open] != ';') open++;
  if (open < s.size() && s[open] == '<') {
    s.remove_prefix(open + 1);
    const View uri = s.substr(0, s.find('>'));
    s.remove_prefix(uri.size());
    return {uri, s};
  }
  return {stripped(s.substr(0, open)), s.substr(open)};
}

View user_of(View uri) {
  const size_t colon = uri.find(':');
  if (colon == uri.npos) return {};
  const View scheme = uri.substr(0, colon);
  if (!iequals(scheme, "sip") && !iequals(scheme, "sips")) return {};
  uri.remove_prefix(colon + 1);
  const size_t at = uri.find('@');
  if (at == uri.npos) return {};
  return uri.substr(0, at).substr(0, uri.find(':'));
}

class Scanner {
 public:
  explicit Scanner(View text) : rest_(text) {}

  Scan run() {
    while (!rest_.empty() && (rest_.front() == '\r' || rest_.front() == '\n')) {
      rest_.remove_prefix(1);
    }
    if (!start_line(line())) return {};
    while (found_ != kAll) {
      const View text = line();
      if (text.empty()) return {};
      header(text);
    }
    if (!out_.request) out_.method = cseq_method_;
    out_.sip = !out_.call_id.empty() && !out_.method.empty();
    return out_;
  }

 private:
  enum Found : unsigned { kVia = 1, kFrom = 2, kTo = 4, kCallId = 8, kCSeq = 16, kAll = 31 };

  // The next line without its end, folded ones joined to it; empty at the end of the headers.
  View line() {
    size_t end = 0;
    for (;;) {
      end = rest_.find('\n', end);
      if (end == rest_.npos) break;
      if (end + 1 == rest_.size() || !chars::is_blank(rest_[end + 1])) break;
      end++;
    }
    if (end == rest_.npos) {
      rest_ = {};
      return {};
    }
    View text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    return text;
  }

  bool start_line(View text) {
    if (text.size() > 11 && iequals(text.substr(0, 4), "SIP/")) {
      const size_t gap = text.find(' ');
      const auto status = gap == text.npos ? std::optional<int>() : to_number<int>(text.substr(gap + 1, 3));
      if (!status || *status < 100 || *status > 699) return false;
      out_.status = *status;
      return true;
    }
    const size_t gap = text.find(' ');
    if (gap == text.npos || gap == 0) return false;
    if (text.find("SIP/") == text.npos && text.find("sip/") == text.npos) return false;
    out_.request = true;
    out_.method = text.substr(0, gap);
    return chars::is_token(out_.method);
  }

  void header(View text) {
    switch (ascii_lower(text.front())) {  // only these letters begin a name that we look for
      case 'v':
      case 'f':
      case 't':
      case 'c':
      case 'i':
        break;
      default:
        return;
    }
    const size_t colon = text.find(':');
    if (colon == text.npos) return;
    const HeaderId id = header_without_controls(trim(text.substr(0, colon)));
    const View value = text.substr(colon + 1);
    switch (id) {
      case HeaderId::via:
        if ((found_ & kVia) == 0) out_.branch = param(value, "branch");
        found_ |= kVia;
        break;
      case HeaderId::from:
        out_.from_tag = param(party(value).params, "tag");
        found_ |= kFrom;
        break;
      case HeaderId::to: {
        const Party to = party(value);
        out_.to_tag = param(to.params, "tag");
        out_.to_user = user_of(to.uri);
        found_ |= kTo;
        break;
      }
      case HeaderId::call_id:
        out_.call_id = stripped(value);
        found_ |= kCallId;
        break;
      case HeaderId::cseq:
        cseq(stripped(value));
        break;
      default:
        break;
    }
  }

  void cseq(View value) {
    while (!value.empty() && chars::is(value.front(), chars::kDigit)) value.remove_prefix(1);
    skip_spaces(value);
    cseq_method_ = take_token(value);
    found_ |= kCSeq;
  }

  View rest_;
  Scan out_;
  View cseq_method_;
  unsigned found_ = 0;
};

}  // namespace

Scan scan(std::string_view datagram) { return Scanner(datagram).run(); }

}  // namespace carillon::sip
