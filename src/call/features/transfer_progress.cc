// What a REFER comes to, and what becomes of the call that it made.

#include "call/transfer.h"

#include "call/cause.h"
#include "call/refer_notify.h"
#include "call/talk.h"
#include "sip/message/event.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

Transfer* transfer_of(const Turn& t) { return t.core.transfers.find(t.call.transfer); }

bool is_decided(const Transfer& tr) {
  return tr.state != transfer::State::dialling && tr.state != transfer::State::adopted;
}

// Of the call that the transfer has made: its caller is a stand-in, who hears nothing; the transferor is told instead.
Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  Transfer* tr = transfer_of(t);
  if (tr == nullptr || is_decided(*tr) || leg.established()) return Verdict::pass;
  switch (e.kind) {
    case LegEvent::Kind::ringing:
      if (e.status == 180 && t.call.cdr.ringing.us == 0) t.call.cdr.ringing = t.now();
      if (e.status == 180) t.call.ringing_shown = true;
      target_rang(t, *tr);
      return Verdict::taken;
    case LegEvent::Kind::answered:
      target_answered(t, *tr, leg, *e.message);
      return Verdict::taken;
    case LegEvent::Kind::failed:
      // The target wants to know who refers (RFC 3892 §5): the transferor is told just that.
      tr->failure = e.status == 429 ? 429 : 0;
      return Verdict::pass;
    case LegEvent::Kind::expired:
      return Verdict::pass;
  }
  return Verdict::pass;
}

// RFC 3892 §2.1: who it was. Not beyond a forward: whoever is called then was not meant.
void on_dial(Turn& t, Leg&, std::string& headers) {
  const Transfer* tr = transfer_of(t);
  if (tr == nullptr || !t.call.redirected.empty()) return;
  if (!tr->by.empty()) headers.append("Referred-By: ").append(tr->by).append("\r\n");
  if (tr->replaces.empty()) return;
  sip::Writer(headers).header(sip::HeaderId::replaces, tr->replaces);
  headers.append("Require: replaces\r\n");
}

Verdict on_request(Turn& t, Leg& leg, const sip::Event& e) {
  if (e.message->method() != sip::Method::subscribe) return Verdict::pass;
  const auto event = sip::EventPackage::parse(e.message->value(sip::HeaderId::event));
  if (!event || event->type != "refer") return Verdict::pass;
  take_refer_subscribe(t, leg, e);
  return Verdict::taken;
}

Verdict on_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  if (x.kind != Exchange::Kind::notify) return Verdict::pass;
  transferor_told(t, leg, x, e);
  return Verdict::taken;
}

}  // namespace

extern const Feature transfer_progress;
const Feature transfer_progress{.name = "transfer_progress",
                                .on_dial = on_dial,
                                .on_leg = on_leg,
                                .on_request = on_request,
                                .on_result = on_result};

}  // namespace carillon::call
