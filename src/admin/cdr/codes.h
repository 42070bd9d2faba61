#pragma once
// The described system's numbers in its call detail records (system.md 2.12, 3.12). Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "state/cdr.h"

namespace carillon::admin::cucm {

// One of the two parties tells how the call ended: 0 for the one that did not clear it. `origin`: the calling side.
// 0x60000 on both sides of a pair that a feature parted; a phone's SIP answer as (n << 24) | Q.850, where n counts the
// answers (system.md 2.12); else the Q.850 cause.
int64_t cause_value(const state::Cdr& cdr, bool origin);
// Which feature ended this side: the one that parted the pair, 12 (the phone) where the phone cleared, 13 (call
// control) where we did, else 0.
int ended_on_behalf_of(const state::Cdr& cdr, bool origin);
// The n of a SIP answer, 0 for one that has none.
int sip_reply_number(int status);

// "PCMU" → 4; 0 for "", 1 ("non-standard") for a codec without a number.
int codec_number(std::string_view encoding);
// What the codec takes, in kbit/s; 0 where that is not fixed.
int codec_bandwidth(std::string_view encoding);
// Milliseconds in a packet, as phones send by default; 0 for "".
int codec_frames(std::string_view encoding);

// "192.0.2.1:5060" → the signed 32-bit number whose bytes in memory, lowest first, are 192 0 2 1. 0 for IPv6 and "".
int64_t address_number(std::string_view address_and_port);
int port_number(std::string_view address_and_port);
// "192.0.2.1" of "192.0.2.1:5060", "2001:db8::1" of "[2001:db8::1]:5060".
std::string address_text(std::string_view address_and_port);

// A UUID made of a record's id: the same each time that the record is exported.
std::string record_uuid(uint64_t id);

}  // namespace carillon::admin::cucm
