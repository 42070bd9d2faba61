#include "promises.h"

#include <set>

namespace carillon::sim {
namespace {

struct Known {
  std::string number, contact;
};

std::vector<Known> bindings_of(shard::Shard& shard) {
  std::vector<Known> all;
  shard.registrar().for_each([&](const registrar::Binding& b) { all.push_back({b.number.str(), b.contact.str()}); });
  return all;
}

bool has(const std::vector<Known>& all, const std::string& number, const std::string& address) {
  for (const Known& k : all) {
    if (k.number == number && k.contact.find("@" + address) != std::string::npos) return true;
  }
  return false;
}

bool killed_within(const Scenario& s, Instant at, Duration after) {
  for (Instant k : s.kills()) {
    if (k >= at - milliseconds(1) && k <= at + after) return true;
  }
  return false;
}

bool killed_near(const Scenario& s, Instant at) { return killed_within(s, at, milliseconds(100)); }

// Was the server killed before the record of this call, answered just then, could be written (50 ms)?
bool answered_near_kill(const Scenario& s, const std::string& call_id) {
  for (const Entry& e : s.trace.entries()) {
    const bool answer =
        e.message && e.message->status == 200 && e.message->method == "INVITE" && e.message->call_id == call_id;
    if (answer && e.kind != Entry::Kind::lost && killed_near(s, e.at)) return true;
  }
  return false;
}

// Was a 200 to the INVITE of this call lost, and the server killed before it could be sent again?
bool answer_lost_by_kill(const Scenario& s, const std::string& call_id) {
  for (const Entry& e : s.trace.entries()) {
    const bool lost = e.kind == Entry::Kind::lost && e.message && e.message->status == 200;
    if (lost && e.message->method == "INVITE" && e.message->call_id == call_id && killed_within(s, e.at, seconds(32)))
      return true;
  }
  return false;
}

// Was it killed between the write that parts a transferor from its call and the BYE that says so? Its own BYE gets 481.
bool parted_near_kill(const Scenario& s, const std::string& call_id) {
  for (const Entry& e : s.trace.entries()) {
    const bool told = e.kind == Entry::Kind::sent && e.message && e.message->method == "NOTIFY" &&
                      e.message->call_id == call_id && e.message->get("Subscription-State").starts_with("terminated");
    if (told && killed_near(s, e.at)) return true;
  }
  return false;
}

// A refresh is answered at once and written within 50 ms: the last one may be lost when a kill came before that. What
// was registered first is not excused.
bool refreshed_near_kill(const Scenario& s, const std::string& call_id) {
  const Entry* last = nullptr;
  bool before = false;
  for (const Entry& e : s.trace.entries()) {
    const bool answer = e.kind == Entry::Kind::sent && e.message && e.message->status == 200;
    if (!answer || e.message->method != "REGISTER" || e.message->call_id != call_id) continue;
    before = last != nullptr;
    last = &e;
  }
  return before && killed_near(s, last->at);
}

}  // namespace

void check_bindings(Scenario& s, std::vector<Finding>& out) {
  for (size_t i = 0; i < s.server->shards(); i++) {
    const auto known = bindings_of(s.server->shard(i));
    for (const auto& [name, phone] : s.phones) {
      for (const auto& [line, r] : phone->registrations()) {
        if (r.status != 200 || !r.certain || !r.request.contacts.empty()) continue;
        const bool found = has(known, line, phone->address().text());
        const std::string where = line + " of " + name + " on shard " + std::to_string(i);
        if (r.registered && r.expires > s.world.now() && !found) {
          if (!refreshed_near_kill(s, r.call_id))
            out.push_back({"promise binding-kept", s.world.now(), "acknowledged, but lost: " + where});
        }
        if (!r.registered && found)
          out.push_back({"promise binding-gone", s.world.now(), "given up, but there again: " + where});
      }
    }
  }
}

void check_agreement(Scenario& s, std::vector<Finding>& out) {
  std::set<std::string> talking;  // Call-IDs of calls, by the server
  std::vector<std::pair<std::string, std::string>> pairs;
  for (size_t i = 0; i < s.server->shards(); i++) {
    s.server->shard(i).calls().for_each([&](const call::CallInfo& c) {
      // Whoever is being transferred talks to nobody while the target rings.
      talking.insert(c.calling_call_id), talking.insert(c.called_call_id);
      if (c.state != "answered") return;
      pairs.emplace_back(c.calling_call_id, c.called_call_id);
    });
  }
  std::set<std::string> there;  // has answered, and may still wait for the ACK while two are being joined
  for (const auto& [name, phone] : s.phones) {
    for (const PhoneCall& c : phone->calls()) {
      if (c.state == PhoneCall::State::answered) there.insert(c.call_id);
      if (c.state != PhoneCall::State::up) continue;
      there.insert(c.call_id);
      if (talking.count(c.call_id) == 0 && !answered_near_kill(s, c.call_id) && !parted_near_kill(s, c.call_id)) {
        out.push_back(
            {"promise legs-agree", s.world.now(), name + " talks, the server knows nothing of it: " + c.call_id});
      }
    }
  }
  for (const auto& [a, b] : pairs) {
    if (a.empty() || b.empty()) continue;  // the server has answered by itself, and that party waits alone
    if (there.count(a) + there.count(b) != 2 && !answer_lost_by_kill(s, a)) {
      out.push_back({"promise legs-agree", s.world.now(), "the server thinks that both talk: " + a + " and " + b});
    }
  }
}

namespace {

// When did we first answer a BYE with 200 on this Call-ID? Not of phones that were let go and answered all the same:
// the call has its record with another.
std::map<std::string, Instant> byes_answered(const Trace& trace) {
  std::map<std::string, Instant> all;
  std::set<std::string> let_go;
  for (const Entry& e : trace.entries()) {
    if (e.kind == Entry::Kind::sent && e.message && e.message->is("CANCEL")) let_go.emplace(e.message->call_id);
    if (e.kind != Entry::Kind::sent || !e.message || e.message->status != 200 || e.message->method != "BYE") continue;
    if (let_go.count(std::string(e.message->call_id)) == 0) all.try_emplace(std::string(e.message->call_id), e.at);
  }
  return all;
}

void check_row(const Disk::CdrRow& row, Instant at, std::vector<Finding>& out) {
  const state::Cdr& c = row.cdr;
  if (!row.readable) return out.push_back({"promise record-readable", at, "a CDR that cannot be read"});
  if (c.end < c.start) out.push_back({"promise record-times", at, "end before start"});
  if (c.answer.us != 0 && (c.answer < c.start || c.end < c.answer))
    out.push_back({"promise record-times", at, "answer out of order"});
  if ((c.disposition == state::Cdr::Disposition::answered) != (c.answer.us != 0 && c.sip_code == 200) &&
      c.disposition != state::Cdr::Disposition::recovered) {
    out.push_back({"promise record-sense", at, "disposition and answer disagree"});
  }
}

}  // namespace

void check_records(Scenario& s, std::vector<Finding>& out) {
  std::map<std::string, int> by_call_id;
  std::map<std::string, Instant> durable;
  std::set<uint64_t> keys;
  for (const Disk::CdrRow& row : s.disk.cdrs()) {
    check_row(row, row.committed, out);
    if (!keys.insert(row.key).second) out.push_back({"promise one-record", row.committed, "two CDRs of one call"});
    // A refusal that never arrived: after a kill the phone's repetition of the INVITE is an attempt of its own.
    const bool made_again = row.cdr.answer.us == 0 && killed_within(s, row.committed, seconds(32));
    // Of a call that a feature takes from party to party each pair has a record, the last of which is not split; those
    // of a transfer name the first one.
    const bool goes_on = row.cdr.split || (row.cdr.global != 0 && row.cdr.global != row.key);
    by_call_id[row.cdr.calling_call_id] += !made_again && !goes_on && !row.cdr.calling_call_id.empty();
    durable.try_emplace(row.cdr.calling_call_id, row.committed);
    durable.try_emplace(row.cdr.called_call_id, row.committed);
  }
  for (const auto& [id, n] : by_call_id) {
    if (n > 1) out.push_back({"promise one-record", s.world.now(), std::to_string(n) + " CDRs for " + id});
  }
  for (const auto& [id, at] : byes_answered(s.trace)) {
    const auto row = durable.find(id);
    if (row == durable.end() || row->second > at) {
      out.push_back({"promise record-before-bye", at, "BYE answered before its CDR was durable: " + id});
    }
  }
  for (const auto& [name, phone] : s.phones) {
    for (const PhoneCall& c : phone->calls()) {
      if (c.incoming || c.final_status != 200 || durable.count(c.call_id) != 0) continue;
      if (!answered_near_kill(s, c.call_id))
        out.push_back(
            {"promise one-record", s.world.now(), "an answered call of " + name + " left no CDR: " + c.call_id});
    }
  }
}

// What a kill takes that nobody promised: that a SUBSCRIBE whose 200 was lost has made a subscription already, and
// which description went out with an ACK within the last 50 ms.
bool taken_by_kill(const Scenario& s, const Finding& f) {
  const bool notify = f.text.substr(0, 6) == "NOTIFY";
  const bool excusable = (notify && (f.rule.find("cseq-rises") != std::string::npos ||
                                     f.rule.find("version-rises") != std::string::npos)) ||
                         f.rule.find("origin-version") != std::string::npos;
  return excusable && killed_within(s, f.at - seconds(32), seconds(32));
}

namespace {

// Waiting for a line is no leftover, but only as long as it may last, and with one record each.
void check_call_backs(Scenario& s, std::vector<Finding>& out) {
  size_t n = 0;
  for (size_t i = 0; i < s.server->shards(); i++) {
    const shard::Shard& shard = s.server->shard(i);
    shard.lines().for_each_call_back(shard.snapshot(), [&](const lines::CallBackInfo& b) {
      n++;
      const std::string who = "the call-back of " + b.number + " to " + b.target;
      if (b.state == "calling") out.push_back({"leftovers", s.world.now(), who + " is under way after quiet"});
      if (b.expires <= s.world.now()) out.push_back({"leftovers", s.world.now(), who + " stands beyond its time"});
    });
  }
  const size_t written = s.disk.records(state::RecordKind::call_back);
  if (written != n && s.disk.refuse_nth == 0) {
    out.push_back({"leftovers-on-disk", s.world.now(),
                   std::to_string(written) + " call-backs lie on the disk, " + std::to_string(n) + " wait"});
  }
}

}  // namespace

void check_leftovers(Scenario& s, std::vector<Finding>& out) {
  if (s.server->leftovers() != 0) {
    out.push_back(
        {"leftovers", s.world.now(), std::to_string(s.server->leftovers()) + " things live in the server after quiet"});
  }
  if (s.server->counted() != 0) {
    out.push_back(
        {"leftovers", s.world.now(), std::to_string(s.server->counted()) + " calls are counted that nobody has"});
  }
  if (s.disk.calls() != 0) {
    out.push_back(
        {"leftovers-on-disk", s.world.now(), std::to_string(s.disk.calls()) + " call records lie on the disk"});
  }
  check_call_backs(s, out);
  for (const auto& [name, phone] : s.phones) {
    if (phone->live_calls() != 0) out.push_back({"leftovers", s.world.now(), name + " still has a call"});
  }
}

}  // namespace carillon::sim
