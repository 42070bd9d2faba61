#pragma once
// What is said about a refusal: the Warning to phones in the trusted networks, and the detail of its row.

#include <string>
#include <string_view>

#include "config/snapshot.h"
#include "registrar/refusals.h"
#include "sip/message/message.h"

namespace carillon::registrar {

// What this refusal is about: names and numbers, a short sentence; "" when there is nothing to add.
std::string refusals_detail(const sip::Message& request, const config::Snapshot& snapshot, RefusalReason reason,
                            std::string_view user, const config::PhoneView* phone);

// Warning: 399 carillon "explanation: detail" (RFC 3261 §20.43), as a whole line.
void append_warning(std::string& to, RefusalReason reason, std::string_view detail);

}  // namespace carillon::registrar
