#include "sip/locate/cache.h"

#include <algorithm>

#include "base/text.h"

namespace carillon::sip {

namespace {

void make_key(std::string& key, Lookup::Kind kind, View name) {
  key.assign(1, static_cast<char>('0' + static_cast<int>(kind)));
  for (const char c : name) key += ascii_lower(c);
}

// Removes what has expired; when that is nothing, an arbitrary entry.
template <typename Map, typename Expired>
void make_room(Map& map, size_t limit, Expired expired) {
  if (map.size() < limit) return;
  std::erase_if(map, expired);
  if (map.size() >= limit) map.erase(map.begin());
}

}  // namespace

const std::vector<DnsRecord>* LocateCache::find(Instant now, Lookup::Kind kind, View name) {
  make_key(key_, kind, name);
  const auto at = answers_.find(key_);
  if (at == answers_.end()) return nullptr;
  if (at->second.until <= now) {
    answers_.erase(at);
    return nullptr;
  }
  return &at->second.records;
}

void LocateCache::keep(Instant now, View name, const DnsAnswer& answer) {
  if (answer.failed) return;
  const Duration live = std::min(answer.ttl, answer.records.empty() ? kNone : kLongest);
  if (live <= Duration{}) return;
  make_room(answers_, kAnswers, [&](const auto& e) { return e.second.until <= now; });
  make_key(key_, answer.kind, name);
  answers_[key_] = {now + live, answer.records};
}

void LocateCache::mark_dead(Instant now, const Hop& hop) {
  make_room(dead_, kDead, [&](const auto& e) { return e.second <= now; });
  dead_[hop] = now + kDeadFor;
}

void LocateCache::mark_alive(const Hop& hop) {
  if (!dead_.empty()) dead_.erase(hop);
}

bool LocateCache::dead(Instant now, const Hop& hop) const {
  const auto at = dead_.find(hop);
  return at != dead_.end() && at->second > now;
}

}  // namespace carillon::sip
