// What makes two legs of different calls hear each other (join.h): its own re-INVITEs end here, and requests for a new
// session have to wait for it.

#include "call/feature.h"
#include "call/join.h"
#include "call/relay.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

// RFC 3261 §14.2: a session that is being changed cannot be changed at the same time.
Verdict on_request(Turn& t, Leg&, const sip::Event& e) {
  if (!t.call.join.valid()) return Verdict::pass;
  const sip::Message& m = *e.message;
  const bool changes = m.method() == sip::Method::invite || (m.method() == sip::Method::update && !m.body().empty());
  if (!changes) return Verdict::pass;
  answer_request(t, e, 491, {}, {}, {});
  return Verdict::taken;
}

Verdict on_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  if (x.kind != Exchange::Kind::join) return Verdict::pass;
  join_result(t, leg, x, e);
  return Verdict::taken;
}

}  // namespace

extern const Feature join_legs;
const Feature join_legs{.name = "join", .on_request = on_request, .on_result = on_result};

}  // namespace carillon::call
