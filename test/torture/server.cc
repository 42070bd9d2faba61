#include "server.h"

#include <time.h>

#include <algorithm>

#include "base/check.h"
#include "config/snapshot.h"
#include "shard/shard.h"
#include "sip/auth/digest.h"
#include "sip/stream/framer.h"

namespace carillon::torture {
namespace {

constexpr Instant kStart{1700000000000000};
constexpr const char* kRealm = "ccmsipline";

// The names that the cases call.
constexpr const char* kNames[] = {"cleo", "otto", "1001", "1002"};

void add_phone(config::SnapshotBuilder& to, config::EntityId id, const std::string& name) {
  config::LineView line;
  line.id = id;
  line.number = name;
  to.put(line);
  to.put_user(name);
  config::PhoneView phone;
  phone.id = id;
  phone.name = "SEP" + name;
  phone.digest_user = name;
  phone.credentials.present = true;
  const std::string ha1 = sip::auth::make_ha1(crypto::Algorithm::md5, name, kRealm, "pw" + name);
  std::copy(ha1.begin(), ha1.end(), phone.credentials.md5);
  phone.lines.push_back({});
  phone.lines.back().line = id;
  to.put(phone, 1, 1);
}

config::SnapshotPtr directory(bool digest) {
  config::SnapshotBuilder builder;
  config::ParametersView parameters;
  parameters.realm = kRealm;
  parameters.domains = {"test.example", "t.example", "example.com", "example.net", "example.org"};
  parameters.trusted_networks = {*Network::parse("127.0.0.0/8")};
  builder.put(parameters);
  config::SecurityView security;
  security.id = 1;
  security.digest = digest;
  builder.put(security);
  config::SipProfileView sip;
  sip.id = 1;
  builder.put(sip);
  config::EntityId id = 0;
  for (const char* name : kNames) add_phone(builder, ++id, name);
  return builder.build(1);
}

shard::ShardOptions options() {
  shard::ShardOptions o;
  for (const auto transport : {sip::Transport::udp, sip::Transport::tcp}) {
    sip::Listener l;
    l.transport = transport;
    l.bound = *Address::parse("127.0.0.1:5060");
    o.listeners.push_back(l);
  }
  o.nonce_key.assign(32, 'k');
  return o;
}

Duration processor_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return Duration{t.tv_sec * 1000000 + t.tv_nsec / 1000};
}

std::string quoted_after(const std::string& text, const std::string& name) {
  const size_t at = text.find(name + "=\"");
  if (at == text.npos) return {};
  const size_t from = at + name.size() + 2;
  return text.substr(from, text.find('"', from) - from);
}

std::string head(const std::string& method, const std::string& uri, const std::string& user, uint64_t n) {
  const std::string id = std::to_string(n);
  return method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:17060;rport;branch=z9hG4bKprobe" + id +
         "\r\nMax-Forwards: 70\r\nFrom: <sip:" + user + "@test.example>;tag=p\r\nTo: <sip:" + user +
         "@test.example>\r\nCall-ID: probe-" + user + method + "\r\nCSeq: " + id + " " + method + "\r\n";
}

std::string authorization(const std::string& challenge, const std::string& user) {
  const std::string nonce = quoted_after(challenge, "nonce"), uri = "sip:test.example";
  const auto md5 = crypto::Algorithm::md5;
  const std::string ha2 = crypto::digest_hex(md5, "REGISTER:" + uri);
  const std::string ha1 = sip::auth::make_ha1(md5, user, kRealm, "pw" + user);
  const std::string response = crypto::digest_hex(md5, ha1 + ":" + nonce + ":00000001:c0:auth:" + ha2);
  return "Authorization: Digest username=\"" + user + "\",realm=\"" + kRealm + "\",nonce=\"" + nonce + "\",uri=\"" +
         uri + "\",qop=auth,cnonce=\"c0\",nc=00000001,algorithm=MD5,response=\"" + response + "\"\r\n";
}

}  // namespace

int Reply::status() const { return answers.empty() ? 0 : std::atoi(answers.back().substr(8, 3).c_str()); }

std::string Reply::line() const {
  if (answers.empty()) return "nothing";
  return answers.back().substr(0, answers.back().find("\r\n"));
}

struct Server::Impl {
  explicit Impl(bool digest) : random(7), shard(options(), random, directory(digest)) {}

  void take(Reply& reply) {
    for (sip::Transmit& t : out.sip.transmit) {
      std::string text(t.packet.view());
      (text.starts_with("SIP/2.0 ") ? reply.answers : reply.requests).push_back(std::move(text));
    }
    out.sip.transmit.clear();
  }
  void settle(Reply& reply) {
    for (int rounds = 0; rounds < 8; rounds++) {
      take(reply);
      state::Token token = 0;
      for (const state::Post& p : out.posts) token = std::max(token, p.token);
      out.clear();
      if (token == 0) return;
      shard.done(now, token, out);
    }
  }
  void receive(std::span<char> bytes, Reply& reply) {
    shard.receive(now, flow, bytes, out);
    settle(reply);
  }
  void datagram(std::string_view text, Reply& reply) {
    flow.transport = sip::Transport::udp, flow.listener = 0, flow.connection = 0;
    flow.remote = *Address::parse("127.0.0.1:17060");
    buffer.assign(text);
    receive(buffer, reply);
  }
  void connection(std::string_view text, Reply& reply) {
    flow.transport = sip::Transport::tcp, flow.listener = 1, flow.connection = ++last_connection;
    flow.remote = *Address::parse("127.0.0.1:40000");
    sip::Framer framer;
    framer.trust();
    framer.feed(text);
    for (bool more = true; more;) {
      const sip::Framed framed = framer.next();
      more = framed.kind == sip::Framed::Kind::message || framed.kind == sip::Framed::Kind::keepalive_ping;
      reply.closed = framed.kind == sip::Framed::Kind::error;
      if (framed.kind == sip::Framed::Kind::message || (reply.closed && !framed.bytes.empty())) {
        receive(framed.bytes, reply);
      }
    }
    if (!reply.closed) return;
    shard.lost(now, last_connection, out);
    settle(reply);
  }

  Random random;
  shard::Shard shard;
  Instant now = kStart;
  sip::Flow flow{.local = *Address::parse("127.0.0.1:5060")};
  sip::ConnectionId last_connection = 0;
  std::string buffer;
  shard::Output out;
  uint64_t probes = 0;
};

Server::Server(bool digest) : impl_(std::make_unique<Impl>(digest)) { CHECK(serves()); }
Server::~Server() = default;

Reply Server::send(std::string_view text, Way way) {
  Reply reply;
  const Duration before = processor_time();
  way == Way::udp ? impl_->datagram(text, reply) : impl_->connection(text, reply);
  reply.took = processor_time() - before;
  return reply;
}

Reply Server::pass(Duration d) {
  Reply reply;
  const Instant end = impl_->now + d;
  for (int turns = 0; turns < 100000; turns++) {
    const Instant next = impl_->shard.next_deadline();
    if (next > end) break;
    impl_->now = std::max(impl_->now, next);
    impl_->shard.fire(impl_->now, impl_->out);
    impl_->settle(reply);
  }
  impl_->now = end;
  return reply;
}

bool Server::serves() {
  const std::string end = "Content-Length: 0\r\n\r\n";
  for (const char* name : kNames) {
    const std::string more = std::string("Contact: <sip:") + name + "@127.0.0.1:17060>;expires=3600\r\n";
    Reply r = send(head("REGISTER", "sip:test.example", name, ++impl_->probes) + more + end, Way::udp);
    if (r.status() == 401) {
      const std::string answer = authorization(r.answers.back(), name);
      r = send(head("REGISTER", "sip:test.example", name, ++impl_->probes) + more + answer + end, Way::udp);
    }
    if (r.answers.size() != 1 || r.status() != 200) return false;
  }
  const Reply r = send(head("OPTIONS", "sip:test.example", "cleo", ++impl_->probes) + end, Way::udp);
  return r.answers.size() == 1 && r.status() == 200;
}

size_t Server::leftovers() const { return impl_->shard.leftovers(); }

namespace {

bool has_bad_via(const sip::Message& m) {
  bool bad = false;
  sip::for_each_value(m, sip::HeaderId::via, [&bad](sip::View v) {
    bad = !sip::Via::parse(v).has_value();
    return !bad;
  });
  return bad;
}

}  // namespace

std::string unsound(const std::string& sent, bool of_refusal) {
  std::string text = sent;
  sip::Message m;
  sip::ParseFault fault = m.parse(text, sip::Framing::stream);
  if (fault.kind == sip::ParseFault::Kind::not_sip) return "not SIP";
  if (m.bytes().size() != sent.size()) return "bytes behind the message";
  if (has_bad_via(m)) return "Bad Via";
  using enum sip::HeaderId;
  for (const sip::HeaderId id : {via, from, to, call_id, cseq}) {
    if (m.find(id) != nullptr && m.value(id).empty()) return "an empty " + std::string(sip::info_of(id).name);
  }
  if (fault.kind == sip::ParseFault::Kind::none) fault = check_headers(m);
  if (of_refusal || fault.kind == sip::ParseFault::Kind::none) return {};
  return std::string(fault.reason);
}

}  // namespace carillon::torture
