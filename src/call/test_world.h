#pragma once
// Two or more phones, a real stack, registrar and engine, and a store that is as slow as the test wants. Everything is
// text.

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "call/engine.h"
#include "registrar/identity.h"
#include "registrar/registrar.h"
#include "sip/stack.h"

namespace carillon::call::test {

constexpr const char* kOffer =
    "v=0\r\no=phone 1 1 IN IP4 10.0.0.1\r\ns=my phone\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n"
    "a=rtpmap:0 PCMU/8000\r\n";
constexpr const char* kAnswer =
    "v=0\r\no=phone 9 9 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\n"
    "a=rtpmap:0 PCMU/8000\r\n";
constexpr const char* kHeld =
    "v=0\r\no=phone 1 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP "
    "0\r\na=sendonly\r\n";

// A message that the server sent.
struct Got {
  std::string text;
  sip::Flow flow;
  sip::Message message;
  bool empty() const { return text.empty(); }
  int status() const { return empty() || message.is_request() ? 0 : message.status(); }
  std::string method() const { return empty() ? "" : std::string(message.method_name()); }
  bool request(std::string_view m) const { return !empty() && message.is_request() && message.method_name() == m; }
  std::string value(std::string_view name) const {
    const sip::Header* h = empty() ? nullptr : message.find(name);
    return h == nullptr ? "" : std::string(h->value);
  }
  bool has(std::string_view part) const { return text.find(part) != std::string::npos; }
  std::string body() const { return empty() ? "" : std::string(message.body()); }
};
using GotPtr = std::shared_ptr<Got>;

class World {
 public:
  World() {
    config::SecurityView security;
    security.id = 1;
    builder.put(security);
    profile.id = 1;
    builder.put(profile);
    config::ParametersView parameters;
    parameters.trusted_networks.push_back(*Network::parse("10.0.0.0/8"));
    builder.put(parameters);
    listener.bound = *Address::parse("192.0.2.1:5060");
    sip::StackOptions options;
    options.listeners = {listener};
    stack = std::make_unique<sip::Stack>(options, random);
    registrar = std::make_unique<registrar::Registrar>(0, random);
    identifier = std::make_unique<registrar::Identifier>(registrar::IdentifierOptions{0, std::string(32, 'k')}, random);
    restart();
  }

  // The engine anew, as after a kill; the stack too.
  void restart() {
    sip::StackOptions options;
    options.listeners = {listener};
    stack = std::make_unique<sip::Stack>(options, random);
    this->options.listeners = {listener};
    engine = std::make_unique<Engine>(this->options, random);
  }

  // A phone with one line at 10.0.0.<host>.
  void phone(int host, const std::string& number, config::Product product = config::Product::advanced) {
    if (lines.count(number) == 0) {
      config::LineView line;
      line.id = 100 + static_cast<int>(lines.size());
      line.number = number;
      lines[number] = line.id;
      builder.put(line);
    }
    config::PhoneView p;
    p.id = host;
    p.name = "SEP" + std::to_string(host);
    p.product = product;
    p.digest_user = "user" + std::to_string(host);
    config::AppearanceView a;
    a.line = lines[number];
    a.display = "Name " + std::to_string(host);
    p.lines.push_back(a);
    builder.put(p, 1, 1);
    publish();
    bind(host, number, {}, 0);
  }
  void publish() {
    builder.put(profile);
    snapshot = builder.build(++revision);
  }
  void bind(int host, const std::string& number, const std::string& instance, uint32_t reg_id, int address = 0) {
    registrar::Binding b;
    b.id = ++bindings;
    b.line = lines[number];
    b.phone = host;
    b.number = number;
    b.instance = instance;
    b.reg_id = reg_id;
    b.flow = flow(address == 0 ? host : address);
    b.contact = "sip:" + number + "@" + b.flow.remote.text();
    b.registered = b.refreshed = now + microseconds(bindings);
    b.expires = now + seconds(36000);
    b.durable = true;
    registrar->put(b);
  }
  // The only binding of that phone comes from another address now.
  void move(int host, const std::string& number, int address) {
    config::EntityId line = lines[number];
    for (const registrar::Binding* b : registrar->of_line(line)) {
      if (b->phone != host) continue;
      registrar::Binding moved = *b;
      moved.flow = flow(address);
      registrar->put(std::move(moved));
      return;
    }
  }
  // The binding that this flow made is gone.
  void forget(const sip::Flow& f) {
    std::vector<registrar::BindingChange> changes;
    registrar->for_each([&](const registrar::Binding& b) {
      if (b.flow.same_way(f)) changes.push_back({registrar::BindingChange::Kind::remove, b});
    });
    for (const auto& change : changes) registrar->absorb(change);
  }
  sip::Flow flow(int host) const {
    sip::Flow f;
    f.local = listener.bound;
    f.remote = *Address::parse("10.0.0." + std::to_string(host) + ":5060");
    return f;
  }

  // A message from a phone.
  void from(int host, std::string text) {
    const sip::Flow f = flow(host);
    sip::Message m;
    const auto fault = m.parse({text.data(), text.size()}, sip::Framing::datagram);
    ASSERT_EQ(fault.kind, sip::ParseFault::Kind::none) << text << fault.reason;
    stack->receive(now, f, m, out);
    handle();
  }
  void handle() {
    Context c{now, snapshot, *stack, *registrar, *identifier, out, posts};
    for (size_t i = 0; i < out.events.size(); i++) {
      const sip::Event e = out.events[i];
      if (e.kind == sip::EventKind::request && e.message->to_tag().empty()) {
        const auto v = identifier->of_request(now, *e.message, e.flow, *snapshot, *registrar);
        ASSERT_EQ(v.kind, registrar::Verdict::Kind::accepted);
        engine->invite(c, e, v.identity);
      } else if (e.kind == sip::EventKind::request || e.kind == sip::EventKind::ack) {
        engine->in_dialog(c, e);
      } else {
        engine->event(c, e);
      }
    }
    out.events.clear();
    collect();
    if (store_is_quick) commit();
  }
  void collect() {
    for (auto& t : out.transmit) {
      auto g = std::make_shared<Got>();
      g->text = t.packet.view();
      g->flow = t.flow;
      const auto fault = g->message.parse({g->text.data(), g->text.size()}, sip::Framing::datagram);
      EXPECT_EQ(fault.kind, sip::ParseFault::Kind::none) << g->text;
      EXPECT_EQ(sip::check_headers(g->message).kind, sip::ParseFault::Kind::none)
          << g->text << sip::check_headers(g->message).reason;
      sent[t.flow.remote.ip[15]].push_back(g);
    }
    out.transmit.clear();
  }
  // Everything posted becomes durable.
  void commit() {
    std::vector<state::Post> batch;
    std::swap(batch, posts);
    std::vector<state::Token> tokens;
    for (auto& p : batch) {
      if (p.kind == state::PostKind::put_call) records[p.key] = p.blob;
      if (p.kind == state::PostKind::put_cdr) {
        records.erase(p.key);
        auto cdr = state::Cdr::from_blob(p.blob);
        ASSERT_TRUE(cdr.has_value());
        cdrs.push_back(*cdr);
      }
      if (p.token != 0) tokens.push_back(p.token);
    }
    Context c{now, snapshot, *stack, *registrar, *identifier, out, posts};
    for (const auto token : tokens) engine->done(c, token);
    collect();
  }
  // Time passes; what is due happens.
  void pass(Duration d) {
    const Instant end = now + d;
    while (now < end) {
      const Instant next = std::min(std::min(stack->next_deadline(), engine->next_deadline()), end);
      now = std::max(now, next);
      stack->fire(now, out);
      handle();
      Context c{now, snapshot, *stack, *registrar, *identifier, out, posts};
      engine->fire(c);
      handle();
      if (next == end) break;
      now = now + microseconds(1);
    }
    now = end;
  }

  // The next message to that phone; an empty one when there is none.
  GotPtr next(int host) {
    auto& q = sent[host];
    if (q.empty()) return std::make_shared<Got>();
    GotPtr g = q.front();
    q.pop_front();
    return g;
  }
  // The next one that is not 100 Trying.
  GotPtr heard(int host) {
    GotPtr g = next(host);
    while (g->status() == 100) g = next(host);
    return g;
  }
  bool quiet(int host) {
    while (!sent[host].empty() && sent[host].front()->status() == 100) sent[host].pop_front();
    return sent[host].empty();
  }
  bool restore_all() {
    bool good = true;
    Context c{now, snapshot, *stack, *registrar, *identifier, out, posts};
    for (const auto& [id, blob] : records) good &= engine->restore(c, id, blob);
    return good;
  }

  Instant now{1'700'000'000'000'000};
  Random random{7};
  config::SnapshotBuilder builder;
  config::SipProfileView profile;
  config::SnapshotPtr snapshot;
  sip::Listener listener;
  EngineOptions options;  // for the next restart()
  std::unique_ptr<sip::Stack> stack;
  std::unique_ptr<registrar::Registrar> registrar;
  std::unique_ptr<registrar::Identifier> identifier;
  std::unique_ptr<Engine> engine;
  sip::Out out;
  std::vector<state::Post> posts;
  std::map<std::string, config::EntityId> lines;
  std::map<int, std::deque<GotPtr>> sent;
  std::vector<state::Cdr> cdrs;
  std::map<uint64_t, std::string> records;
  uint64_t revision = 0, bindings = 0;
  bool store_is_quick = true;
};

// One end of a dialog, as a phone sees it.
struct Side {
  World& w;
  int host;
  std::string number;
  std::string call_id, local, remote, target, tag;
  uint32_t cseq = 0;
  int branch = 0;
  std::string invite_branch, invite_uri;
  uint32_t invite_cseq = 0;

  std::string via() const { return "10.0.0." + std::to_string(host) + ":5060"; }
  std::string contact() const { return "Contact: <sip:" + number + "@" + via() + ">\r\n"; }
  static std::string tail(const std::string& extra, const std::string& body) {
    std::string s = extra;
    if (!body.empty() && extra.find("Content-Type") == std::string::npos) s += "Content-Type: application/sdp\r\n";
    return s + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  std::string request(const std::string& method, const std::string& uri, uint32_t number_,
                      const std::string& branch_) const {
    return method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP " + via() + ";branch=" + branch_ +
           "\r\nMax-Forwards: 70\r\nFrom: " + local + "\r\nTo: " + remote + "\r\nCall-ID: " + call_id +
           "\r\nCSeq: " + std::to_string(number_) + " " + method + "\r\n";
  }
  std::string fresh_branch() {
    return "z9hG4bKh" + std::to_string(host) + call_id.substr(0, 6) + std::to_string(++branch);
  }

  void invite(const std::string& to, const std::string& body, const std::string& extra = {}) {
    static int calls = 0;
    call_id = "call" + std::to_string(++calls) + "-" + std::to_string(host);
    local = "\"I am the pope\" <sip:" + number + "@192.0.2.1>;tag=t" + std::to_string(host) + std::to_string(calls);
    remote = "<sip:" + to + "@192.0.2.1>";
    invite_branch = fresh_branch(), invite_uri = "sip:" + to + "@192.0.2.1", invite_cseq = ++cseq;
    w.from(host, request("INVITE", invite_uri, cseq, invite_branch) + contact() + tail(extra, body));
  }
  void cancel() { w.from(host, request("CANCEL", invite_uri, invite_cseq, invite_branch) + tail({}, {})); }
  // Takes the dialog from a response of the server's.
  void take(const Got& g) {
    remote = g.value("To");
    if (!g.value("Contact").empty()) target = g.value("Contact").substr(1, g.value("Contact").find('>') - 1);
  }
  void ack_failure(const Got& g) {
    remote = g.value("To");
    w.from(host, request("ACK", invite_uri, invite_cseq, invite_branch) + tail({}, {}));
  }
  void ack(uint32_t number_, const std::string& body = {}) {
    w.from(host, request("ACK", target, number_, fresh_branch()) + tail({}, body));
  }
  void say(const std::string& method, const std::string& extra = {}, const std::string& body = {}) {
    w.from(host, request(method, target, ++cseq, fresh_branch()) + tail(contact() + extra, body));
  }
  // The called side: takes the dialog from an INVITE of the server's.
  void take_invite(const Got& g) {
    call_id = g.value("Call-ID");
    tag = "c" + std::to_string(host) + call_id.substr(0, 4);
    local = g.value("To") + ";tag=" + tag;
    remote = g.value("From");
    target = g.value("Contact").substr(1, g.value("Contact").find('>') - 1);
    cseq = 500;
  }
  void answer(const Got& g, int status, const std::string& extra = {}, const std::string& body = {}) {
    std::string to = g.value("To");
    if (to.find("tag=") == std::string::npos) to += ";tag=" + tag;
    w.from(host, "SIP/2.0 " + std::to_string(status) + " X\r\nVia: " + g.value("Via") + "\r\nFrom: " + g.value("From") +
                     "\r\nTo: " + to + "\r\nCall-ID: " + g.value("Call-ID") + "\r\nCSeq: " + g.value("CSeq") + "\r\n" +
                     contact() + tail(extra, body));
  }
};

// Alice (10.0.0.1, 1001) and bob (10.0.0.2, 1002).
struct TwoPhones : testing::Test {
  TwoPhones() {
    w.phone(1, "1001");
    w.phone(2, "1002");
  }
  ~TwoPhones() override {
    if (skip_audit) return;
    w.pass(seconds(100));
    EXPECT_EQ(w.engine->calls(), 0u);
    EXPECT_EQ(w.engine->leftovers(), 0u);
    EXPECT_EQ(w.stack->transactions(), 0u);
  }
  // bob's phone got the INVITE.
  GotPtr ring() {
    GotPtr invite = w.heard(2);
    EXPECT_TRUE(invite->request("INVITE")) << invite->text;
    bob.take_invite(*invite);
    return invite;
  }
  // A call that stands.
  void talk(const std::string& offer_extra = {}, const std::string& answer_extra = {}) {
    alice.invite("1002", kOffer, offer_extra);
    invite = ring();
    bob.answer(*invite, 180);
    EXPECT_EQ(w.heard(1)->status(), 180);
    bob.answer(*invite, 200, answer_extra, kAnswer);
    EXPECT_TRUE(w.heard(2)->request("ACK"));
    ok = w.heard(1);
    ASSERT_EQ(ok->status(), 200);
    alice.take(*ok);
    alice.ack(alice.invite_cseq);
  }
  void hang_up() {
    alice.say("BYE");
    GotPtr bye = w.heard(2);
    EXPECT_TRUE(bye->request("BYE")) << bye->text;
    bob.answer(*bye, 200);
    EXPECT_EQ(w.heard(1)->status(), 200);
  }
  World w;
  Side alice{w, 1, "1001"}, bob{w, 2, "1002"};
  GotPtr invite, ok;
  bool skip_audit = false;
};

}  // namespace carillon::call::test
