#include "swarm_impl.h"

namespace carillon::swarm {

using sim::Direction;
using sim::Phone;
using sim::PhoneCall;

SwarmResult Swarm::run() {
  populate();
  if (draws_ != Draws::calls) arrange();
  if (draws_ == Draws::services) arrange_services();
  if (chance(0.3)) s_.mail_takes = s_.world.between(microseconds(100), milliseconds(30));  // a busy machine
  s_.start();
  for (auto& [name, phone] : s_.phones) enroll(*phone);
  s_.world.run_for(seconds(20));
  trouble();
  const int deeds = 20 + static_cast<int>(dice(60));
  for (int i = 0; i < deeds; i++) {
    s_.world.run_for(s_.world.between(milliseconds(5), seconds(4)));
    if (draws_ == Draws::calls || chance(0.6)) {
      deed();
    } else if (draws_ == Draws::features || chance(0.4)) {
      feature_deed();
    } else {
      service_deed();
    }
  }
  for (auto& [name, phone] : s_.phones) {
    if (s_.kills().empty() || phone->options().transport == sip::Transport::udp) continue;
    s_.waivers.push_back({"legs-agree", "a BYE over a stream is sent once, and the server may be dead at that moment"});
  }
  SwarmResult r;
  const auto findings = s_.finish();
  r.good = findings.empty();
  if (!r.good) r.report = s_.report(findings);
  r.ladder = sim::ladder(s_.trace, sim::World::kStart, 100'000);
  count(r);
  return r;
}

Phone& Swarm::any() {
  auto it = s_.phones.begin();
  std::advance(it, dice(static_cast<uint32_t>(s_.phones.size())));
  return *it->second;
}

void Swarm::populate() {
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
    const auto transport = chance(0.15) ? sip::Transport::tcp : chance(0.1) ? sip::Transport::tls : sip::Transport::udp;
    const bool nat = transport == sip::Transport::udp && chance(0.15);
    const std::string ip = (nat ? "10.0.0." : "127.9.1.") + std::to_string(i + 1);
    if (nat) s_.network.add_nat(*Address::parse_ip(ip, 0), *Address::parse_ip("127.9.3." + std::to_string(i + 1), 0));
    Phone& phone = s_.add_phone(name, e, *Address::parse_ip(ip, 5060), transport, "secret-" + name);
    mannerize(phone.manners());
    if (nat) natted_.push_back(name);
    numbers_.push_back(e.lines[0]);
  }
}

void Swarm::mannerize(sim::Manners& m) {
  m.rings_after = s_.world.between(milliseconds(1), milliseconds(500));
  if (chance(0.6)) m.answers_after = s_.world.between(milliseconds(1), seconds(8));
  if (chance(0.15)) m.refuses = chance(0.5) ? 486 : 603;
  m.early_media = chance(0.2), m.reliable = chance(0.2), m.prack = chance(0.3);
  m.bye_twice = chance(0.05), m.answers_cancelled = chance(0.1), m.plain_digest = chance(0.1), m.cold = chance(0.2);
  m.delayed_offer = chance(0.1);
}

// What goes wrong in this world: some kinds not at all, others often.
void Swarm::trouble() {
  sim::Link& link = s_.network.link();
  link.delay_max = s_.world.between(milliseconds(5), milliseconds(300));
  if (chance(0.5)) link.loss = 0.3 * static_cast<double>(dice(100)) / 100;
  if (chance(0.4)) link.duplicate = 0.2;
  if (chance(0.4)) link.late = 0.2, link.late_by = s_.world.between(milliseconds(50), seconds(2));
  kills_ = chance(0.4), rebinds_ = chance(0.5), changes_ = chance(0.5);
}

void Swarm::enroll(Phone& phone) {
  for (const std::string& line : phone.options().lines) phone.enroll(line);
}

void Swarm::deed() {
  Phone& phone = any();
  PhoneCall* call = phone.current();
  switch (dice(18)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      if (phone.live_calls() < 3) phone.dial(any_number());
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
      if (rebinds_ && !natted_.empty()) {
        rebind(one_of(natted_));
      } else if (rebinds_ && draws_ == Draws::services) {
        phone.drop_connection();  // in the middle of whatever it does, when it has one
      }
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

void Swarm::watch(Phone& phone) {
  const char* package = chance(0.6) ? "dialog" : chance(0.7) ? "presence" : "message-summary";
  const std::string number = package[0] == 'm' ? phone.options().lines[0] : any_number();
  phone.subscribe(package, number, chance(0.15) ? 0 : 60 + dice(600), chance(0.7));
}

void Swarm::publish(Phone& phone) {
  const std::string basic = chance(0.5) ? "open" : "closed";
  phone.publish("<presence><tuple id=\"a\"><status><basic>" + basic + "</basic></status></tuple></presence>",
                chance(0.2) ? 0 : 60 + dice(600));
}

void Swarm::wait_for_message() {
  if (!s_.server->alive()) return;
  const std::string& number = any_number();
  lines::Mailbox box;
  box.fresh = dice(3), box.waiting = box.fresh != 0, box.counted = true;
  s_.server->set_mailbox(s_.directory.line(number), number, box);
}

void Swarm::modify(Phone& phone, PhoneCall& call) {
  const uint32_t how = dice(5);
  const bool zero = how == 3;
  const Direction wish = how == 0 ? Direction::sendonly : how == 1 ? Direction::inactive : Direction::sendrecv;
  phone.offer(call, wish, zero, chance(0.3), true);
}

// Between calls and in the middle of one, but not while an INVITE waits for its answer, which goes where it came
// from.
void Swarm::rebind(const std::string& name) {
  for (const PhoneCall& c : s_.phones[name]->calls()) {
    if (c.live() && (c.state != PhoneCall::State::up || c.invite_out)) return;
  }
  s_.network.rebind(s_.phones[name]->address());
  enroll(*s_.phones[name]);
}

void Swarm::kill() {
  if (!s_.server->alive()) return;
  s_.kill();
  s_.world.after(s_.world.between(milliseconds(100), seconds(5)), [this] {
    if (!s_.server->alive()) s_.restart();
  });
}

void Swarm::count(SwarmResult& r) {
  for (auto& [name, phone] : s_.phones) {
    for (const PhoneCall& c : phone->calls())
      r.calls += !c.incoming, r.answered += !c.incoming && c.final_status == 200;
  }
  using state::OnBehalfOf;
  using state::RedirectReason;
  for (const sim::Disk::CdrRow& row : s_.disk.cdrs()) {
    const state::Cdr& c = row.cdr;
    const auto by = [&c](OnBehalfOf one) { return c.joined_by == one; };
    r.transferred += by(OnBehalfOf::transfer) || by(OnBehalfOf::refer);
    r.parked += c.last.reason == RedirectReason::park;
    r.taken_up += c.last.reason == RedirectReason::park_pickup;
    r.reverted += c.last.reason == RedirectReason::park_reversion;
    r.picked_up += by(OnBehalfOf::pickup), r.called_back += by(OnBehalfOf::call_control);
  }
  r.messages = s_.network.datagrams();
  r.kills = s_.kills().size();
  r.hours = static_cast<double>(s_.world.elapsed().us) / 3.6e9;
}

SwarmResult run_swarm(uint64_t seed, uint16_t shards, Draws draws) {
  return Swarm(seed, shards != 0 ? shards : static_cast<uint16_t>(1 + seed % 3), draws).run();
}

}  // namespace carillon::swarm
