#include "swarm.h"

#include "sim/scenario.h"

namespace carillon::swarm {
namespace {

using sim::Direction;
using sim::Phone;
using sim::PhoneCall;
using sim::Scenario;

class Swarm {
 public:
  Swarm(uint64_t seed, uint16_t shards, bool features) : s_({seed, shards, true}), features_(features) {}

  SwarmResult run() {
    populate();
    if (features_) arrange();
    s_.start();
    for (auto& [name, phone] : s_.phones) enroll(*phone);
    s_.world.run_for(seconds(20));
    trouble();
    const int deeds = 20 + static_cast<int>(dice(60));
    for (int i = 0; i < deeds; i++) {
      s_.world.run_for(s_.world.between(milliseconds(5), seconds(4)));
      if (!features_ || chance(0.6)) {
        deed();
      } else {
        feature_deed();
      }
    }
    for (auto& [name, phone] : s_.phones) {
      if (s_.kills().empty() || phone->options().transport == sip::Transport::udp) continue;
      s_.waivers.push_back(
          {"legs-agree", "a BYE over a stream is sent once, and the server may be dead at that moment"});
    }
    SwarmResult r;
    const auto findings = s_.finish();
    r.good = findings.empty();
    if (!r.good) r.report = s_.report(findings);
    r.ladder = sim::ladder(s_.trace, sim::World::kStart, 100'000);
    count(r);
    return r;
  }

 private:
  uint32_t dice(uint32_t n) { return s_.world.random().below(n); }
  bool chance(double p) { return s_.world.random().chance(p); }

  void populate() {
    const uint32_t n = 2 + dice(19);
    for (uint32_t i = 0; i < n; i++) {
      const std::string name = "p" + std::to_string(i + 1);
      sim::PhoneEntry e;
      e.user = name;
      e.lines = {std::to_string(1001 + i)};
      if (chance(0.2)) e.lines = {std::to_string(2001 + dice(2))};  // shared
      e.advanced = chance(0.3), e.digest = chance(0.4), e.out_of_dialog_only = chance(0.5);
      e.delayed_offer = chance(0.1);
      if (chance(0.2)) e.rel1xx = config::SipProfileView::Rel1xx::all;
      if (chance(0.3)) e.max_calls = e.busy_trigger = 1;
      s_.directory.user(name, "secret-" + name);
      const auto transport = chance(0.15)  ? sip::Transport::tcp
                             : chance(0.1) ? sip::Transport::tls
                                           : sip::Transport::udp;
      const bool nat = transport == sip::Transport::udp && chance(0.15);
      const std::string ip = (nat ? "10.0.0." : "127.9.1.") + std::to_string(i + 1);
      if (nat) s_.network.add_nat(*Address::parse_ip(ip, 0), *Address::parse_ip("127.9.3." + std::to_string(i + 1), 0));
      Phone& phone = s_.add_phone(name, e, *Address::parse_ip(ip, 5060), transport, "secret-" + name);
      mannerize(phone.manners());
      if (nat) natted_.push_back(name);
      numbers_.push_back(e.lines[0]);
    }
  }

  void mannerize(sim::Manners& m) {
    m.rings_after = s_.world.between(milliseconds(1), milliseconds(500));
    if (chance(0.6)) m.answers_after = s_.world.between(milliseconds(1), seconds(8));
    if (chance(0.15)) m.refuses = chance(0.5) ? 486 : 603;
    m.early_media = chance(0.2), m.reliable = chance(0.2), m.prack = chance(0.3);
    m.bye_twice = chance(0.05), m.answers_cancelled = chance(0.1), m.plain_digest = chance(0.1), m.cold = chance(0.2);
    m.delayed_offer = chance(0.1);
  }

  // What goes wrong in this world: some kinds not at all, others often.
  void trouble() {
    sim::Link& link = s_.network.link();
    link.delay_max = s_.world.between(milliseconds(5), milliseconds(300));
    if (chance(0.5)) link.loss = 0.3 * static_cast<double>(dice(100)) / 100;
    if (chance(0.4)) link.duplicate = 0.2;
    if (chance(0.4)) link.late = 0.2, link.late_by = s_.world.between(milliseconds(50), seconds(2));
    kills_ = chance(0.4), rebinds_ = chance(0.5), changes_ = chance(0.5);
  }

  // What lines and phones have set: forwards that may lead in circles, do not disturb, callers that are turned away.
  void arrange() {
    s_.directory.pickup_group("sales", "8600", {"desk"});
    s_.directory.pickup_group("desk", "8601", {});
    s_.directory.park("800X");
    s_.directory.park("8100");
    s_.directory.directed_park("880X", "*6", chance(0.3) ? any_number() : "");
    s_.directory.parameters.park_reversion = s_.world.between(seconds(5), seconds(40));
    for (const std::string& number : numbers_) {
      if (chance(0.4)) set_line(number);
    }
    for (auto& [name, phone] : s_.phones) {
      sim::Manners& m = phone->manners();
      if (chance(0.08)) m.refuses = 302, m.moved_to = any_number();
      if (chance(0.1)) m.invite_headers = "Privacy: id\r\n";
      if (chance(0.1)) m.refuses_reinvites = chance(0.5) ? 488 : 491;
    }
  }

  void set_line(const std::string& number) {
    sim::LineEntry e;
    const auto somebody = [this] { return chance(0.1) ? std::string("9999") : any_number(); };
    const auto set = [&](config::ForwardView& f) { f.internal = f.external = somebody(); };
    if (chance(0.15)) set(e.forwards.all);
    if (chance(0.5)) set(e.forwards.busy);
    if (chance(0.5)) set(e.forwards.no_answer);
    if (chance(0.5)) set(e.forwards.unregistered);
    e.forwards.no_answer_duration = s_.world.between(milliseconds(300), seconds(6));
    e.do_not_disturb = chance(0.1), e.reject_anonymous = chance(0.2);
    if (chance(0.6)) e.pickup_group = chance(0.5) ? "sales" : "desk";
    s_.directory.line(number, e);
  }

  void enroll(Phone& phone) {
    for (const std::string& line : phone.options().lines) phone.enroll(line);
  }

  Phone& any() {
    auto it = s_.phones.begin();
    std::advance(it, dice(static_cast<uint32_t>(s_.phones.size())));
    return *it->second;
  }

  void deed() {
    Phone& phone = any();
    PhoneCall* call = phone.current();
    switch (dice(18)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        if (phone.live_calls() < 3) phone.dial(numbers_[dice(static_cast<uint32_t>(numbers_.size()))]);
        break;
      case 5:
        if (phone.incoming() != nullptr) phone.answer(*phone.incoming());
        break;
      case 6:
      case 7:
        if (call != nullptr) phone.hang_up(*call);
        break;
      case 8:
      case 9:
        if (call != nullptr && call->state == PhoneCall::State::up && !call->invite_out && !call->offer_out)
          modify(phone, *call);
        break;
      case 10:
        if (call != nullptr && call->state == PhoneCall::State::up)
          phone.info(*call, "application/dtmf-relay", "Signal=1");
        break;
      case 11:
        if (rebinds_ && !natted_.empty()) rebind(natted_[dice(static_cast<uint32_t>(natted_.size()))]);
        break;
      case 12:
        if (kills_ && chance(0.5)) kill();
        break;
      case 13:
      case 14:
        watch(phone);
        break;
      case 15:
        publish(phone);
        break;
      case 16:
        wait_for_message();
        break;
      default:
        if (changes_) s_.configure();
    }
  }

  // A call of the phone that is up and has nothing open, or null; not `but`.
  PhoneCall* talk_of(Phone& phone, const PhoneCall* but = nullptr) {
    for (PhoneCall& c : phone.calls()) {
      if (&c != but && c.state == PhoneCall::State::up && !c.invite_out && !c.offer_out) return &c;
    }
    return nullptr;
  }

  void feature_deed() {
    Phone& phone = any();
    PhoneCall* call = talk_of(phone);
    switch (dice(12)) {
      case 8:
      case 9:
        if (call != nullptr) refer(phone, *call, park_number(), "");
        break;
      case 10:
        if (phone.live_calls() < 3) phone.dial(chance(0.5) ? retrieval() : park_number());
        break;
      case 11:
        if (phone.live_calls() < 3) phone.dial(pickup_number());
        break;
      case 0:
      case 1:  // blind
        if (call != nullptr) refer(phone, *call, any_number(), "");
        break;
      case 2:
      case 3:  // a consultation call, and attended when there is one, answered or not
        if (call != nullptr) consult(phone, *call);
        break;
      case 4:
        replace();
        break;
      case 5:
        set_line(any_number());
        s_.configure();
        break;
      case 6:
        if (call != nullptr && !call->refers.empty()) phone.subscribe_refer(*call, dice(3) * 30);
        break;
      default:
        if (phone.live_calls() < 3) phone.dial(any_number());
    }
  }

  void refer(Phone& phone, PhoneCall& call, const std::string& number, const std::string& replaces) {
    phone.refer(call, phone.refer_to(number, replaces, chance(0.2) ? "required" : ""),
                chance(0.2) ? "Refer-Sub: false\r\nSupported: norefersub\r\n" : "");
  }

  void consult(Phone& phone, PhoneCall& call) {
    for (PhoneCall& other : phone.calls()) {
      if (&other == &call || !other.live() || other.incoming || other.remote_tag.empty()) continue;
      return refer(phone, call, other.number, Phone::replaces_of(other));
    }
    if (phone.live_calls() >= 3) return;
    phone.offer(call, Direction::sendonly, false, false, true);
    phone.dial(chance(0.3) ? park_number() : any_number());
  }

  // Where somebody is parked, or may be: few numbers, so that they meet there.
  std::string park_number() {
    static constexpr const char* kPlaces[] = {"8000", "8001", "8100", "8801", "*70"};
    return kPlaces[dice(5)];
  }
  std::string retrieval() {
    static constexpr const char* kPlaces[] = {"8000", "8001", "8100", "*68801", "*718000"};
    return kPlaces[dice(5)];
  }
  std::string pickup_number() {
    static constexpr const char* kNumbers[] = {"8600", "8601", "*8", "*88601"};
    const uint32_t n = dice(6);
    return n < 4 ? kNumbers[n] : "**" + any_number();
  }

  // Somebody takes over a call, mostly one that is not theirs to take.
  void replace() {
    Phone& phone = any();
    Phone& victim = any();
    const PhoneCall* call = victim.current();
    if (call == nullptr || call->remote_tag.empty() || &phone == &victim || phone.live_calls() > 2) return;
    phone.take_over(victim.options().lines[0], Phone::replaces_of(*call) + (chance(0.3) ? ";early-only" : ""));
  }

  const std::string& any_number() { return numbers_[dice(static_cast<uint32_t>(numbers_.size()))]; }

  void watch(Phone& phone) {
    const char* package = chance(0.6) ? "dialog" : chance(0.7) ? "presence" : "message-summary";
    const std::string number = package[0] == 'm' ? phone.options().lines[0] : any_number();
    phone.subscribe(package, number, chance(0.15) ? 0 : 60 + dice(600), chance(0.7));
  }

  void publish(Phone& phone) {
    const std::string basic = chance(0.5) ? "open" : "closed";
    phone.publish("<presence><tuple id=\"a\"><status><basic>" + basic + "</basic></status></tuple></presence>",
                  chance(0.2) ? 0 : 60 + dice(600));
  }

  void wait_for_message() {
    if (!s_.server->alive()) return;
    const std::string& number = any_number();
    lines::Mailbox box;
    box.fresh = dice(3), box.waiting = box.fresh != 0, box.counted = true;
    s_.server->set_mailbox(s_.directory.line(number), number, box);
  }

  void modify(Phone& phone, PhoneCall& call) {
    const uint32_t how = dice(5);
    const bool zero = how == 3;
    const Direction wish = how == 0 ? Direction::sendonly : how == 1 ? Direction::inactive : Direction::sendrecv;
    phone.offer(call, wish, zero, chance(0.3), true);
  }

  // Between calls and in the middle of one, but not while an INVITE waits for its answer, which goes where it came
  // from.
  void rebind(const std::string& name) {
    for (const PhoneCall& c : s_.phones[name]->calls()) {
      if (c.live() && (c.state != PhoneCall::State::up || c.invite_out)) return;
    }
    s_.network.rebind(s_.phones[name]->address());
    enroll(*s_.phones[name]);
  }

  void kill() {
    if (!s_.server->alive()) return;
    s_.kill();
    s_.world.after(s_.world.between(milliseconds(100), seconds(5)), [this] {
      if (!s_.server->alive()) s_.restart();
    });
  }

  void count(SwarmResult& r) {
    for (auto& [name, phone] : s_.phones) {
      for (const PhoneCall& c : phone->calls())
        r.calls += !c.incoming, r.answered += !c.incoming && c.final_status == 200;
    }
    r.messages = s_.network.datagrams();
    r.kills = s_.kills().size();
    r.hours = static_cast<double>(s_.world.elapsed().us) / 3.6e9;
  }

  Scenario s_;
  std::vector<std::string> numbers_, natted_;
  const bool features_;
  bool kills_ = false, rebinds_ = false, changes_ = false;
};

}  // namespace

SwarmResult run_swarm(uint64_t seed, uint16_t shards, bool features) {
  return Swarm(seed, shards != 0 ? shards : static_cast<uint16_t>(1 + seed % 3), features).run();
}

}  // namespace carillon::swarm
