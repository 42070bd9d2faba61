// The two calls of a call-back (call_back.h): whoever waits in them hears nothing of ringing and failure.

#include "call/call_back.h"
#include "call/cause.h"
#include "call/finish.h"

namespace carillon::call {

namespace {

CallBack* call_back_of(const Turn& t) { return t.core.call_backs.find(t.call.call_back); }

Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  CallBack* b = call_back_of(t);
  if (b == nullptr || leg.established()) return Verdict::pass;
  switch (e.kind) {
    case LegEvent::Kind::ringing:
      if (e.status == 180 && t.call.cdr.ringing.us == 0) t.call.cdr.ringing = t.now();
      return Verdict::taken;
    case LegEvent::Kind::answered:
      call_back_answered(t, *b, leg, *e.message);
      return Verdict::taken;
    case LegEvent::Kind::failed:
    case LegEvent::Kind::expired:
      return Verdict::pass;
  }
  return Verdict::pass;
}

// The phone that asked for it is meant, and nobody in its place.
Verdict on_exhausted(Turn& t, const Failure& f) {
  const CallBack* b = call_back_of(t);
  if (b == nullptr || b->first != t.call.self) return Verdict::pass;
  refuse_call(t, {.status = f.status, .cause = f.cause});
  return Verdict::taken;
}

}  // namespace

extern const Feature call_back_calls;
const Feature call_back_calls{.name = "call_back_calls", .on_exhausted = on_exhausted, .on_leg = on_leg};

}  // namespace carillon::call
