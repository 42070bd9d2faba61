#include "call/core.h"

#include "sip/route_key.h"

namespace carillon::call {

Core::Core(EngineOptions given, Random& random_bits) : options(std::move(given)), random(random_bits) {
  shown.shard = options.shard;
  shown.listeners = options.listeners;
  hosts.resize(options.listeners.size());
  id_counter = random.next32() & 0xffffff;
}

Leg* Core::find_leg(std::string_view tag) {
  if (const auto key = sip::parse_tag(tag); key && key->shard == options.shard) {
    Leg* leg = legs.at_index(static_cast<uint32_t>(key->owner));
    if (leg != nullptr && leg->dialog.local_tag == tag) return leg;
  }
  if (restored.empty()) return nullptr;
  const auto at = restored.find(tag);
  return at == restored.end() ? nullptr : legs.find(at->second);
}

void Core::own(sip::TxnId txn, LegRef leg) {
  if (!txn.valid()) return;
  if (owners.size() <= txn.index) owners.resize(std::max<size_t>(txn.index + 1, owners.size() * 2));
  owners[txn.index] = {txn, leg};
}

Leg* Core::owner_of(sip::TxnId txn) {
  if (txn.index >= owners.size() || owners[txn.index].txn != txn) return nullptr;
  return legs.find(owners[txn.index].leg);
}

void Core::lost(sip::ConnectionId connection) {
  gone.insert(connection);
  if (gone.size() <= legs.size() + 64) return;
  boost::unordered_flat_set<sip::ConnectionId> used;
  legs.for_each([&](LegRef, const Leg& leg) {
    if (gone.contains(leg.flow.connection)) used.insert(leg.flow.connection);
  });
  gone = std::move(used);
}

// Seconds, shard and a counter that began somewhere at random: a restart within the same second does not repeat ids.
CallId Core::mint_call(Instant now) {
  id_counter = (id_counter + 1) & 0xffffff;
  return static_cast<uint64_t>(now.us / 1'000'000) << 32 | static_cast<uint64_t>(options.shard & 0xff) << 24 |
         id_counter;
}

const std::string& Core::host_of(const sip::Flow& flow) {
  const size_t i = flow.listener;
  if (i >= hosts.size()) return host_text = sip::shown_host(shown, flow);
  const sip::Listener& l = options.listeners[i];
  const bool fixed = !l.host.empty() || !l.bound.is_any();
  if (!fixed) return host_text = sip::shown_host(shown, flow);
  if (hosts[i].empty()) hosts[i] = sip::shown_host(shown, flow);
  return hosts[i];
}

const config::SipProfileView& Turn::profile(const Leg& l) const {
  static const config::SipProfileView kDefaults;
  const config::PhoneView* p = phone(l);
  return p != nullptr && p->sip ? *p->sip : kDefaults;
}

std::string_view to_string(Stage s) {
  constexpr std::string_view kNames[] = {"routing", "ringing", "answered", "ending"};
  return kNames[static_cast<size_t>(s)];
}

std::string_view to_string(Exchange::Kind k) {
  constexpr std::string_view kNames[] = {"reinvite", "update", "refresh", "relay", "bye", "join", "notify", "still"};
  return kNames[static_cast<size_t>(k)];
}

}  // namespace carillon::call
