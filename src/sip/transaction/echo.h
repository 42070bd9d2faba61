#pragma once
// What a response repeats of its request: all Via, From, To, Call-ID, CSeq, then Record-Route and Timestamp lines
// (RFC 3261 §8.2.6.2, §12.1.1). Taken once; every response of the transaction is printed from it.

#include <cstdint>
#include <string>
#include <string_view>

#include "sip/flow.h"
#include "sip/message/message.h"

namespace carillon::sip {

// Offsets into the text; the text is [0, size).
struct Echo {
  uint32_t to_end = 0;                                                  // where a To tag is put in
  uint32_t fixed_end = 0;                                               // end of CSeq's line
  uint32_t routes_end = 0;                                              // end of the Record-Route lines
  uint32_t size = 0;                                                    // end of the Timestamp lines
  uint16_t branch_at = 0, branch_size = 0, host_at = 0, host_size = 0;  // within the top Via, for comparison
  bool tagged = false;                                                  // the request's To has a tag
};

// Has the request been read whole, or is it refused because it could not be? Of the latter, lines that are missing
// or empty are left out, and so are malformed Vias and all behind them.
enum class Trust : uint8_t { checked, refused };

// Appends the text to `to`; offsets count from there. The top Via gets `received` and `rport` as seen on `from`
// (RFC 3261 §18.2.1, RFC 3581 §4), whatever it claimed before.
Echo append_echo(std::string& to, const Message& request, const Flow& from, Trust trust = Trust::checked);

// Where responses go (RFC 3261 §18.2.2, RFC 3581 §4): the connection; for UDP the source address and, without rport,
// the port of sent-by. A `maddr` is ignored: it would let a stranger aim our packets.
Flow response_flow(const Message& request, const Flow& from);

// The port that the top Via says, with its default.
uint16_t sent_by_port(const Via& via, Transport transport);

}  // namespace carillon::sip
