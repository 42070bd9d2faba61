#include "http/url.h"

#include "base/text.h"
#include "http/server.h"

namespace carillon::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_unreserved(char c) {
  const char lower = ascii_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

Fault bad_url(std::string_view url) {
  return {FaultKind::invalid, "not the URL of a server: '" + printable(url, 100) + "' (write https://host:port)",
          "server"};
}

std::string_view find_in(const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

std::string_view Request::header(std::string_view lower_name) const { return find_in(headers, lower_name); }
std::string_view Request::parameter(std::string_view name) const { return find_in(query, name); }

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return {};
    const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return {};
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<uint8_t>(c) >> 4];
      out += digits[static_cast<uint8_t>(c) & 15];
    }
  }
  return out;
}

std::optional<std::vector<std::string>> path_segments(std::string_view target) {
  std::vector<std::string> out;
  while (!target.empty()) {
    const size_t end = std::min(target.find('/'), target.size());
    if (end > 0) {
      auto segment = percent_decode(target.substr(0, end));
      if (!segment) return {};
      out.push_back(std::move(*segment));
    }
    target.remove_prefix(std::min(end + 1, target.size()));
  }
  return out;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    std::string item(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (item.empty()) continue;
    for (char& c : item) c = c == '+' ? ' ' : c;
    const size_t equals = std::min(item.find('='), item.size());
    auto name = percent_decode(std::string_view(item).substr(0, equals));
    auto value = percent_decode(std::string_view(item).substr(std::min(equals + 1, item.size())));
    if (!name || !value) return {};
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

Result<Endpoint> parse_endpoint(std::string_view url) {
  Endpoint out;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    out.tls = true, out.port = 443;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_url(url);
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const bool bracket = rest.starts_with('[');
  const size_t host_end = bracket ? rest.find(']') : std::min(rest.find(':'), rest.size());
  if (host_end == std::string_view::npos) return bad_url(url);
  out.host = rest.substr(bracket, host_end - bracket);
  rest.remove_prefix(host_end + bracket);
  if (out.host.empty() || out.host.find_first_of("/?#@ ") != std::string::npos) return bad_url(url);
  if (rest.empty()) return out;
  const auto port = rest.front() == ':' ? to_number<uint16_t>(rest.substr(1)) : std::nullopt;
  if (!port || *port == 0) return bad_url(url);
  out.port = *port;
  return out;
}

}  // namespace carillon::http
