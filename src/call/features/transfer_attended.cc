// REFER with Replaces that names a dialog of the transferor's with us (RFC 5589 §7): the far parties of its two calls
// are joined. A Replaces that names no dialog of ours is for the target's phone: transfer_blind passes it on. One that
// was ours and is over is refused: the target would learn names of a leg that is not its own, to no use.

#include "call/move.h"
#include "call/park.h"
#include "call/transfer.h"
#include "sip/message/replaces.h"
#include "sip/route_key.h"

namespace carillon::call {

namespace {

bool was_ours(View replaces) {
  const auto named = sip::Replaces::parse(replaces);
  return named && (sip::parse_tag(named->to_tag) || sip::parse_tag(named->from_tag));
}

// The other call is in another shard: this one goes there, and the REFER after it. A consultation that has been given a
// park number of this shard cannot go: the other call comes.
Verdict go_there(Turn& t, Leg& leg, const sip::Event& e, View replaces) {
  const auto named = sip::Replaces::parse(replaces);
  const auto shard = named ? other_shard(t.core, t.context, named->to_tag) : std::nullopt;
  if (!shard) return Verdict::pass;
  if (reserved_by(t.core, t.call) == nullptr) return refer_elsewhere(t, leg, e, *shard), Verdict::taken;
  if (t.context.handed_over) return Verdict::pass;  // it is there no more
  if (const int status = transfer_obstacle(t, leg, true)) return obstruct_refer(t, leg, e, status), Verdict::taken;
  refer_after(t, leg, e, named->to_tag, *shard);
  return Verdict::taken;
}

Verdict on_request(Turn& t, Leg& leg, const sip::Event& e) {
  if (e.message->method() != sip::Method::refer) return Verdict::pass;
  const ReferTo to = read_refer_to(*e.message);
  if (to.status != 0 || to.replaces.empty()) return Verdict::pass;
  bool early_only = false;
  Leg* consult = find_replaced(t.core, to.replaces, early_only);
  if (consult == nullptr && go_there(t, leg, e, to.replaces) == Verdict::taken) return Verdict::taken;
  if (consult == nullptr && !was_ours(to.replaces)) return Verdict::pass;
  if (consult == nullptr || consult->over()) {
    refuse_refer(t, e, 403, "The call that Replaces names is over");
    return Verdict::taken;
  }
  if (const int status = transfer_obstacle(t, leg, true)) return obstruct_refer(t, leg, e, status), Verdict::taken;
  transfer_to_call(t, leg, e, to, *consult);
  return Verdict::taken;
}

}  // namespace

extern const Feature transfer_attended;
const Feature transfer_attended{.name = "transfer_attended", .on_request = on_request};

}  // namespace carillon::call
