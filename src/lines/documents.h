#pragma once
// The documents of the event packages, written. Pure: what is so goes in, text comes out.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "call/line_legs.h"
#include "lines/lines.h"
#include "lines/pidf.h"

namespace carillon::lines {

// Whom a document is about, as its watcher calls it: sip:NUMBER@HOST.
struct Entity {
  std::string_view number, host;
};

// application/simple-message-summary (RFC 3842 §5.2).
void append_message_summary(std::string& to, const Entity& entity, const Mailbox& mailbox);

// application/dialog-info+xml (RFC 4235 §4), full state, in two: its head, which differs from watcher to watcher, and
// the rest, which those who know the same of a line have in common. `gone` are those of the last document that are no
// more: they are shown once as terminated, which is what phones put their lamp out by.
void append_dialog_info_head(std::string& to, const Entity& entity, uint32_t version);
void append_dialogs(std::string& to, const Entity& entity, const std::vector<const call::LineLeg*>& legs,
                    const std::vector<call::LineLeg>& gone);

// application/pidf+xml (RFC 3863 §4.1, activities of RFC 4480 §3.2).
void append_presence(std::string& to, const Entity& entity, const Presence& presence);

// Text as it may stand in XML.
void append_xml(std::string& to, std::string_view text);

}  // namespace carillon::lines
