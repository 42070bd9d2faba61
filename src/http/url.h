#pragma once
// The textual parts of HTTP: escapes, queries, status lines. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace carillon::http {

// Undoes %XX (RFC 3986 §2.1); nothing when an escape is broken or stands for NUL.
std::optional<std::string> percent_decode(std::string_view text);
// Escapes all but the unreserved characters, so that the result may stand as one path segment or query value.
std::string percent_encode(std::string_view text);
// The segments of a raw path, decoded after the split; empty ones are dropped. Nothing when an escape is broken.
std::optional<std::vector<std::string>> path_segments(std::string_view target);
// `a=b&c` with + for a space; nothing when an escape is broken.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text);
std::string_view reason_phrase(int status);

// Where a server is.
struct Endpoint {
  std::string unix_socket;  // when set, the rest counts for nothing
  bool tls = false;
  std::string host;  // name or address, IPv6 without brackets
  uint16_t port = 80;
};
// "http://host[:port]" or "https://host[:port]"; a path behind it must be empty or "/".
Result<Endpoint> parse_endpoint(std::string_view url);

}  // namespace carillon::http
