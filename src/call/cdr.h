#pragma once
// What the call detail records of a call say, and when there is one more: each pair of parties that talks, or tries to,
// has a record of its own; all of a call have the same global id (docs/CDR.md). call.cdr is that of the present pair.

#include <string_view>

#include "call/core.h"
#include "state/cdr.h"

namespace carillon::call {

// The record of a call that has just come in from the caller's leg.
void open_cdr(Turn& t, const sip::Event& invite, const registrar::Identity& who);
// The party on the called side: the leg that answered, or the best of those that were tried.
void note_called_leg(Turn& t, const Leg& leg);
// The call goes on to another number: `from` sent it there. The first and the last of these are recorded. Before
// call.called and cdr.called_number change.
void note_redirect(Call& call, std::string_view from, config::EntityId partition, state::RedirectReason reason,
                   state::OnBehalfOf by);
// Fills in how the present pair's record ends. `status`: the final answer to a caller who has none.
void close_cdr(Turn& t, int status, int cause, state::Cdr::EndedBy by);
// A record to the store under `key`; the call record of that key goes with it. `token` 0: nobody waits.
void post_row(Turn& t, const state::Cdr& cdr, uint64_t key, state::Token token);

// The present pair is parted by a feature and the call goes on with another (transfer, park, pickup): writes its record
// as a split one, and begins that of the next pair. What stays the same (global id, what was dialled, redirects) stays;
// the caller of this names the new parties with pair_up() and, if the destination changed, note_redirect().
void split_pair(Turn& t, state::OnBehalfOf by);
// The present call ends because its parties go on in `into` (the consultation of an attended transfer): writes its
// record as a split one that belongs to that call. Its end_call() leaves no record of its own any more.
void split_into(Turn& t, const Call& into, state::OnBehalfOf by);
// The two legs that the record is about from now on; numbers and names are of their lines. `calling` stands first in
// the record whoever called whom.
void pair_up(Turn& t, const Leg& calling, const Leg& called, state::OnBehalfOf by);

// Names a leg in records: the same through all calls that it is in, and after a restart.
uint32_t leg_name(const Leg& leg);

}  // namespace carillon::call
