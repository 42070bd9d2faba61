#include "call/cdr.h"

#include "call/cause.h"

namespace carillon::call {

namespace {

using state::Cdr;

Cdr::Disposition disposition_of(const Turn& t, int status, int cause) {
  if (t.call.stage == Stage::answered) return Cdr::Disposition::answered;
  if (status == 487 && cause != cause::kNoAnswer) return Cdr::Disposition::cancelled;  // by the caller
  if (status == 486 || status == 600) return Cdr::Disposition::busy;
  if (cause == cause::kNoAnswer || cause == cause::kNoUser || status == 408) return Cdr::Disposition::no_answer;
  return Cdr::Disposition::failed;
}

// The call stays, so its key does: the row that is written now has a key of its own.
void post_split(Turn& t, uint64_t key, state::OnBehalfOf by) {
  close_cdr(t, t.call.stage == Stage::answered ? 200 : 487, cause::kNormal, Cdr::EndedBy::system);
  Cdr& cdr = t.call.cdr;
  cdr.id = key;
  cdr.split = true;
  cdr.ended_for = by;
  post_row(t, cdr, key, 0);
}

struct PartyFacts {
  std::string number, name, device, user;
  config::EntityId partition = 0;
};

PartyFacts facts_of(const Turn& t, const Leg& leg) {
  PartyFacts f;
  if (const config::LineView* line = t.context.snapshot->line(leg.line)) {
    f.number = line->number;
    f.partition = line->partition;
  }
  const config::PhoneView* phone = t.phone(leg);
  if (phone == nullptr) return f;
  f.device = phone->name;
  f.user = phone->digest_user;
  if (const auto* appearance = phone->appearance(leg.line)) f.name = appearance->display;
  return f;
}

}  // namespace

// Of our tag, which the leg keeps for life. Not by the keyed hash: that is another one after a restart.
uint32_t leg_name(const Leg& leg) {
  uint32_t name = 2166136261u;  // FNV-1a
  for (const char c : leg.dialog.local_tag) name = (name ^ static_cast<unsigned char>(c)) * 16777619u;
  return name & 0x7fffffff;
}

void open_cdr(Turn& t, const sip::Event& invite, const registrar::Identity& who) {
  Call& call = t.call;
  Cdr& cdr = call.cdr;
  cdr.id = cdr.global = call.id;
  cdr.start = t.now();
  cdr.calling_number = call.calling.number;
  cdr.calling_name = call.calling.name;
  if (who.phone != nullptr) cdr.calling_device = who.phone->name;
  if (who.line != nullptr) cdr.calling_partition = who.line->partition;
  cdr.calling_user = who.digest_user;
  cdr.calling_call_id = invite.message->call_id();
  cdr.calling_address = invite.flow.remote.text();
  if (const Leg* caller = t.caller()) cdr.calling_leg = leg_name(*caller);
  cdr.verified = who.verified;
}

void note_called_leg(Turn& t, const Leg& leg) {
  Cdr& cdr = t.call.cdr;
  cdr.called_leg = leg_name(leg);
  cdr.called_call_id = leg.dialog.call_id;
  cdr.called_address = leg.flow.remote.text();
  const config::LineView* member = t.call.hunt == nullptr ? nullptr : t.context.snapshot->line(leg.line);
  if (member != nullptr) cdr.called_number = member->number, cdr.called_partition = member->partition;
  const config::PhoneView* phone = t.phone(leg);
  if (phone == nullptr) return;
  cdr.called_device = phone->name;
  cdr.called_user = phone->digest_user;
}

void note_redirect(Call& call, std::string_view from, config::EntityId partition, state::RedirectReason reason,
                   state::OnBehalfOf by) {
  Cdr& cdr = call.cdr;
  cdr.last = {std::string(from), partition, reason, by};
  if (cdr.original.number.empty()) cdr.original = cdr.last;
}

void close_cdr(Turn& t, int status, int cause, Cdr::EndedBy by) {
  Cdr& cdr = t.call.cdr;
  const bool answered = t.call.stage == Stage::answered;
  cdr.end = t.now();
  cdr.disposition = disposition_of(t, status, cause);
  cdr.sip_code = answered ? 200 : status;
  if (answered) cdr.called_status = 0;
  cdr.cause = cause;
  cdr.ended_by = by;
}

void post_row(Turn& t, const Cdr& cdr, uint64_t key, state::Token token) {
  state::Post post;
  post.kind = state::PostKind::put_cdr;
  post.shard = t.core.options.shard;
  post.token = token;
  post.key = key;
  post.blob = cdr.to_blob();
  t.context.posts.push_back(std::move(post));
}

void split_pair(Turn& t, state::OnBehalfOf by) {
  Call& call = t.call;
  post_split(t, t.core.mint_call(t.now()), by);
  Cdr& cdr = call.cdr;
  cdr.id = call.id;
  cdr.split = false;
  cdr.ended_for = state::OnBehalfOf::nobody;
  cdr.start = t.now();
  cdr.ringing = cdr.end = {};
  cdr.answer = call.stage == Stage::answered ? t.now() : Instant{};
}

void split_into(Turn& t, const Call& into, state::OnBehalfOf by) {
  if (t.call.cdr_posted) return;
  t.call.cdr.global = into.cdr.global;
  post_split(t, t.call.id, by);
  t.call.cdr_posted = t.call.cdr_durable = true;
}

void pair_up(Turn& t, const Leg& calling, const Leg& called, state::OnBehalfOf by) {
  Cdr& cdr = t.call.cdr;
  const bool same_calling = cdr.calling_leg == leg_name(calling);
  PartyFacts from = facts_of(t, calling), to = facts_of(t, called);
  cdr.calling_number = std::move(from.number), cdr.called_number = std::move(to.number);
  cdr.calling_name = std::move(from.name);
  cdr.calling_device = std::move(from.device), cdr.called_device = std::move(to.device);
  cdr.calling_user = std::move(from.user), cdr.called_user = std::move(to.user);
  cdr.calling_partition = from.partition, cdr.called_partition = to.partition;
  cdr.calling_leg = leg_name(calling), cdr.called_leg = leg_name(called);
  cdr.calling_call_id = calling.dialog.call_id, cdr.called_call_id = called.dialog.call_id;
  cdr.calling_address = calling.flow.remote.text(), cdr.called_address = called.flow.remote.text();
  // The media of whoever is new is told by the descriptions that join them (note_media).
  if (!same_calling) cdr.calling_media = cdr.calling_video = {};
  cdr.called_media = cdr.called_video = {};
  cdr.joined_by = by;
}

}  // namespace carillon::call
