// Phones that are asked to answer by themselves: intercom calls, and lines that have it so (Line.autoAnswer). How they
// are asked is the SIP Profile's: Answer-Mode (RFC 5373 §4.1), Call-Info with answer-after, Alert-Info as many phones
// know it. Whether they do, and by headset or speaker, is theirs.

#include <algorithm>

#include "call/cause.h"
#include "call/feature.h"
#include "call/finish.h"
#include "call/identity.h"

namespace carillon::call {

namespace {

using Dnd = config::PhoneView::Dnd;

uint32_t calls_on(const Turn& t, const config::PhoneView& phone) {
  uint32_t n = 0;
  for (const config::AppearanceView& a : phone.lines) n += t.core.counts.of(phone.id, a.line);
  return n;
}

// Nobody is spoken to in the middle of another call, or who does not want to be disturbed.
Verdict on_targets(Turn& t, Targets& targets) {
  if (!t.call.intercom) return Verdict::pass;
  targets.forwards = false;
  auto& list = targets.list;
  if (list.empty()) return Verdict::pass;
  std::erase_if(list,
                [&](const Target& target) { return target.phone->dnd != Dnd::off || calls_on(t, *target.phone) != 0; });
  if (list.empty()) targets.status = 486, targets.cause = cause::kBusy;
  return Verdict::pass;
}

// An intercom call is for that line, and goes nowhere else.
Verdict on_exhausted(Turn& t, const Failure& f) {
  if (!t.call.intercom) return Verdict::pass;
  refuse_failed(t, f);
  return Verdict::taken;
}

bool is_asked_for(const Turn& t, const Leg& leg) {
  if (t.call.intercom) return true;
  if (t.call.call_back.valid() && t.call.called_line == 0) return false;  // a call-back rings for a person
  const config::LineView* line = t.context.snapshot->line(leg.line);
  if (line == nullptr || line->auto_answer == config::AutoAnswer::off) return false;
  const config::PhoneView* phone = t.phone(leg);
  return phone != nullptr && phone->dnd == Dnd::off && calls_on(t, *phone) <= 1;  // this one has been counted
}

void on_dial(Turn& t, Leg& leg, std::string& headers) {
  if (!is_asked_for(t, leg)) return;
  const config::SipProfileView& profile = t.profile(leg);
  const std::string_view host = domain_of(t, leg);
  if (profile.answer_mode) headers.append("Answer-Mode: Auto\r\n");
  if (profile.call_info_answer) headers.append("Call-Info: <sip:").append(host).append(">;answer-after=0\r\n");
  if (!profile.alert_info_answer) return;
  headers.append("Alert-Info: <http://").append(host).append(">;info=alert-autoanswer;delay=0\r\n");
}

}  // namespace

extern const Feature auto_answer;
const Feature auto_answer{
    .name = "auto_answer", .on_targets = on_targets, .on_exhausted = on_exhausted, .on_dial = on_dial};

}  // namespace carillon::call
