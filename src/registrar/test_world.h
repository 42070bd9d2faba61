#pragma once
// A small directory, and requests to it: for the tests of this directory and the benchmarks.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/snapshot.h"
#include "registrar/identity.h"
#include "registrar/registrar.h"
#include "sip/auth/digest.h"
#include "sip/message/message.h"

namespace carillon::registrar::test {

constexpr Instant kStart{1'700'000'000'000'000};
inline const std::string kKey(32, 'k');

// A parsed message with its bytes.
struct Received {
  std::string bytes;
  sip::Message message;
  explicit Received(std::string text) : bytes(std::move(text)) {
    const auto fault = message.parse({bytes.data(), bytes.size()}, sip::Framing::datagram);
    good = fault.kind == sip::ParseFault::Kind::none;
  }
  Received(const Received&) = delete;
  bool good = false;
};

inline sip::Flow udp_from(std::string_view source) {
  sip::Flow f;
  f.local = *Address::parse("192.0.2.1:5060");
  f.remote = *Address::parse(source);
  return f;
}
inline sip::Flow stream_from(std::string_view source, sip::ConnectionId id, sip::Transport t = sip::Transport::tcp) {
  sip::Flow f = udp_from(source);
  f.transport = t;
  f.connection = id;
  return f;
}

constexpr std::string_view kTrusted = "10.0.0.5:5060";
constexpr std::string_view kElsewhere = "203.0.113.9:5060";

// What a request is made of; the defaults are a REGISTER of alice for 1001.
struct Ask1 {
  std::string method = "REGISTER";
  std::string to = "sip:1001@pbx";
  std::string from = "sip:1001@pbx";
  std::string call_id = "c1";
  uint32_t cseq = 1;
  std::string contact = "<sip:1001@10.0.0.5:5060>";  // "" for none
  std::string headers;                               // more lines
  std::string text(std::string_view authorization = {}) const {
    std::string s =
        method + " sip:pbx SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <" +
        from + ">;tag=f\r\nTo: <" + to + ">\r\nCall-ID: " + call_id + "\r\nCSeq: " + std::to_string(cseq) + " " +
        method + "\r\n";
    if (!contact.empty()) s += "Contact: " + contact + "\r\n";
    s += headers;
    s += authorization;
    return s + "Content-Length: 0\r\n\r\n";
  }
};

// How a phone answers a challenge.
struct Answer {
  std::string user = "alice", password = "secret", realm = "ccmsipline", uri = "sip:pbx";
  uint32_t count = 1;  // 0: no qop
  bool sha256 = false;
  std::string method = "REGISTER";
  std::string line(std::string_view nonce) const {
    const auto a = sha256 ? crypto::Algorithm::sha256 : crypto::Algorithm::md5;
    const std::string ha1 = sip::auth::make_ha1(a, user, realm, password);
    const std::string ha2 = crypto::digest_hex(a, method + ":" + uri);
    char nc[9];
    std::snprintf(nc, sizeof nc, "%08x", count);
    std::string text = ha1 + ":" + std::string(nonce) + ":";
    if (count != 0) text += std::string(nc) + ":c0ffee:auth:";
    std::string out = "Authorization: Digest username=\"" + user + "\",realm=\"" + realm + "\",nonce=\"" +
                      std::string(nonce) + "\",uri=\"" + uri + "\",response=\"" + crypto::digest_hex(a, text + ha2) +
                      "\"";
    if (sha256) out += ",algorithm=SHA-256";
    if (count != 0) out += std::string(",qop=auth,cnonce=\"c0ffee\",nc=") + nc;
    return out + "\r\n";
  }
};

// Users alice (phone 1: lines 1001, 1002), bob (phone 2: line 1002 shared, 2002), carol (no credentials, phone 3:
// 3003), dave (a user without phone), erin (phone 4, inactive: 4004), frank (phone 5, TLS only: 5005).
class Directory {
 public:
  Directory() {
    parameters.trusted_networks = {*Network::parse("10.0.0.0/8"), *Network::parse("127.0.0.0/8")};
    for (const char* u : {"alice", "bob", "carol", "dave", "erin", "frank"}) builder.put_user(u);
    line(1, "1001"), line(2, "1002"), line(3, "2002"), line(4, "3003"), line(5, "4004"), line(6, "5005");
    phones[1] = phone(1, "alice", {1, 2});
    phones[2] = phone(2, "bob", {2, 3});
    phones[3] = phone(3, "carol", {4});
    phones[3].credentials.present = false;
    phones[4] = phone(4, "erin", {5});
    phones[4].active = false;
    phones[5] = phone(5, "frank", {6});
    security.id = 1, security.name = "Standard";
    tls_only.id = 2, tls_only.name = "TLS", tls_only.udp = tls_only.tcp = false;
    sip.id = 1, sip.name = "SIP";
  }

  void line(config::EntityId id, std::string_view number) {
    config::LineView l;
    l.id = id;
    l.number = number;
    l.partition = 1;
    builder.put(l);
  }
  static config::PhoneView phone(config::EntityId id, std::string user, const std::vector<config::EntityId>& lines) {
    config::PhoneView p;
    p.id = id;
    p.name = "SEP00000000000" + std::to_string(id);
    p.digest_user = std::move(user);
    p.credentials.present = true;
    const auto copy = [](std::string_view hex, char* to) { hex.copy(to, hex.size()); };
    copy(sip::auth::make_ha1(crypto::Algorithm::md5, p.digest_user, "ccmsipline", "secret"), p.credentials.md5);
    copy(sip::auth::make_ha1(crypto::Algorithm::sha256, p.digest_user, "ccmsipline", "secret"), p.credentials.sha256);
    for (const auto l : lines) p.lines.push_back({l, static_cast<uint8_t>(p.lines.size() + 1)});
    return p;
  }
  config::SnapshotPtr build() {
    builder.put(parameters);
    tls_only.digest = security.digest;
    builder.put(security);
    builder.put(tls_only);
    builder.put(sip);
    for (const auto& [id, p] : phones) builder.put(p, id == 5 ? 2 : 1, 1);
    return builder.build(++revision);
  }

  config::SnapshotBuilder builder;
  config::ParametersView parameters;
  config::SecurityView security, tls_only;
  config::SipProfileView sip;
  std::map<config::EntityId, config::PhoneView> phones;
  uint64_t revision = 0;
};

inline std::string nonce_in(std::string_view headers) {
  const size_t at = headers.find("nonce=\"");
  if (at == std::string_view::npos) return {};
  return std::string(headers.substr(at + 7, headers.find('"', at + 7) - at - 7));
}

}  // namespace carillon::registrar::test
