// INVITE with Replaces (RFC 3891 §3): who may, takes the place of a leg of ours. A phone that shares the line takes a
// call over from another one, held or not; who may pick up a ringing call is for the features to say (may_replace).

#include "call/cause.h"
#include "call/feature.h"
#include "call/finish.h"
#include "call/takeover.h"
#include "call/transfer.h"

namespace carillon::call {

namespace {

void refuse(Turn& t, int status, View words) { deny_call(t, status, cause_of_status(status), words); }

// The same phone or user, or another appearance of the same line.
Verdict may_replace(Turn& t, const registrar::Identity& who, const Leg& replaced) {
  if (who.line != nullptr && who.line->id == replaced.line) return Verdict::taken;
  if (who.phone != nullptr && who.phone->id == replaced.phone) return Verdict::taken;
  const config::PhoneView* phone = t.phone(replaced);
  const bool same_user = phone != nullptr && !phone->digest_user.empty() && phone->digest_user == who.digest_user;
  return same_user ? Verdict::taken : Verdict::pass;
}

void replace(Turn& t, const NewCall& n, Leg& old, bool early_only) {
  Call& call = *t.core.calls.find(old.call);
  Turn other{t.core, t.context, call};
  if (!ask_may_replace(t, n.caller, old)) return refuse(t, 403, "This dialog is not for the caller to take");
  if (call.join.valid() || old.transfer.valid()) return refuse(t, 491, "The call is being transferred");
  if (old.rings() && may_be_taken(t.core, call)) return take_ringing(t, call);
  // RFC 3891 §3: an early dialog that we did not initiate is none to replace.
  if (!old.established()) return refuse(t, 481, "The dialog in Replaces cannot be replaced yet");
  if (early_only) return refuse(t, 486, "The dialog in Replaces is established");
  const Leg* peer = other.peer(old);
  if (call.stage != Stage::answered || peer == nullptr || !peer->established())
    return refuse(t, 481, "The dialog in Replaces is over");
  take_established(t, old);
}

Verdict on_invite(Turn& t, const NewCall& n) {
  const sip::Message& m = *n.event.message;
  const sip::Header* header = m.find(sip::HeaderId::replaces);
  if (header == nullptr) return Verdict::pass;
  bool early_only = false;
  Leg* old = find_replaced(t.core, header->value, early_only);
  if (old == nullptr || old->call == t.call.self) {
    refuse(t, 481, "The dialog in Replaces is not known");
  } else if (old->over()) {
    refuse(t, 603, "The dialog in Replaces is over");
  } else {
    replace(t, n, *old, early_only);
  }
  return Verdict::taken;
}

}  // namespace

extern const Feature replaces;
const Feature replaces{.name = "replaces", .on_invite = on_invite, .may_replace = may_replace};

}  // namespace carillon::call
