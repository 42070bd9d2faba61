#include "sip/message/writer.h"

#include "sip/message/chars.h"

namespace carillon::sip {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

void append_escape(std::string& to, char c) {
  const auto byte = static_cast<unsigned char>(c);
  to += '%';
  to += kHexDigits[byte >> 4];
  to += kHexDigits[byte & 15];
}

void append_token(std::string& to, View token) {
  if (chars::is_token(token)) {
    to += token;
    return;
  }
  for (const char c : token) to += chars::is(c, chars::kToken) ? c : '-';
}

// Appends runs of `classes` as they are and gives the bytes between them to f(char).
template <typename F>
void append_runs(std::string& to, View text, unsigned classes, F&& f) {
  const char* p = text.data();
  const char* const end = p + text.size();
  for (;;) {
    const char* const stop = chars::skip(p, end, classes);
    to.append(p, stop);
    if (stop == end) return;
    f(*stop);
    p = stop + 1;
  }
}

void append_string(std::string& to, View text) {
  to += '"';
  append_runs(to, text, chars::kQuoted, [&to](char c) {
    if (c == '"' || c == '\\') to += '\\';
    to += chars::is_control(c) ? ' ' : c;
  });
  to += '"';
}

}  // namespace

void append_clean(std::string& to, View text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  for (;;) {
    const char* const stop = chars::next_control(p, end);
    to.append(p, stop);
    if (stop == end) return;
    to += *stop == '\t' ? '\t' : ' ';
    p = stop + 1;
  }
}

void append_uri(std::string& to, View uri) {
  append_runs(to, uri, chars::kBracketed, [&to](char c) { append_escape(to, c); });
}

void append_user(std::string& to, View user) {
  append_runs(to, user, chars::kUser, [&to](char c) { append_escape(to, c); });
}

void append_quoted(std::string& to, View name) {
  if (!name.empty()) append_string(to, name);
}

Writer& Writer::request_line(View method, View uri) {
  append_token(to_, method);
  to_ += ' ';
  append_uri(to_, uri);
  to_ += " SIP/2.0\r\n";
  return *this;
}

Writer& Writer::status_line(int status, View reason) {
  to_ += "SIP/2.0 ";
  append_number(to_, static_cast<uint64_t>(status));
  to_ += ' ';
  append_clean(to_, reason.empty() ? reason_of(status) : reason);
  return end();
}

Writer& Writer::header(HeaderId id, View value) { return begin(id).text(value).end(); }

Writer& Writer::header(View name, View value) {
  append_token(to_, name);
  to_ += ": ";
  return text(value).end();
}

Writer& Writer::number(HeaderId id, uint64_t value) { return begin(id).number(value).end(); }

Writer& Writer::cseq(uint32_t number, View method) {
  begin(HeaderId::cseq).number(number);
  to_ += ' ';
  append_token(to_, method);
  return end();
}

Writer& Writer::name_addr(HeaderId id, View display, View uri, View params) {
  begin(id).address(display, uri);
  if (!params.empty()) {
    to_ += ';';
    text(params);
  }
  return end();
}

Writer& Writer::begin(HeaderId id) {
  to_ += info_of(id).name;
  to_ += ": ";
  return *this;
}

Writer& Writer::text(View piece) {
  append_clean(to_, piece);
  return *this;
}

Writer& Writer::number(uint64_t value) {
  append_number(to_, value);
  return *this;
}

Writer& Writer::quoted(View piece) {
  append_string(to_, piece);
  return *this;
}

Writer& Writer::address(View display, View uri) {
  append_quoted(to_, display);
  to_ += display.empty() ? "<" : " <";
  append_uri(to_, uri);
  to_ += '>';
  return *this;
}

Writer& Writer::end() {
  to_ += "\r\n";
  return *this;
}

Writer& Writer::lines(View whole) {
  to_ += whole;
  return *this;
}

Writer& Writer::body(View content_type, View body) {
  if (!body.empty() && !content_type.empty()) header(HeaderId::content_type, content_type);
  number(HeaderId::content_length, body.size()).end();
  to_ += body;
  return *this;
}

}  // namespace carillon::sip
