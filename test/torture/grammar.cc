// The lexical rules and the addresses.
#include "grammar.h"

#include <utility>
#include <vector>

namespace carillon::torture {
namespace {

using View = std::string_view;

constexpr View kAlpha = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr View kAlnum = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr View kHex = "0123456789abcdefABCDEF";
constexpr View kToken = "abcxyzABCXYZ0189-.!%*_+`'~";
constexpr View kWord = "abcxyzABCXYZ0189-.!%*_+`'~()<>:\\/\"[]?{}";
constexpr View kUser = "abcxyzABCXYZ0189-_.!~*'()&=+$,;?/";
constexpr View kPassword = "abcxyzABCXYZ0189-_.!~*'()&=+$,";
constexpr View kParam = "abcxyzABCXYZ0189-_.!~*'()[]/:&+$";
constexpr View kUriHeader = "abcxyzABCXYZ0189-_.!~*'()[]/?:+$";
constexpr View kUric = "abcxyzABCXYZ0189-_.!~*'();/?:@&=+$,";

}  // namespace

// Spaces, tabs and folds; none in most places.
std::string Grammar::sws() { return below(4) != 0 ? "" : lws(); }

std::string Grammar::lws() { return one_of({" ", " ", " ", "  ", "\t", " \t ", "\r\n ", " \r\n\t", "\t\r\n   "}); }

std::string Grammar::around(View separator) { return sws() + std::string(separator) + sws(); }

std::string Grammar::pick(View alphabet, uint32_t at_least, uint32_t at_most) {
  std::string out;
  for (uint32_t n = at_least + below(at_most - at_least + 1); n > 0; n--) {
    out += alphabet[below(static_cast<uint32_t>(alphabet.size()))];
  }
  return out;
}

std::string Grammar::one_of(std::initializer_list<const char*> choices) {
  return choices.begin()[below(static_cast<uint32_t>(choices.size()))];
}

std::string Grammar::token() { return pick(kToken, 1, 9); }
std::string Grammar::word() { return pick(kWord, 1, 12); }
std::string Grammar::digits(uint32_t at_most) { return pick("0123456789", 1, at_most); }

std::string Grammar::number(uint32_t limit) {
  return (below(5) == 0 ? pick("0", 1, 3) : "") + std::to_string(below(limit));
}

std::string Grammar::qvalue() {
  if (below(3) == 0) return one_of({"0", "1", "0.", "1.", "1.0", "1.000", "0.000"});
  return "0." + digits(3);
}

std::string Grammar::utf8() { return one_of({"\xc3\xa9", "\xd1\x80", "\xe5\xa4\xa7", "\xf0\x9f\x98\x80"}); }

std::string Grammar::quoted() {
  std::string out = "\"";
  for (uint32_t n = below(8); n > 0; n--) {
    switch (below(8)) {
      case 0:
        out += "\\" + pick("\"\\a;,<>@\x01\x7f", 1, 1);
        break;
      case 1:
        out += utf8();
        break;
      case 2:
        out += lws();
        break;
      case 3:
        out += pick(";,:<>@()?=/[]{}", 1, 2);
        break;
      default:
        out += pick(kAlnum, 1, 5);
    }
  }
  return out + "\"";
}

std::string Grammar::comment(int depth) {
  std::string out = "(";
  for (uint32_t n = below(4); n > 0; n--) {
    switch (below(6)) {
      case 0:
        out += "\\" + pick("()\\\"", 1, 1);
        break;
      case 1:
        out += depth < 3 ? comment(depth + 1) : "x";
        break;
      case 2:
        out += utf8();
        break;
      case 3:
        out += lws();
        break;
      default:
        out += pick("abc;,\"<>@", 1, 4);
    }
  }
  return out + ")";
}

std::string Grammar::escaped(View alphabet, uint32_t at_least, uint32_t at_most) {
  std::string out = pick(alphabet, at_least, at_most);
  if (below(3) == 0) out += "%" + pick(kHex, 2, 2);
  return out;
}

std::string Grammar::domain() {
  std::string out;
  for (uint32_t n = below(3); n > 0; n--) {
    out += pick(kAlnum, 1, 3) + (flip() ? "-" + pick(kAlnum, 1, 3) : "") + ".";
  }
  out += pick(kAlpha, 1, 1) + (flip() ? pick("a-0", 0, 3) + pick(kAlnum, 1, 1) : "");
  return out + (below(6) == 0 ? "." : "");
}

std::string Grammar::ipv4() {
  std::string out = std::to_string(below(256));
  for (int i = 0; i < 3; i++) out += "." + std::to_string(below(256));
  return out;
}

std::string Grammar::ipv6() {
  const auto groups = [this](uint32_t n) {
    std::string out;
    for (; n > 0; n--) out += (out.empty() ? "" : ":") + pick(kHex, 1, 4);
    return out;
  };
  switch (below(5)) {
    case 0:
      return "[" + groups(8) + "]";
    case 1:
      return "[::]";
    case 2:
      return "[" + groups(1 + below(4)) + "::" + groups(below(3)) + "]";
    case 3:
      return "[::ffff:" + ipv4() + "]";
    default:
      return "[" + groups(6) + ":" + ipv4() + "]";
  }
}

std::string Grammar::host() {
  switch (below(4)) {
    case 0:
      return ipv4();
    case 1:
      return ipv6();
    default:
      return domain();
  }
}

std::string Grammar::host_port(bool blanks) {
  std::string out = host();
  if (!flip()) return out;
  return out + (blanks ? around(":") : ":") + std::to_string(1 + below(65535));
}

std::string Grammar::sip_uri(bool headers) {
  std::string out = one_of({"sip:", "sips:", "SIP:", "sIpS:"});
  if (below(5) != 0) {
    out += escaped(kUser, 1, 10);
    if (below(5) == 0) out += ":" + escaped(kPassword, 0, 6);
    out += "@";
  }
  out += host_port(false);
  for (uint32_t n = below(3); n > 0; n--) {
    switch (below(6)) {
      case 0:
        out += ";transport=" + one_of({"udp", "tcp", "tls", "sctp", "ws", "x-y"});
        break;
      case 1:
        out += ";lr";
        break;
      case 2:
        out += ";user=" + one_of({"phone", "ip", "dialstring"});
        break;
      case 3:
        out += ";maddr=" + host();
        break;
      default:
        out += ";" + escaped(kParam, 1, 6) + (flip() ? "=" + escaped(kParam, 1, 6) : "");
    }
  }
  if (!headers || below(4) != 0) return out;
  out += "?";
  for (uint32_t n = below(2) + 1; n > 0; n--) {
    out += escaped(kUriHeader, 1, 5) + "=" + escaped(kUriHeader, 0, 5) + (n > 1 ? "&" : "");
  }
  return out;
}

std::string Grammar::tel_uri() {
  const std::string number =
      flip() ? "+" + pick("0123456789-.()", 0, 6) + digits(5) : pick("0123456789ABCDabcd*#-.()", 0, 5) + digits(4);
  return number[0] == '+' ? "tel:" + number : "tel:" + number + ";phone-context=example.com";
}

std::string Grammar::other_uri() {
  const std::string scheme = pick(kAlpha, 1, 1) + pick("abz019+-.", 1, 5) + "x";
  switch (below(4)) {
    case 0:
      return "http://" + host_port(false) + "/" + escaped(kUric, 0, 8);
    case 1:
      return "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    case 2:
      return scheme + "://" + domain() + "/" + escaped(kUric, 0, 6) + "?" + escaped(kUric, 1, 5);
    default:
      return scheme + ":" + escaped("abcxyz019-_.!~*'()", 1, 6) + escaped(kUric, 0, 6);
  }
}

std::string Grammar::uri() {
  switch (below(6)) {
    case 0:
      return tel_uri();
    case 1:
      return other_uri();
    default:
      return sip_uri(true);
  }
}

// Without ",", "?" and ";" it needs no brackets (RFC 3261 §20.10).
std::string Grammar::plain_uri() {
  if (below(5) == 0) return "tel:+" + digits(8);
  return one_of({"sip:", "sips:"}) + (flip() ? escaped("abcxyz019-_.!~*'()&=+$/", 1, 8) + "@" : "") + host_port(false);
}

std::string Grammar::display() {
  if (flip()) return quoted() + sws();
  std::string out;
  for (uint32_t n = below(3); n > 0; n--) out += token() + lws();
  return out;
}

std::string Grammar::name_addr() { return display() + sws() + "<" + uri() + ">"; }
std::string Grammar::address() { return below(3) == 0 ? plain_uri() : name_addr(); }

std::string Grammar::generic_param() {
  // Names of our own, so that no parameter with a grammar of its own is hit.
  std::string out = "x" + token();
  switch (below(5)) {
    case 0:
      return out;
    case 1:
      return out + around("=") + quoted();
    case 2:
      return out + around("=") + host();
    default:
      return out + around("=") + token();
  }
}

std::string Grammar::params() {
  std::string out;
  for (uint32_t n = below(3); n > 0; n--) out += around(";") + generic_param();
  return out;
}

std::string Grammar::parameter(View name, View value) {
  return around(";") + std::string(name) + around("=") + std::string(value);
}

std::string Grammar::media_params() {
  std::string out;
  for (uint32_t n = below(3); n > 0; n--)
    out += around(";") + "x" + token() + around("=") + (flip() ? token() : quoted());
  return out;
}

std::string Grammar::call_id_value() { return word() + (flip() ? "@" + word() : ""); }

std::string Grammar::line(sip::HeaderId id) {
  const sip::HeaderInfo& info = sip::info_of(id);
  std::string name(info.name);
  if (info.compact != 0 && flip()) name = std::string(1, info.compact);
  if (below(3) == 0) {
    for (char& c : name) c = static_cast<char>(flip() ? std::toupper(c) : std::tolower(c));
  }
  const std::string v = value(id);
  return name + one_of({"", "", " ", "\t", "  "}) + ":" + sws() + v + (v.empty() ? "" : sws()) + "\r\n";
}

std::string Grammar::unknown_line() {
  return "X-" + token() + ":" + sws() + pick("abc;,<>@\"()[]{}=?:/\\ %", 0, 30) + (flip() ? utf8() : "") + "\r\n";
}

// The lines in any order.
std::string Grammar::put_together(View start, View method, View addresses, View lines) {
  std::vector<std::string> all = {line(sip::HeaderId::via), line(sip::HeaderId::call_id)};
  all.push_back(one_of({"CSeq", "cseq", "CSEQ"}) + ":" + sws() + number(1u << 31) + lws() + std::string(method) +
                sws() + "\r\n");
  if (flip()) all.push_back("Max-Forwards:" + sws() + number(256) + "\r\n");
  all.emplace_back(addresses);
  all.emplace_back(lines);
  for (size_t i = all.size(); i > 1; i--) std::swap(all[i - 1], all[below(static_cast<uint32_t>(i))]);
  std::string out = std::string(method) + " " + std::string(start) + " SIP/2.0\r\n";
  for (const std::string& l : all) out += l;
  return out + "\r\n";
}

std::string Grammar::request(View uri_given, View lines) {
  const std::string method =
      below(4) == 0 ? token() : one_of({"OPTIONS", "INVITE", "REGISTER", "INFO", "NOTIFY", "PUBLISH"});
  const std::string uri = uri_given.empty() ? sip_uri(false) : std::string(uri_given);
  return put_together(uri, method, line(sip::HeaderId::from) + line(sip::HeaderId::to), lines);
}

std::string Grammar::known_request(View method, View lines) {
  const bool registers = method == "REGISTER";
  const auto phone = [this](View user) { return display() + sws() + "<sip:" + std::string(user) + "@test.example>"; };
  const std::string addresses = one_of({"From:", "f :", "FROM: "}) + phone("1001") + params() +
                                parameter("tag", token()) + "\r\n" + one_of({"To:", "t :", "tO: "}) +
                                phone(registers ? "1001" : "1002") + params() + "\r\n";
  return put_together(registers ? "sip:test.example" : "sip:1002@test.example", method, addresses, lines);
}

}  // namespace carillon::torture
