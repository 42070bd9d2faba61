#include "load/text.h"

#include <openssl/evp.h>
#include <strings.h>

namespace load {
namespace {

bool names(std::string_view line, std::string_view name, char compact) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  std::string_view n = line.substr(0, colon);
  while (!n.empty() && n.back() == ' ') n.remove_suffix(1);
  if (n.size() == 1 && compact != 0) return (n[0] | 32) == compact;
  return n.size() == name.size() && strncasecmp(n.data(), name.data(), n.size()) == 0;
}

std::string digest_hex(const EVP_MD* algorithm, std::initializer_list<std::string_view> parts) {
  static EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, algorithm, nullptr);
  bool first = true;
  for (const std::string_view p : parts) {
    if (!first) EVP_DigestUpdate(context, ":", 1);
    EVP_DigestUpdate(context, p.data(), p.size());
    first = false;
  }
  unsigned char raw[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context, raw, &size);
  std::string out;
  for (unsigned i = 0; i < size; i++) {
    out += "0123456789abcdef"[raw[i] >> 4];
    out += "0123456789abcdef"[raw[i] & 15];
  }
  return out;
}

}  // namespace

std::string_view header(std::string_view message, std::string_view name, char compact, int nth) {
  size_t at = message.find("\r\n");
  while (at != std::string_view::npos) {
    at += 2;
    const size_t end = message.find("\r\n", at);
    if (end == std::string_view::npos || end == at) return {};
    const std::string_view line = message.substr(at, end - at);
    if (names(line, name, compact) && nth-- == 0) {
      std::string_view value = line.substr(line.find(':') + 1);
      while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      return value;
    }
    at = end;
  }
  return {};
}

std::string_view auth_param(std::string_view challenge, std::string_view name) {
  for (size_t at = challenge.find(name); at != std::string_view::npos; at = challenge.find(name, at + 1)) {
    const size_t end = at + name.size();
    const bool begins = at == 0 || challenge[at - 1] == ' ' || challenge[at - 1] == ',';
    if (!begins || end + 1 >= challenge.size() || challenge[end] != '=') continue;
    if (challenge[end + 1] == '"') {
      const size_t close = challenge.find('"', end + 2);
      return challenge.substr(end + 2, close - end - 2);
    }
    return challenge.substr(end + 1, challenge.find(',', end) - end - 1);
  }
  return {};
}

std::string authorization(std::string_view challenge, std::string_view header_name, std::string_view method,
                          std::string_view uri, const std::string& user, const std::string& password) {
  static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static unsigned long counter = 0;
  const auto realm = auth_param(challenge, "realm"), nonce = auth_param(challenge, "nonce");
  const auto algorithm = auth_param(challenge, "algorithm"), opaque = auth_param(challenge, "opaque");
  const EVP_MD* const md = algorithm == "SHA-256" ? sha256 : md5;
  const std::string ha1 = digest_hex(md, {user, realm, password});
  const std::string ha2 = digest_hex(md, {method, uri});
  std::string out(header_name);
  const auto add = [&](std::string_view name, std::string_view value) {
    out.append(name).append("=\"").append(value).append("\", ");
  };
  out += ": Digest ";
  add("username", user), add("realm", realm), add("nonce", nonce), add("uri", uri);
  if (!opaque.empty()) add("opaque", opaque);
  if (auth_param(challenge, "qop").empty()) {
    add("response", digest_hex(md, {ha1, nonce, ha2}));
  } else {
    const std::string cnonce = "c" + std::to_string(++counter);
    add("response", digest_hex(md, {ha1, nonce, "00000001", cnonce, "auth", ha2}));
    add("cnonce", cnonce);
    out += "qop=auth, nc=00000001, ";
  }
  out += "algorithm=";
  out += algorithm.empty() ? "MD5" : algorithm;
  return out += "\r\n";
}

int status_of(std::string_view message) {
  if (message.size() < 12 || message.substr(0, 8) != "SIP/2.0 ") return 0;
  return (message[8] - '0') * 100 + (message[9] - '0') * 10 + (message[10] - '0');
}

std::string_view method_of(std::string_view message) { return message.substr(0, message.find(' ')); }

std::string_view cseq_method(std::string_view message) {
  const auto value = header(message, "CSeq");
  const size_t space = value.find(' ');
  return space == std::string_view::npos ? std::string_view() : value.substr(space + 1);
}

void respond(std::string& out, std::string_view request, std::string_view status, std::string_view tag,
             std::string_view more_lines, std::string_view body) {
  out.append("SIP/2.0 ").append(status).append("\r\n");
  for (int i = 0;; i++) {
    const auto via = header(request, "Via", 'v', i);
    if (via.empty()) break;
    out.append("Via: ").append(via).append("\r\n");
  }
  for (int i = 0;; i++) {
    const auto route = header(request, "Record-Route", 0, i);
    if (route.empty()) break;
    out.append("Record-Route: ").append(route).append("\r\n");
  }
  const auto to = header(request, "To", 't');
  out.append("From: ").append(header(request, "From", 'f')).append("\r\nTo: ").append(to);
  if (to.find(";tag=") == std::string_view::npos) out.append(";tag=").append(tag);
  out.append("\r\nCall-ID: ").append(header(request, "Call-ID", 'i'));
  out.append("\r\nCSeq: ").append(header(request, "CSeq")).append("\r\n").append(more_lines);
  if (!body.empty()) out += "Content-Type: application/sdp\r\n";
  out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

}  // namespace load
