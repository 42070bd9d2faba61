// REFER to a number (RFC 3515, RFC 5589 §6).

#include "call/talk.h"
#include "call/transfer.h"

namespace carillon::call {

namespace {

Verdict on_request(Turn& t, Leg& leg, const sip::Event& e) {
  if (e.message->method() != sip::Method::refer) return Verdict::pass;
  const ReferTo to = read_refer_to(*e.message);
  if (to.status != 0) {
    refuse_refer(t, e, to.status, to.why);
  } else if (const int status = transfer_obstacle(t, leg, false)) {
    obstruct_refer(t, leg, e, status);
  } else {
    transfer_to_number(t, leg, e, to);
  }
  return Verdict::taken;
}

}  // namespace

extern const Feature transfer_blind;
const Feature transfer_blind{.name = "transfer_blind", .on_request = on_request};

}  // namespace carillon::call
