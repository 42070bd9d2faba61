// INVITE with Join (RFC 3911 §4): barge. Whoever may take a call over may also come into it. Nobody but the phone that
// has the call can mix, so it is asked to, by an INVITE that names its own dialog; a phone that cannot refuses, and its
// call goes on as if nothing had been.

#include "call/cause.h"
#include "call/feature.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/route.h"
#include "call/transfer.h"

namespace carillon::call {

namespace {

void refuse(Turn& t, int status, View words) { deny_call(t, status, cause_of_status(status), words); }

// The way to the phone of this leg, as it is registered now.
Target target_of(const Turn& t, const Leg& leg) {
  for (const registrar::Binding* b : t.context.registrar.of_line(leg.line)) {
    if (b->phone != leg.phone || b->expires <= t.now()) continue;
    const config::PhoneView* phone = t.context.snapshot->phone(b->phone);
    const config::AppearanceView* appearance = phone == nullptr ? nullptr : phone->appearance(leg.line);
    if (appearance != nullptr) return {b, phone, appearance};
  }
  return {};
}

// The INVITE to the phone names the dialog as that phone knows it (RFC 3911 §7.1).
void append_join(std::string& lines, const sip::Dialog& d) {
  lines.append("Join: ").append(d.call_id).append(";to-tag=").append(d.remote_tag);
  lines.append(";from-tag=").append(d.local_tag).append("\r\nRequire: join\r\n");
}

void join(Turn& t, const Leg& leg, const Target& target) {
  const Call& joined = *t.core.calls.find(leg.call);
  Call& call = t.call;
  call.barges = true;
  call.called_line = leg.line;
  call.called = {};
  if (const config::LineView* line = t.context.snapshot->line(leg.line)) {
    call.called = {line->number, line->alerting_name, hides_of(line, Side::connected, Hides::nothing)};
    call.cdr.called_partition = line->partition;
  }
  call.cdr.called_number = call.called.number;
  call.cdr.global = joined.cdr.global;
  call.patience = t.context.snapshot->parameters().no_answer_release;
  append_join(call.crossing, leg.dialog);
  ring_targets(t, {&target, 1}, {});
}

Verdict on_invite(Turn& t, const NewCall& n) {
  const sip::Message& m = *n.event.message;
  const sip::Header* header = m.find(sip::HeaderId::join);
  if (header == nullptr) return Verdict::pass;
  bool early_only = false;
  const Leg* leg = find_replaced(t.core, header->value, early_only);
  if (m.find(sip::HeaderId::replaces) != nullptr) {
    refuse(t, 400, "Join and Replaces do not go together");
  } else if (leg == nullptr || leg->call == t.call.self) {
    refuse(t, 481, "The dialog in Join is not known");
  } else if (leg->over()) {
    refuse(t, 603, "The dialog in Join is over");
  } else if (!ask_may_replace(t, n.caller, *leg)) {
    refuse(t, 403, "This dialog is not for the caller to join");
  } else if (n.caller.phone != nullptr && n.caller.phone->id == leg->phone) {
    refuse(t, 403, "It is the phone's own call");
  } else if (!leg->established()) {
    refuse(t, 481, "The dialog in Join cannot be joined yet");
  } else if (const Target target = target_of(t, *leg); target.binding == nullptr) {
    refuse(t, 480, "The phone that has the call is not registered");
  } else {
    join(t, *leg, target);
  }
  return Verdict::taken;
}

// It is for that phone's call, and goes nowhere else.
Verdict on_exhausted(Turn& t, const Failure& f) {
  if (!t.call.barges) return Verdict::pass;
  refuse_failed(t, f);
  return Verdict::taken;
}

// 420 is about our Require, and says nothing to whoever wants to come in.
Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  if (!t.call.barges || e.kind != LegEvent::Kind::failed || e.status != 420) return Verdict::pass;
  leg.progress = Progress::ended;
  refuse(t, 488, "The phone that has the call cannot mix");
  return Verdict::taken;
}

}  // namespace

extern const Feature barge;
const Feature barge{.name = "barge", .on_invite = on_invite, .on_exhausted = on_exhausted, .on_leg = on_leg};

}  // namespace carillon::call
