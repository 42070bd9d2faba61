#include <array>

#include "base/text.h"
#include "server/log.h"

namespace carillon::server {
namespace {

constexpr std::array<std::string_view, 6> kSecrets = {
    "response=", "cnonce=", "password=", "token=", "digestcredentials=", "bearer "};

bool starts_with(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && iequals(text.substr(0, lower.size()), lower);
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Length of a value: quoted, or up to a separator.
size_t value_size(std::string_view text) {
  if (!text.empty() && text.front() == '"') {
    const size_t end = text.find('"', 1);
    return end == text.npos ? text.size() : end + 1;
  }
  return std::min(text.size(), text.find_first_of(" ,;&\r\n\t"));
}

}  // namespace

std::string mask_secrets(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    size_t found = 0;
    if (at == 0 || !is_word(text[at - 1])) {
      for (const auto secret : kSecrets) {
        if (starts_with(text.substr(at), secret)) found = secret.size();
      }
    }
    if (found == 0) {
      out += text[at++];
      continue;
    }
    out.append(text.substr(at, found)).append("***");
    at += found;
    at += value_size(text.substr(at));
  }
  return out;
}

}  // namespace carillon::server
