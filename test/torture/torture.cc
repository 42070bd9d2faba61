#include "torture.h"

#include <iterator>

#include "base/text.h"

namespace carillon::torture {

std::string sip(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  const size_t at = out.find("{length}");
  if (at == out.npos) return out;
  const size_t body = out.find("\r\n\r\n");
  const size_t length = body == out.npos ? 0 : out.size() - body - 4;
  return out.replace(at, 8, std::to_string(length));
}

std::string request(std::string_view start, std::string_view lines) {
  const std::string method(start.substr(0, start.find(' ')));
  const std::pair<std::string, std::string> usual[] = {
      {"Via", "SIP/2.0/UDP 198.51.100.4:5060;branch=z9hG4bKt0rt"},
      {"Max-Forwards", "70"},
      {"From", "<sip:cleo@test.example>;tag=q1"},
      {"To", "<sip:otto@test.example>"},
      {"Call-ID", "torture.1@198.51.100.4"},
      {"CSeq", "31 " + method},
      {"Content-Length", "0"},
  };
  std::string out = std::string(start) + "\n";
  out += lines;
  for (const auto& [name, value] : usual) {
    if (("\n" + std::string(lines)).find("\n" + name + ":") != std::string::npos) continue;
    out += name + ": " + value + "\n";
  }
  return sip(out + "\n");
}

std::vector<Case> all_cases() {
  std::vector<Case> out;
  for (auto part : {valid_cases(), invalid_cases(), upper_layer_cases(), ipv6_cases()}) {
    out.insert(out.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  }
  return out;
}

}  // namespace carillon::torture
