#include "call/record.h"

#include "base/bytes.h"
#include "call/connect.h"
#include "call/move.h"
#include "call/park_record.h"
#include "call/session_timer.h"
#include "call/talk.h"
#include "sdp/write.h"

namespace carillon::call {

namespace {

constexpr uint8_t kVersion = 3;  // 1: the caller's leg is inbound, the callee's is not; 2: nobody is parked
// After a restart the party may have seen requests of ours that the record does not know: our CSeq goes well past them,
// and the raised number is written down before the next life needs it. send_request() keeps the record within half of
// it.
constexpr uint32_t kCSeqMargin = 2 * kCSeqStep;
constexpr uint32_t kVersionMargin = 16;  // of the description that a party is shown: more than a join needs

enum LegFlag : uint8_t { kUpdate = 1, kTimer = 2, kReliable = 4, kCounted = 8, kInbound = 16, kAsks = 32 };
// kAsks and the bit above it: what the party asks to be withheld.

// What is withheld of the two parties, in a byte that once said whether the caller was anonymous (1, or 0).
constexpr uint8_t kAnonymous = 1;
uint8_t hides_byte(const Call& call) {
  return static_cast<uint8_t>(static_cast<unsigned>(call.calling.hides) << 1 | static_cast<unsigned>(call.called.hides)
                                                                                   << 3);
}
void take_hides(Call& call, uint8_t byte) {
  call.calling.hides = (byte & kAnonymous) != 0 ? Hides::both : static_cast<Hides>(byte >> 1 & 3);
  call.called.hides = static_cast<Hides>(byte >> 3 & 3);
}

void put_leg(std::string& out, std::string& scratch, Leg& leg) {
  scratch.clear();
  leg.dialog.flow = leg.flow;
  sip::append_record(scratch, leg.dialog);
  put_text(out, scratch);
  put_text(out, leg.user);
  put_number(out, leg.phone);
  put_number(out, leg.line);
  const int flags = (leg.peer_update ? kUpdate : 0) | (leg.peer_timer ? kTimer : 0) |
                    (leg.peer_100rel ? kReliable : 0) | (leg.counted ? kCounted : 0) | (leg.inbound ? kInbound : 0) |
                    static_cast<int>(leg.asks) * kAsks;
  put_number(out, static_cast<uint8_t>(flags));
  put_number(out, static_cast<uint8_t>(leg.refresh));
  put_number(out, static_cast<uint8_t>(leg.hold));
  put_number(out, leg.session_expires.us);
  put_number(out, leg.min_se.us);
  put_number(out, leg.origin.id);
  put_number(out, leg.origin.version);
  put_number(out, leg.origin.shown);
  put_text(out, leg.lines.dead);
  put_text(out, leg.sent_sdp);
}

// The party may have been shown more than the record knows, as while it was being joined with somebody: what it is
// shown next has a version well past that (RFC 3264 §8).
void renew_description(Leg& leg) {
  leg.origin.version += kVersionMargin;
  leg.origin.shown = 0;
  const size_t version = leg.sent_sdp.find("\r\n");
  const size_t end = version == std::string::npos ? version : leg.sent_sdp.find("\r\n", version + 2);
  if (end == std::string::npos) return;
  leg.origin.address = bare_host(leg.host);
  leg.sent_sdp.erase(0, end + 2);
  sdp::insert_origin(leg.sent_sdp, 0, leg.origin);
}

bool read_leg(Turn& t, ByteReader& r, uint8_t version, bool caller, Origin origin) {
  auto dialog = sip::read_record(r.text());
  if (!dialog || t.core.restored.count(dialog->local_tag) != 0) return false;
  const bool ended = origin == Origin::disk && sip::is_stream(dialog->flow.transport);
  if (ended) dialog->flow.connection = sip::kGoneConnection;  // connections end with the process
  Leg& leg = add_leg(t, false, dialog->flow);
  (caller ? t.call.caller : t.call.callee) = leg.self;
  leg.dialog = std::move(*dialog);
  if (origin == Origin::disk) leg.dialog.local_cseq += kCSeqMargin;
  leg.user = r.text();
  leg.phone = r.number<config::EntityId>();
  leg.line = r.number<config::EntityId>();
  const auto flags = r.number<uint8_t>();
  leg.inbound = version == 1 ? caller : (flags & kInbound) != 0;
  leg.peer_update = (flags & kUpdate) != 0;
  leg.peer_timer = (flags & kTimer) != 0;
  leg.peer_100rel = (flags & kReliable) != 0;
  leg.asks = static_cast<Hides>(flags / kAsks & 3);
  const auto refresh = r.number<uint8_t>();
  const auto hold = r.number<uint8_t>();
  if (refresh > static_cast<uint8_t>(Refresh::theirs) || hold > static_cast<uint8_t>(sdp::Hold::zero_address)) r.fail();
  leg.refresh = static_cast<Refresh>(refresh);
  leg.hold = static_cast<sdp::Hold>(hold);
  leg.session_expires = {r.number<int64_t>()};
  leg.min_se = {r.number<int64_t>()};
  leg.origin.id = r.number<uint64_t>();
  leg.origin.version = r.number<uint32_t>();
  leg.origin.shown = r.number<uint64_t>();
  leg.lines.dead = r.text();
  leg.sent_sdp = r.text();
  if (!r.ok()) return false;
  if (origin == Origin::disk) renew_description(leg);
  leg.refers = 1;  // it may have given some: the next is told by its id, as it may be
  leg.progress = Progress::confirmed;
  if ((flags & kCounted) != 0) {
    leg.counted = true;
    t.core.counts.add(leg.phone, leg.line);
  }
  t.core.restored[leg.dialog.local_tag] = leg.self;
  announce_tag(t, leg, true);
  return true;
}

// Whose dialogs the record keeps: both sides of an answered call; or the transferee alone whose transferor has hung up
// while the target rings, and whoever we have answered by ourselves: they are hung up when they come back.
struct Parties {
  Leg *first = nullptr, *second = nullptr;
};
Parties parties_of(Turn& t) {
  if (t.call.by_ourselves && t.call.stage == Stage::answered)
    return {t.callee() != nullptr ? t.callee() : t.caller(), nullptr};
  if (t.call.stage == Stage::answered) {
    const Parties both{t.caller(), t.callee()};
    // Until the transferor has seen where the party is parked, both are in the record of their own call.
    const Transfer* tr = t.core.transfers.find(t.call.transfer);
    const bool shows = tr != nullptr && tr->state == transfer::State::showing;
    if (both.second == nullptr && !shows && !parked_text(t).empty()) return both;
    return both.first != nullptr && both.second != nullptr ? both : Parties();
  }
  Parties alone;
  if (t.call.stage != Stage::ringing || !t.call.transfer.valid()) return alone;
  t.each_leg([&](Leg& leg) {
    if (leg.established()) alone.first = &leg;
  });
  return alone;
}

bool read_call(Turn& t, ByteReader& r, Origin origin) {
  const auto version = r.number<uint8_t>();
  if (version == 0 || version > kVersion) return false;
  Call& call = t.call;
  const View parked = version < 3 ? View() : r.text();
  auto cdr = state::Cdr::from_blob(r.text());
  if (!cdr) return false;
  call.cdr = std::move(*cdr);
  call.calling = {std::string(r.text()), std::string(r.text()), Hides::nothing};
  call.called = {std::string(r.text()), std::string(r.text()), Hides::nothing};
  call.called_line = r.number<config::EntityId>();
  take_hides(call, r.number<uint8_t>());
  const uint8_t legs = version == 1 ? 2 : r.number<uint8_t>();
  if (!r.ok() || legs == 0 || legs > 2) return false;
  for (uint8_t i = 0; i < legs; i++) {
    if (!read_leg(t, r, version, i == 0, origin)) return false;
  }
  call.stage = legs == 2 || call.cdr.answer.us != 0 ? Stage::answered : Stage::ringing;
  if (!r.done()) return false;
  // Whose park number is no more, or somebody else's by now, has nobody to talk to: restore() ends such a call.
  if (legs == 1 && !parked.empty()) restore_parked(t, parked);
  return true;
}

}  // namespace

void append_record(std::string& out, Turn& t) {
  const Call& call = t.call;
  put_number(out, kVersion);
  put_text(out, parked_text(t));
  put_text(out, call.cdr.to_blob());
  for (const Party* p : {&call.calling, &call.called}) {
    put_text(out, p->number);
    put_text(out, p->name);
  }
  put_number(out, call.called_line);
  put_number(out, hides_byte(call));
  const Parties parties = parties_of(t);
  put_number(out, static_cast<uint8_t>(parties.second == nullptr ? 1 : 2));
  put_leg(out, t.core.text, *parties.first);
  if (parties.second != nullptr) put_leg(out, t.core.text, *parties.second);
}

std::optional<uint16_t> shard_of_record(std::string_view record, uint16_t shards) {
  ByteReader r(record);
  if (r.number<uint8_t>() < 3) return {};
  return shard_of_parked(r.text(), shards);
}

bool read_record(Turn& t, std::string_view record, Origin origin) {
  ByteReader r(record);
  t.call.stage = Stage::answered;
  if (read_call(t, r, origin)) {
    touch(t.call);
    t.each_leg([&](Leg& leg) { arm_session_timer(t, leg); });
    return true;
  }
  t.each_leg([&](Leg& leg) {
    if (leg.counted) t.core.counts.remove(leg.phone, leg.line);
    t.core.restored.erase(leg.dialog.local_tag);
    t.core.legs.erase(LegRef(leg.self));
  });
  t.call.first = {};
  return false;
}

void record_changes(Turn& t) {
  Call& call = t.call;
  // While two legs are being joined each is in the record of the call that it came from.
  if (call.touched == 0 || call.cdr_posted || call.join.valid() || parties_of(t).first == nullptr) return;
  call.touched = 0;
  state::Post post;
  post.kind = state::PostKind::put_call;
  post.shard = t.core.options.shard;
  post.key = call.id;
  post.blob.reserve(2048);
  append_record(post.blob, t);
  t.context.posts.push_back(std::move(post));
}

}  // namespace carillon::call
