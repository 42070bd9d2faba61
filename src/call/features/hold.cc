// Who holds whom, in the three forms of a hold. The request itself goes on to the other party, which hears silence (or,
// once there is a media engine, music).

#include "call/feature.h"
#include "call/record.h"
#include "call/relay.h"

namespace carillon::call {

namespace {

Verdict on_request(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  const bool offers = m.method() == sip::Method::invite || m.method() == sip::Method::update;
  if (!offers || body_kind(m) != BodyKind::sdp) return Verdict::pass;
  if (t.core.session.parse(sdp_of(m)) != sdp::Session::Fault::none) return Verdict::pass;
  leg.hold_before = leg.hold;
  leg.hold = sdp::hold_of(*t.core.session);
  return Verdict::pass;
}

}  // namespace

extern const Feature hold;
const Feature hold{.name = "hold", .on_request = on_request};

}  // namespace carillon::call
