// What a tag or Call-ID leads here for, though it is elsewhere: dialogs of calls that moved to another shard, and
// INVITEs that are about a call there.

#include "base/limits.h"
#include "shard/shard_impl.h"
#include "sip/message/replaces.h"
#include "sip/route_key.h"

namespace carillon::shard {

namespace {

constexpr Duration kSticky = seconds(32);  // 64*T1: so long requests may be repeated after what they were about is over
constexpr Duration kSought = seconds(2);   // a wish that is not back by then has been lost
constexpr uint8_t kMostHops = 8;           // after a dialog that moves while it is looked for
constexpr int kRounds = 2;                 // of a wish that is sought

// Of an INVITE, and of what repeats it.
std::string name_of(const sip::Message& m) { return std::string(m.call_id()) + ' ' + std::to_string(m.cseq().number); }

}  // namespace

void Shard::Impl::send_away(Instant, Output& out) {
  for (call::Removal& r : removals) {
    using Kind = call::Removal::Kind;
    if (r.kind == Kind::fetch) {
      out.mail.push_back(
          {r.shard, Fetch{std::move(r.tag), Handoff{r.flow, std::move(r.bytes), true}, options_.index, false}});
      continue;
    }
    if (r.kind != Kind::call) {
      out.mail.push_back({r.shard, Reroute{std::move(r.tag), options_.index, r.kind == Kind::gone}});
      continue;
    }
    for (const std::string& tag : r.tags) {
      const auto key = sip::parse_tag(tag);
      if (key && key->shard == options_.index) rerouted[tag] = {r.shard};
    }
    out.mail.push_back(
        {r.shard, Arrival{r.id, std::move(r.record), std::move(r.tags), Handoff{r.flow, std::move(r.bytes), true}}});
  }
  removals.clear();
}

std::optional<uint16_t> Shard::Impl::detour(Instant now, const sip::Scan& scan) {
  if (!scan.request) return {};
  if (!scan.to_tag.empty()) {
    if (rerouted.empty()) return {};
    const auto at = rerouted.find(scan.to_tag);
    if (at == rerouted.end() || at->second.until < now) return {};
    if (hops > 1 && at->second.until != kNever) return {};  // it is over, and nothing is left of it there
    return hops == 0 && at->second.before_until >= now ? at->second.before : at->second.shard;
  }
  if (sticky.empty()) return {};
  const auto at = sticky.find(scan.call_id);
  if (at == sticky.end() || at->second.until < now) return {};
  return at->second.shard;
}

bool Shard::Impl::went_elsewhere(Instant now, const sip::Flow& flow, std::span<char> bytes, const sip::Scan& scan,
                                 Output& out) {
  const auto other = detour(now, scan);
  if (!other) return false;
  Handoff there{flow, std::string(bytes.data(), bytes.size()), true, hops};
  const bool ack = scan.method == "ACK";  // an INVITE from before may still have its 2xx repeated here: that stops it
  // What was asked here before the dialog moved, and is asked again, has its answer here.
  if (is_held(flow, bytes)) return false;
  out.mail.push_back({*other, std::move(there)});
  return !ack;
}

bool Shard::Impl::went_back(const sip::Flow& flow, std::span<char> bytes, Output& out) {
  const sip::Scan scan = sip::scan({bytes.data(), bytes.size()});
  if (!scan.request || scan.to_tag.empty() || hops >= kMostHops || engine.knows_tag(scan.to_tag)) return false;
  const auto key = sip::parse_tag(scan.to_tag);
  if (!key || key->shard == options_.index || key->shard >= options_.shards) return false;
  Handoff there{flow, std::string(bytes.data(), bytes.size()), false, static_cast<uint8_t>(hops + 1)};
  const uint16_t home = key->shard;
  const bool ack = scan.method == "ACK";
  if (is_held(flow, bytes)) return false;
  out.mail.push_back({home, std::move(there)});
  return !ack;
}

bool Shard::Impl::is_held(const sip::Flow& flow, std::span<char> bytes) {
  const auto framing = sip::is_stream(flow.transport) ? sip::Framing::stream : sip::Framing::datagram;
  return message.parse(bytes, framing).kind == sip::ParseFault::Kind::none && stack.holds(message);
}

void Shard::Impl::arrive(Instant now, Arrival&& arrival, Output& out) {
  for (const std::string& tag : arrival.tags) rerouted.erase(tag);  // those that have come back: none of them is fading
  with_engine(now, out, [&](call::Context& c) { engine.arrive(c, arrival.id, arrival.record); });
  handed_over = true;
  receive(now, arrival.request.flow, arrival.request.bytes, true, out);
  drain_events(now, out);
  handed_over = false;
}

void Shard::Impl::fetch(Instant now, Fetch&& wish, Output& out) {
  using Sent = call::Engine::Sent;
  const auto at = rerouted.find(wish.tag);
  const bool elsewhere = at != rerouted.end() && at->second.until == kNever && at->second.shard != wish.shard;
  if (elsewhere && !wish.passed_on) {
    wish.passed_on = true;
    const uint16_t to = at->second.shard;
    out.mail.push_back({to, std::move(wish)});
    return;
  }
  auto sent = Sent::unknown;
  with_engine(now, out, [&](call::Context& c) {
    sent = engine.send_call(c, wish.tag, wish.shard, wish.request.flow, wish.request.bytes);
  });
  // What is repeated by itself comes again.
  const bool comes_again = sent == Sent::later && !sip::is_stream(wish.request.flow.transport);
  if (sent == Sent::yes || comes_again) return;
  out.mail.push_back({wish.shard, std::move(wish.request)});
}

void Shard::Impl::reroute(Instant now, Reroute&& change) {
  for (; !fading.empty() && fading.front().first < now; fading.pop_front()) {
    const auto old = rerouted.find(fading.front().second);
    if (old != rerouted.end() && old->second.until < now) rerouted.erase(old);
  }
  const auto at = rerouted.find(change.tag);
  if (!change.gone) {
    Detour to{change.shard};
    if (at != rerouted.end() && at->second.shard != change.shard) {
      to.before = at->second.shard;
      to.before_until = now + kSticky;
    }
    rerouted[std::move(change.tag)] = to;
  } else if (at != rerouted.end() && at->second.shard == change.shard) {  // not when it has moved on
    at->second.until = now + kSticky;
    fading.emplace_back(at->second.until, std::move(change.tag));
  }
}

bool Shard::Impl::follow_replaces(Instant now, const sip::Event& event, Output& out) {
  const sip::Header* header = event.message->find(sip::HeaderId::replaces);
  if (header == nullptr) header = event.message->find(sip::HeaderId::join);
  const auto named = header == nullptr ? std::nullopt : sip::Replaces::parse(header->value);
  if (!named || hops >= kMostHops) return false;
  for (const std::string_view tag : {named->to_tag, named->from_tag}) {
    if (engine.knows_tag(tag)) return false;
    const auto key = sip::parse_tag(tag);
    if (!key || key->shard >= options_.shards) continue;
    const auto at = rerouted.find(tag);
    // A dialog that is over is nowhere: whoever names it is refused where it began.
    const bool elsewhere = at != rerouted.end() && at->second.until == kNever;
    const uint16_t shard = elsewhere ? at->second.shard : key->shard;
    if (shard == options_.index) continue;
    hand_over(now, event, shard, out);
    return true;
  }
  return false;
}

bool Shard::Impl::is_sought(Instant now, const sip::Message& request) {
  if (seeking.empty()) return false;
  const auto at = seeking.find(name_of(request));
  if (at == seeking.end()) return false;
  const bool on_its_way = !sought && at->second >= now;
  if (!on_its_way) seeking.erase(at);
  return on_its_way;
}

bool Shard::Impl::follow_number(Instant now, const sip::Event& event, const registrar::Identity& who, Output& out) {
  if (handed_over || !snapshot->has_features()) return false;
  call::Belongs to;
  with_engine(now, out, [&](call::Context& c) { to = engine.shard_of_dialled(c, event, who); });
  if (to.unsure && !sought && seeking.size() < limits::kDetours) {
    seeking[name_of(*event.message)] = now + kSought;
    Seek wish{Handoff{event.flow, std::string(event.message->bytes()), true},
              static_cast<uint16_t>(kRounds * options_.shards)};
    seek(now, std::move(wish), out);
    return true;
  }
  if (!to.shard || *to.shard == options_.index) return false;
  hand_over(now, event, *to.shard, out);
  return true;
}

// Whatever another phone has sent before this one dialled has been taken from its socket when the wish has been
// everywhere once, and has been done, and told of, where it is for when the wish has been everywhere again.
void Shard::Impl::seek(Instant now, Seek&& wish, Output& out) {
  if (wish.left == 0) {
    std::erase_if(seeking, [now](const auto& s) { return s.second < now; });  // what has been lost on its way
    sought = true;
    receive(now, wish.request.flow, wish.request.bytes, true, out);
    drain_events(now, out);
    sought = false;
    return;
  }
  wish.left--;
  const auto next = static_cast<uint16_t>((options_.index + 1) % options_.shards);
  out.mail.push_back({next, std::move(wish)});
}

void Shard::Impl::hand_over(Instant now, const sip::Event& event, uint16_t shard, Output& out) {
  std::erase_if(sticky, [now](const auto& s) { return s.second.until < now; });
  if (sticky.size() >= limits::kDetours) return reply(event, 503, "Retry-After: 5\r\n", out);
  sticky[std::string(event.message->call_id())] = {shard, now + kSticky};
  const auto next = static_cast<uint8_t>(hops + 1);
  out.mail.push_back({shard, Handoff{event.flow, std::string(event.message->bytes()), true, next}});
}

}  // namespace carillon::shard
