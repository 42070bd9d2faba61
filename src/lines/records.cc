// What survives a kill: subscriptions, publications, mailboxes, as versioned records.

#include "base/bytes.h"
#include "lines/lines_impl.h"
#include "sip/route_key.h"

namespace carillon::lines {
namespace {

constexpr uint8_t kVersion = 1;
// Of subscriptions. 1: only lines could be watched; since then the number of what is none stands in front.
constexpr uint8_t kWatcherVersion = 2;

state::Post& add_post(Context& c, state::PostKind what, state::RecordKind kind, uint64_t key) {
  state::Post& p = c.posts.emplace_back();
  p.kind = what;
  p.record = kind;
  p.key = key;
  return p;
}

}  // namespace

void Lines::Impl::post_removal(Context& c, state::RecordKind kind, uint64_t key) {
  add_post(c, state::PostKind::remove_record, kind, key);
}

uint64_t Lines::Impl::next_key(const Context& c) {
  key_counter = (key_counter + 1) & 0xffffff;
  return static_cast<uint64_t>(c.now.us / 1'000'000) << 32 | static_cast<uint64_t>(options.shard & 0xff) << 24 |
         key_counter;
}

void Lines::Impl::post(Context& c, Watcher& w) {
  if (w.key == 0) w.key = next_key(c);
  state::Post& p = add_post(c, state::PostKind::put_record, state::RecordKind::subscription, w.key);
  p.expires = w.sub.expires;
  const Lamp& lamp = *lamps.find(w.lamp);
  put_number(p.blob, kWatcherVersion);
  put_text(p.blob, lamp.line > 0 ? View() : View(lamp.number));
  std::string dialog;
  sip::append_record(dialog, w.sub.dialog);
  put_text(p.blob, dialog);
  put_text(p.blob, facts_of(w.package).name);
  put_text(p.blob, w.sub.event_id);
  put_number(p.blob, lamp.line > 0 ? lamp.line : 0);  // keys of other numbers end with the process
  put_number(p.blob, w.phone);
  put_number(p.blob, w.line);
  put_number(p.blob, w.since.us);
  put_number(p.blob, w.version);
}

void Lines::Impl::post(Context& c, const Publication& pub, const Lamp& lamp) {
  state::Post& p = add_post(c, state::PostKind::put_record, state::RecordKind::publication, pub.tag);
  p.expires = pub.expires;
  put_number(p.blob, kVersion);
  put_number(p.blob, lamp.line);
  put_number(p.blob, pub.phone);
  put_number(p.blob, pub.made.us);
  put_number(p.blob, static_cast<uint8_t>(!pub.says.open ? 2 : *pub.says.open ? 1 : 0));
  put_text(p.blob, pub.says.note);
  put_number(p.blob, static_cast<uint32_t>(pub.says.activities.size()));
  for (const std::string& activity : pub.says.activities) put_text(p.blob, activity);
}

void Lines::Impl::post(Context& c, EntityId line, const Mailbox& m) {
  if (m == Mailbox()) return post_removal(c, state::RecordKind::mailbox, static_cast<uint64_t>(line));
  state::Post& p = add_post(c, state::PostKind::put_record, state::RecordKind::mailbox, static_cast<uint64_t>(line));
  p.expires = kNever;
  put_number(p.blob, kVersion);
  put_number(p.blob, static_cast<uint8_t>((m.waiting ? 1 : 0) | (m.counted ? 2 : 0)));
  for (const uint32_t count : {m.fresh, m.old, m.urgent_fresh, m.urgent_old}) put_number(p.blob, count);
}

void Lines::Impl::post(Context& c, const CallBack& b) {
  state::Post& p = add_post(c, state::PostKind::put_record, state::RecordKind::call_back, b.key);
  p.expires = b.expires;
  put_number(p.blob, kVersion);
  put_number(p.blob, b.note.target);
  put_number(p.blob, b.note.phone);
  put_number(p.blob, b.note.line);
  put_text(p.blob, b.note.number);
  put_number(p.blob, static_cast<uint8_t>(b.note.after_use));
}

bool Lines::Impl::restore_call_back(Context& c, const state::Loaded::Record& row) {
  ByteReader r(row.blob);
  if (r.number<uint8_t>() != kVersion) return false;
  CallBack b;
  b.note.target = r.number<EntityId>();
  b.note.phone = r.number<EntityId>();
  b.note.line = r.number<EntityId>();
  b.note.number = r.text();
  b.note.after_use = r.number<uint8_t>() != 0;
  const config::LineView* target = c.snapshot->line(b.note.target);
  if (!r.done() || target == nullptr || lamps.full() || call_backs.size() >= limits::kCallBacks) return false;
  b.key = row.key;
  b.expires = row.expires;
  keep_call_back(c, std::move(b), *target);
  return true;
}

bool Lines::Impl::restore_watcher(Context& c, const state::Loaded::Record& row) {
  ByteReader r(row.blob);
  const auto record_version = r.number<uint8_t>();
  if (record_version == 0 || record_version > kWatcherVersion) return false;
  const View number = record_version < 2 ? View() : r.text();
  auto dialog = sip::read_record(r.text());
  const auto package = package_of(r.text());
  const std::string event_id(r.text());
  const config::LineView* line = c.snapshot->line(r.number<EntityId>());
  const auto phone_id = r.number<EntityId>();
  const auto watcher_line = r.number<EntityId>();
  const Instant since{r.number<int64_t>()};
  const auto version = r.number<uint32_t>();
  const config::PhoneView* phone = c.snapshot->phone(phone_id);
  if (!r.done() || !dialog || !package || phone == nullptr || !phone->active) return false;
  if (number.empty() && line == nullptr) return false;
  const Subject subject = number.empty() ? subject_of(*line) : target_of(*c.snapshot, *phone, number, *package).subject;
  if (subject.key == 0 || watchers.full() || lamps.full()) return false;
  if (!may_watch(*c.snapshot, *phone, subject, *package)) return false;
  Watcher& w = *add(subject, *package, phone_id);
  w.sub.dialog = std::move(*dialog);
  w.sub.dialog.flow.connection = 0;  // connections end with the process
  w.sub.dialog.local_cseq += 2 * kRecordEvery;
  w.sub.event_id = event_id;
  w.sub.expires = row.expires;
  w.sub.state = sip::subscription::State::active;
  w.version = version + 2 * kRecordEvery;
  w.line = watcher_line;
  w.since = since;
  w.key = row.key;
  restored[w.sub.dialog.local_tag] = w.self;
  watch_calls(c, *lamps.find(w.lamp));
  note_presence(c, *lamps.find(w.lamp));
  arm(c, w);
  queue(w);
  return true;
}

bool Lines::Impl::restore_publication(Context& c, const state::Loaded::Record& row) {
  ByteReader r(row.blob);
  if (r.number<uint8_t>() != kVersion) return false;
  const config::LineView* line = c.snapshot->line(r.number<EntityId>());
  const auto phone_id = r.number<EntityId>();
  const config::PhoneView* phone = c.snapshot->phone(phone_id);
  Publication p;
  p.made = {r.number<int64_t>()};
  const auto open = r.number<uint8_t>();
  if (open < 2) p.says.open = open == 1;
  p.says.note = r.text();
  for (auto left = r.number<uint32_t>(); left > 0 && r.ok(); left--) p.says.activities.emplace_back(r.text());
  const bool own = line != nullptr && phone != nullptr && phone->appearance(line->id) != nullptr;
  if (!r.done() || !own || publications.full() || lamps.full()) return false;
  const PublicationRef ref = publications.emplace(std::move(p));
  Publication& pub = *publications.find(ref);
  Lamp& lamp = lamp_of(*line);
  pub.self = ref;
  pub.lamp = lamp.self;
  pub.phone = phone_id;
  pub.tag = row.key;
  pub.expires = row.expires;
  lamp.publications.push_back(ref);
  by_tag[pub.tag] = ref;
  publication_expiries.start(c.now);
  publication_expiries.set(publications, ref.index, pub, pub.expires);
  return true;
}

// Each record belongs to the shard that owns the number; with another count of shards than before, tags lead elsewhere
// than numbers: such subscriptions end, and their phones subscribe anew.
void Lines::Impl::restore(Context& c, const state::Loaded& loaded) {
  for (const auto& row : loaded.records) {
    ByteReader r(row.blob);
    const auto version = r.number<uint8_t>();
    EntityId line = static_cast<EntityId>(row.key);
    View number;  // of what is no line
    std::optional<sip::TagKey> tag;
    if (row.kind == state::RecordKind::subscription) {
      if (version >= 2) number = r.text();
      if (const auto dialog = sip::read_record(r.text())) tag = sip::parse_tag(dialog->local_tag);
      r.text(), r.text();
    }
    if (row.kind != state::RecordKind::mailbox) line = r.number<EntityId>();
    const config::LineView* known = c.snapshot->line(line);
    if (known != nullptr) number = known->number;
    if (options.shard != (number.empty() ? 0 : owner_of(number))) continue;
    bool good = !number.empty() && row.expires > c.now;
    if (row.kind == state::RecordKind::mailbox) {
      Mailbox m;
      const auto flags = r.number<uint8_t>();
      m.waiting = (flags & 1) != 0, m.counted = (flags & 2) != 0;
      for (uint32_t* count : {&m.fresh, &m.old, &m.urgent_fresh, &m.urgent_old}) *count = r.number<uint32_t>();
      good = good && r.done();
      if (good) mailboxes[line] = m;
    } else if (row.kind == state::RecordKind::subscription) {
      good = good && tag && tag->shard == options.shard && restore_watcher(c, row);
    } else if (row.kind == state::RecordKind::call_back) {
      good = good && restore_call_back(c, row);
    } else {
      good = good && restore_publication(c, row);
    }
    if (!good) post_removal(c, row.kind, row.key);
  }
}

}  // namespace carillon::lines
