// A whole shard without the kernel: what a registration and a call cost between reading and sending.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "config/snapshot.h"
#include "shard/shard.h"
#include "sip/auth/digest.h"

namespace carillon {
namespace {

constexpr int kUsers = 20000;
constexpr Instant kStart{1700000000000000};

config::SnapshotPtr directory(bool digest) {
  config::SnapshotBuilder builder;
  config::ParametersView parameters;
  parameters.domains = {"perf.test"};
  parameters.trusted_networks = {*Network::parse("127.0.0.0/8")};
  builder.put(parameters);
  config::SecurityView security;
  security.id = 1;
  security.digest = digest;
  security.challenge_out_of_dialog_only = true;
  builder.put(security);
  config::SipProfileView sip;
  sip.id = 1;
  builder.put(sip);
  for (int i = 0; i < kUsers; i++) {
    const std::string user = std::to_string(100000 + i);
    config::LineView line;
    line.id = i + 1;
    line.number = user;
    builder.put(line);
    builder.put_user(user);
    config::PhoneView phone;
    phone.id = i + 1;
    phone.name = "SEP" + user;
    phone.digest_user = user;
    phone.credentials.present = true;
    const std::string ha1 = sip::auth::make_ha1(crypto::Algorithm::md5, user, parameters.realm, "pw" + user);
    std::copy(ha1.begin(), ha1.end(), phone.credentials.md5);
    phone.lines.push_back({});
    phone.lines.back().line = i + 1;
    builder.put(phone, 1, 1);
  }
  return builder.build(1);
}

// Feeds a shard as the server's loop does: posts are durable at once, what is sent is kept for reading.
class Driver {
 public:
  explicit Driver(bool digest) : random_(7), shard_(options(), random_, directory(digest)) {
    flow_.local = *Address::parse("127.0.0.1:5060");
    flow_.remote = *Address::parse("127.0.0.1:17060");
  }

  void receive(const std::string& text) {
    scratch_.assign(text.begin(), text.end());
    shard_.receive(now_, flow_, scratch_, out_);
    settle();
  }
  void settle() {
    sent_.clear();
    for (sip::Transmit& t : out_.sip.transmit) sent_.push_back(std::move(t.packet));
    state::Token token = 0;
    for (const state::Post& p : out_.posts) token = std::max(token, p.token);
    out_.clear();
    if (token == 0) return;
    shard_.done(now_, token, out_);
    for (sip::Transmit& t : out_.sip.transmit) sent_.push_back(std::move(t.packet));
    out_.clear();
  }
  void pass(Duration d) {
    now_ = now_ + d;
    shard_.fire(now_, out_);
    out_.clear();
  }
  std::string_view sent(size_t i) const {
    CHECK(i < sent_.size());
    return sent_[i].view();
  }
  size_t sent_count() const { return sent_.size(); }

 private:
  static shard::ShardOptions options() {
    shard::ShardOptions o;
    sip::Listener l;
    l.bound = *Address::parse("127.0.0.1:5060");
    o.listeners.push_back(l);
    o.nonce_key.assign(32, 'k');
    return o;
  }
  Random random_;
  shard::Shard shard_;
  Instant now_ = kStart;
  sip::Flow flow_;
  std::vector<char> scratch_;
  std::vector<sip::Packet> sent_;
  shard::Output out_;
};

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t at = text.find(before);
  CHECK(at != std::string_view::npos);
  const size_t from = at + before.size();
  return text.substr(from, text.find(after, from) - from);
}

std::string head(const std::string& method, const std::string& uri, const std::string& user, const std::string& to,
                 uint64_t id, int cseq) {
  return method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:17060;rport;branch=z9hG4bK" + std::to_string(id) +
         "-" + method + std::to_string(cseq) + "\r\nMax-Forwards: 70\r\nFrom: \"Line " + user + "\" <sip:" + user +
         "@perf.test>;tag=f" + std::to_string(id) + "\r\nTo: " + to + "\r\nCall-ID: " + std::to_string(id) +
         "-bench@127.0.0.1\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n";
}

std::string register_text(const std::string& user, uint64_t id, int cseq, const std::string& authorization) {
  return head("REGISTER", "sip:perf.test", user, "<sip:" + user + "@perf.test>", id, cseq) + "Contact: <sip:" + user +
         "@127.0.0.1:17060>;expires=3600\r\n" + authorization + "User-Agent: bench\r\nContent-Length: 0\r\n\r\n";
}

std::string credentials(std::string_view challenge, const std::string& user, const std::string& method,
                        const std::string& uri) {
  const std::string nonce(between(challenge, "nonce=\"", "\""));
  std::string line = "Authorization: Digest username=\"" + user + "\",realm=\"ccmsipline\",nonce=\"" + nonce +
                     "\",uri=\"" + uri + "\",qop=auth,cnonce=\"0a4f113b\",nc=00000001,algorithm=MD5,response=\"";
  const std::string ha1 = sip::auth::make_ha1(crypto::Algorithm::md5, user, "ccmsipline", "pw" + user);
  const std::string ha2 = crypto::digest_hex(crypto::Algorithm::md5, method + ":" + uri);
  line += crypto::digest_hex(crypto::Algorithm::md5, ha1 + ":" + nonce + ":00000001:0a4f113b:auth:" + ha2);
  return line + "\"\r\n";
}

void register_once(Driver& d, const std::string& user, uint64_t id, benchmark::State* timing) {
  const std::string first = register_text(user, id, 1, {});
  if (timing) timing->ResumeTiming();
  d.receive(first);
  if (timing) timing->PauseTiming();
  CHECK(d.sent(0).substr(8, 3) == "401");
  const std::string second = register_text(user, id, 2, credentials(d.sent(0), user, "REGISTER", "sip:perf.test"));
  if (timing) timing->ResumeTiming();
  d.receive(second);
  if (timing) timing->PauseTiming();
  CHECK(d.sent(0).substr(8, 3) == "200");
}

// REGISTER, 401, REGISTER with a right digest, 200: refreshes of 20,000 users.
void BM_ShardRegister(benchmark::State& state) {
  Driver d(true);
  uint64_t id = 0;
  for (; id < kUsers; id++) register_once(d, std::to_string(100000 + id % kUsers), id, nullptr);
  for (auto _ : state) {
    state.PauseTiming();
    if (id % 100 == 0) d.pass(milliseconds(2));
    register_once(d, std::to_string(100000 + id % kUsers), id, &state);
    id++;
    state.ResumeTiming();
  }
}
BENCHMARK(BM_ShardRegister)->Iterations(50000);

const std::string kSdp =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0 8 101\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    "a=ptime:20\r\na=sendrecv\r\n";

std::string response_to(std::string_view request, const std::string& status, const std::string& body) {
  std::string out = "SIP/2.0 " + status + "\r\n";
  for (const char* name : {"Via: ", "From: ", "To: ", "Call-ID: ", "CSeq: "}) {
    out += name;
    out += between(request, std::string("\r\n") + name, "\r\n");
    if (name[0] == 'T' && out.find(";tag=", out.rfind("\r\nTo: ")) == std::string::npos) out += ";tag=callee";
    out += "\r\n";
  }
  out += "Contact: <sip:phone@127.0.0.1:17060>\r\n";
  if (!body.empty()) out += "Content-Type: application/sdp\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string_view find_sent(const Driver& d, std::string_view start) {
  for (size_t i = 0; i < d.sent_count(); i++) {
    if (d.sent(i).substr(0, start.size()) == start) return d.sent(i);
  }
  CHECK(false);
}

// INVITE, 100, 180, 200, ACK, BYE, 200 through the B2BUA, the caller known by its flow.
void BM_ShardCall(benchmark::State& state) {
  Driver d(false);
  uint64_t id = 0;
  for (; id < 2000; id++) register_once(d, std::to_string(100000 + id), id, nullptr);
  const auto timed = [&](const std::string& text) {
    state.ResumeTiming();
    d.receive(text);
    state.PauseTiming();
  };
  for (auto _ : state) {
    state.PauseTiming();
    id++;
    if (id % 20 == 0) d.pass(milliseconds(2));
    const std::string caller = std::to_string(100000 + id % 1000), callee = std::to_string(101000 + id % 1000);
    const std::string to = "<sip:" + callee + "@perf.test>",
                      contact = "Contact: <sip:" + caller + "@127.0.0.1:17060>\r\n";
    timed(head("INVITE", "sip:" + callee + "@perf.test", caller, to, id, 1) + contact +
          "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(kSdp.size()) + "\r\n\r\n" + kSdp);
    const std::string invite(find_sent(d, "INVITE"));
    timed(response_to(invite, "180 Ringing", {}));
    timed(response_to(invite, "200 OK", kSdp));
    const std::string answer(find_sent(d, "SIP/2.0 200"));
    const std::string tagged(between(answer, "\r\nTo: ", "\r\n"));
    const std::string target(between(answer, "\r\nContact: <", ">"));
    timed(head("ACK", target, caller, tagged, id, 1) + "Content-Length: 0\r\n\r\n");
    timed(head("BYE", target, caller, tagged, id, 2) + "Content-Length: 0\r\n\r\n");
    const std::string bye(find_sent(d, "BYE"));
    timed(response_to(bye, "200 OK", {}));
    state.ResumeTiming();
  }
}
BENCHMARK(BM_ShardCall)->Iterations(20000);

// What a line's becoming busy and idle again costs that so many phones watch (dialog-info, RFC 4235): the turn that
// sends the NOTIFYs, and their answers. The turn of the call itself is in it; beside 0 watchers it shows the rest.
void BM_ShardWatchedLine(benchmark::State& state) {
  Driver d(false);
  uint64_t id = 0, notifies = 0;
  const auto answer_all = [&] {
    std::vector<std::string> told;
    for (size_t i = 0; i < d.sent_count(); i++) {
      if (d.sent(i).substr(0, 7) == "NOTIFY ") told.emplace_back(d.sent(i));
    }
    for (const std::string& one : told) d.receive(response_to(one, "200 OK", {}));
    notifies += told.size();
  };
  const auto watchers = static_cast<uint64_t>(state.range(0));
  for (; id < watchers + 2; id++) register_once(d, std::to_string(100000 + id), id, nullptr);
  for (uint64_t i = 2; i < watchers + 2; i++, id++) {
    d.receive(head("SUBSCRIBE", "sip:100001@perf.test", std::to_string(100000 + i), "<sip:100001@perf.test>", id, 1) +
              "Contact: <sip:" + std::to_string(100000 + i) + "@127.0.0.1:17060>\r\nEvent: dialog\r\n" +
              "Accept: application/dialog-info+xml\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n");
    answer_all();
  }
  notifies = 0;
  const std::string to = "<sip:100001@perf.test>", contact = "Contact: <sip:100000@127.0.0.1:17060>\r\n";
  for (auto _ : state) {
    id++;
    d.pass(seconds(1));
    answer_all();
    d.receive(head("INVITE", "sip:100001@perf.test", "100000", to, id, 1) + contact +
              "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(kSdp.size()) + "\r\n\r\n" + kSdp);
    const std::string invite(find_sent(d, "INVITE"));
    answer_all();
    d.receive(response_to(invite, "486 Busy Here", {}));
    answer_all();
    d.receive(head("ACK", "sip:100001@perf.test", "100000", to, id, 1) + "Content-Length: 0\r\n\r\n");
  }
  state.counters["notifies"] = benchmark::Counter(static_cast<double>(notifies), benchmark::Counter::kAvgIterations);
}
// A second passes in each: fewer than the registrations and subscriptions last.
BENCHMARK(BM_ShardWatchedLine)->Arg(0)->Arg(1)->Arg(1000)->Iterations(2000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace carillon
