#pragma once
// Many phones and one server in one thread, for bench/call_bench.cc and those that derive from it: the cheapest phones
// that can be made, so that what is measured is the server.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "call/engine.h"
#include "sdp/relay.h"
#include "sip/stack.h"

namespace carillon::call::bench {

constexpr std::string_view kSdp =
    "v=0\r\no=- 3902410 3902410 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 9 0 8 18 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
    "0-16\r\na=ptime:20\r\n"
    "a=sendrecv\r\n";

class World {
 public:
  explicit World(int phones) : phones_(phones) {
    config::SecurityView security;
    security.id = 1;
    builder_.put(security);
    config::SipProfileView profile;
    profile.id = 1;
    builder_.put(profile);
    config::ParametersView parameters;
    parameters.trusted_networks.push_back(*Network::parse("10.0.0.0/8"));
    builder_.put(parameters);
    for (int i = 0; i < phones; i++) add(i);
    snapshot_ = builder_.build(1);
    sip::Listener listener;
    listener.bound = *Address::parse("192.0.2.1:5060");
    sip::StackOptions options;
    options.listeners = {listener};
    stack_ = std::make_unique<sip::Stack>(options, random_);
    EngineOptions engine;
    engine.listeners = {listener};
    engine_ = std::make_unique<Engine>(engine, random_);
    identifier_ =
        std::make_unique<registrar::Identifier>(registrar::IdentifierOptions{0, std::string(32, 'k')}, random_);
    for (int i = 0; i < phones; i++) bind(i);
  }

  // One call between two phones, from INVITE to the 200 of the BYE; a second passes for each hundred calls.
  void call() {
    const int a = static_cast<int>(count_ % static_cast<uint64_t>(phones_ - 1)), b = a + 1;
    count_++;
    now_ = now_ + milliseconds(10);
    const std::string id = std::to_string(count_);
    make_request(a, "INVITE", "sip:" + number(b) + "@192.0.2.1", id, 1, {}, "i" + id, kSdp);
    deliver(a);
    take(1, invite_);  // 100, then the INVITE
    respond(invite_, 180, {});
    deliver(b);
    take(0, last_);
    respond(invite_, 200, kSdp);
    deliver(b);
    take(1, last_);  // ACK, then the 200
    const std::string_view to = line(last_, "\r\nTo: ");
    to_.assign(to);
    contact_.assign(line(last_, "\r\nContact: <"));
    contact_.resize(contact_.find('>'));
    make_request(a, "ACK", contact_, id, 1, to_, "a" + id, {});
    deliver(a);
    make_request(a, "BYE", contact_, id, 2, to_, "b" + id, {});
    deliver(a);
    take(0, last_);
    respond(last_, 200, {});
    deliver(b);
    finish();
  }

  // The phones' own work of one call: what call() does beside the server.
  void phones_only() {
    const std::string id = std::to_string(count_);
    make_request(1, "INVITE", "sip:1002@192.0.2.1", id, 1, {}, "i" + id, kSdp);
    respond(invite_, 180, {});
    respond(invite_, 200, kSdp);
    make_request(1, "ACK", contact_, id, 1, to_, "a" + id, {});
    make_request(1, "BYE", contact_, id, 2, to_, "b" + id, {});
    respond(last_, 200, {});
  }

  uint64_t failed = 0;
  size_t calls() const { return engine_->calls(); }

 protected:
  static std::string number(int i) { return std::to_string(100000 + i); }
  static sip::Flow flow(int i) {
    sip::Flow f;
    f.local = Address::v4(0xc0000201, 5060);
    f.remote = Address::v4(0x0a000000 + static_cast<uint32_t>(i) + 1, 5060);
    return f;
  }
  void add(int i) {
    config::LineView line;
    line.id = 1000000 + i;
    line.number = number(i);
    builder_.put(line);
    config::PhoneView p;
    p.id = i + 1;
    p.name = "SEP" + number(i);
    p.product = config::Product::basic;
    p.digest_user = "u" + number(i);
    config::AppearanceView a;
    a.line = line.id;
    a.display = "User " + number(i);
    p.lines.push_back(a);
    builder_.put(p, 1, 1);
  }
  void bind(int i) {
    registrar::Binding b;
    b.id = static_cast<uint64_t>(i) + 1;
    b.line = 1000000 + i;
    b.phone = i + 1;
    b.number = number(i);
    b.flow = flow(i);
    b.contact = "sip:" + number(i) + "@" + b.flow.remote.text();
    b.expires = now_ + seconds(100'000'000);
    registrar_.put(b);
  }

  void make_request(int who, std::string_view method, std::string_view uri, std::string_view id, int cseq,
                    std::string_view to, std::string_view branch, std::string_view body) {
    const std::string me = number(who);
    text_.assign(method).append(" ").append(uri).append(
        " SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK");
    text_.append(branch)
        .append(";rport\r\nMax-Forwards: 70\r\nFrom: \"A\" <sip:")
        .append(me)
        .append("@192.0.2.1>;tag=f");
    text_.append(id).append("\r\nTo: ");
    if (to.empty()) {
      text_.append("<").append(uri).append(">");
    } else {
      text_.append(to);
    }
    text_.append("\r\nCall-ID: 8a7b6c5d-").append(id).append("@198.51.100.7\r\nCSeq: ").append(std::to_string(cseq));
    text_.append(" ").append(method).append("\r\nContact: <sip:").append(me).append("@198.51.100.7:5060>\r\n");
    text_.append("Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE\r\nSupported: timer\r\nUser-Agent: Bench/1.0\r\n");
    end(body);
  }
  void respond(std::string_view request, int status, std::string_view body) {
    text_.assign("SIP/2.0 ").append(std::to_string(status)).append(" OK\r\nVia: ").append(line(request, "\r\nVia: "));
    text_.append("\r\nFrom: ").append(line(request, "\r\nFrom: ")).append("\r\nTo: ").append(line(request, "\r\nTo: "));
    if (line(request, "\r\nTo: ").find(";tag=") == std::string_view::npos) text_.append(";tag=callee");
    text_.append("\r\nCall-ID: ")
        .append(line(request, "\r\nCall-ID: "))
        .append("\r\nCSeq: ")
        .append(line(request, "\r\nCSeq: "));
    text_.append(
        "\r\nContact: <sip:x@198.51.100.8:5060>\r\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE\r\nUser-Agent: "
        "Bench/1.0\r\n");
    end(body);
  }
  void end(std::string_view body) {
    if (!body.empty()) text_.append("Content-Type: application/sdp\r\n");
    text_.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  }
  static std::string_view line(std::string_view text, std::string_view name) {
    const size_t at = text.find(name);
    if (at == std::string_view::npos) return {};
    const size_t start = at + name.size();
    return text.substr(start, text.find("\r\n", start) - start);
  }

  void deliver(int who) {
    out_.transmit.clear();
    message_.parse({text_.data(), text_.size()}, sip::Framing::datagram);
    stack_->receive(now_, flow(who), message_, out_);
    Context c{now_, snapshot_, *stack_, registrar_, *identifier_, out_, posts_};
    for (size_t i = 0; i < out_.events.size(); i++) {
      const sip::Event e = out_.events[i];
      if (e.kind == sip::EventKind::request && e.message->to_tag().empty()) {
        const auto v = identifier_->of_request(now_, *e.message, e.flow, *snapshot_, registrar_);
        engine_->invite(c, e, v.identity);
      } else if (e.kind == sip::EventKind::request || e.kind == sip::EventKind::ack) {
        engine_->in_dialog(c, e);
      } else {
        engine_->event(c, e);
      }
    }
    out_.events.clear();
  }
  // The message at `index` of what was sent last.
  void take(size_t index, std::string& to) {
    if (out_.transmit.size() <= index) {
      failed++;
      return;
    }
    to.assign(out_.transmit[index].packet.view());
  }
  // The line of phone i sends everything on to that number.
  void change_line(int i, const std::string& to) {
    auto forwards = std::make_shared<config::ForwardsView>();
    forwards->all.internal = forwards->all.external = to;
    config::LineView changed;
    changed.id = 1000000 + i;
    changed.number = number(i);
    changed.forwards = std::move(forwards);
    builder_.put(changed);
    snapshot_ = builder_.build(2);
  }
  // What was posted is durable.
  void settle_posts() {
    Context c{now_, snapshot_, *stack_, registrar_, *identifier_, out_, posts_};
    std::vector<state::Post> posts;
    posts.swap(posts_);
    for (const state::Post& p : posts) {
      if (p.token != 0) engine_->done(c, p.token);
    }
  }
  void finish() {
    settle_posts();
    Context c{now_, snapshot_, *stack_, registrar_, *identifier_, out_, posts_};
    if (engine_->calls() != 0) failed++;
    out_.transmit.clear();
    stack_->fire(now_, out_);
    engine_->fire(c);
    out_.events.clear();
    out_.transmit.clear();
  }

  int phones_;
  uint64_t count_ = 0;
  Instant now_{1'700'000'000'000'000};
  Random random_{7};
  config::SnapshotBuilder builder_;
  config::SnapshotPtr snapshot_;
  std::unique_ptr<sip::Stack> stack_;
  registrar::Registrar registrar_{0, random_};
  std::unique_ptr<registrar::Identifier> identifier_;
  std::unique_ptr<Engine> engine_;
  sip::Out out_;
  std::vector<state::Post> posts_;
  sip::Message message_;
  std::string text_, invite_, last_, to_, contact_;
};

}  // namespace carillon::call::bench
