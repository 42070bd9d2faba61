#include "call/park_record.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "call/park_place.h"
#include "sip/route_key.h"

namespace carillon::call {

namespace {

// Words with a blank between: number of the row or its range, row, number, "d" or "n", line of the parker, when it is
// due, how often it has reverted.
using Words = std::array<View, 7>;

std::optional<Words> words_of(View text) {
  Words words;
  for (size_t i = 0; i < words.size(); i++) {
    const size_t blank = text.find(' ');
    words[i] = text.substr(0, blank);
    if (words[i].empty() || (blank == View::npos) != (i + 1 == words.size())) return {};
    text.remove_prefix(blank == View::npos ? text.size() : blank + 1);
  }
  return words;
}

std::string pattern_of(const Turn& t, const Parked& p) {
  const config::Snapshot& s = *t.context.snapshot;
  if (const auto* row = s.row<config::DirectedParkView>(p.row); p.directed && row != nullptr) return row->number;
  if (const auto* row = s.row<config::CallParkView>(p.row); !p.directed && row != nullptr) return row->number;
  return p.number;
}

}  // namespace

std::string parked_text(const Turn& t) {
  const Parked* p = t.core.parks.find(t.call.park);
  const bool waits = p != nullptr && p->call == t.call.self && p->state != park::State::reserved;
  if (!waits || p->state == park::State::taking) return {};
  std::string text = pattern_of(t, *p) + " ";
  append_number(text, static_cast<uint64_t>(p->row));
  text.append(" ").append(p->number).append(p->directed ? " d " : " n ");
  append_number(text, static_cast<uint64_t>(p->parker));
  text += ' ';
  append_number(text, p->due == kNever ? 0 : static_cast<uint64_t>(p->due.us));
  text += ' ';
  append_number(text, p->reversions);
  return text;
}

bool restore_parked(Turn& t, std::string_view text) {
  const auto words = words_of(text);
  if (!words) return false;
  const auto& [pattern, row, number, kind, parker, due, reversions] = *words;
  const auto row_id = to_number<uint64_t>(row), parker_id = to_number<uint64_t>(parker), at = to_number<uint64_t>(due);
  const auto times = to_number<uint32_t>(reversions);
  if (!row_id || !parker_id || !at || !times) return false;
  ParkWish wish;
  wish.kind = ParkWish::Kind::exactly;
  wish.row = static_cast<config::EntityId>(*row_id);
  wish.number = number;
  wish.directed = kind == "d";
  Parked* p = take_number(t.core, t.context, wish);
  if (p == nullptr) return false;
  p->state = park::State::parked;
  p->call = t.call.self;
  p->party = t.call.caller;
  p->parker = static_cast<config::EntityId>(*parker_id);
  p->reversions = *times;
  t.call.park = p->self;
  // What was to happen while nobody was there happens soon, when phones may have registered again.
  p->due = std::max(Instant{static_cast<int64_t>(*at)}, t.now() + seconds(5));
  t.core.alarms.arm(p->due, {p->self.bits(), Alarm::park});
  return true;
}

std::optional<uint16_t> shard_of_parked(std::string_view text, uint16_t shards) {
  const auto words = words_of(text);
  if (!words) return {};
  return static_cast<uint16_t>(sip::shard_of_user((*words)[0], shards));
}

}  // namespace carillon::call
