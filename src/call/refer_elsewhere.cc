// A REFER that is about a call of another shard: one of the two goes to the other, and the REFER after it. Until then
// it has not been there, as far as anybody can tell: who repeats it, repeats it to where it is decided.

#include "call/move.h"
#include "call/talk.h"
#include "call/transfer.h"
#include "sip/flow.h"

namespace carillon::call {

void refer_elsewhere(Turn& t, Leg& transferor, const sip::Event& e, uint16_t shard) {
  if (const int status = transfer_obstacle(t, transferor, false)) return obstruct_refer(t, transferor, e, status);
  const uint32_t before = transferor.dialog.remote_cseq;
  transferor.dialog.remote_cseq = e.message->cseq().number - 1;
  if (move_call(t, {e.flow, e.message->bytes()}, shard)) return;
  // Something is under way. Who repeats the request by itself need not hear of it.
  if (!sip::is_stream(e.flow.transport)) return;
  transferor.dialog.remote_cseq = before;
  answer_request(t, e, 500, "Retry-After: 1\r\n", {}, {});
}

void refer_after(Turn& t, Leg& transferor, const sip::Event& e, std::string_view tag, uint16_t shard) {
  transferor.dialog.remote_cseq = e.message->cseq().number - 1;
  fetch_call(t, tag, {e.flow, e.message->bytes()}, shard);
}

}  // namespace carillon::call
