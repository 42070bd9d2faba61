#pragma once
// Events of the stack, by kind; each finds its leg and call, asks the features, and settles the call.

#include "call/core.h"

namespace carillon::call {

// response, timeout, unreachable: of transactions of ours.
void on_client_event(Core& core, Context& context, const sip::Event& e);
// cancelled, no_ack, no_prack: of INVITEs of theirs.
void on_server_event(Core& core, Context& context, const sip::Event& e);
// Requests with a To tag, ACK included.
void on_dialog_request(Core& core, Context& context, const sip::Event& e);

}  // namespace carillon::call
