#pragma once
// SIP messages as a ladder: a column for each party, an arrow for each message. Pure; what came from the wire is made
// harmless.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "text/json.h"

namespace carillon::admin {

struct LadderStyle {
  size_t width = 100;  // columns of the screen
  bool colour = false;
};

// Messages are Live::trace()'s objects: time, direction ("in" or "out"), transport, local, remote, callId, text. The
// parties are the remote addresses in order of appearance, with the server behind the first; a party's name is the user
// part by which its messages, or ours to it, know it.
class Ladder {
 public:
  explicit Ladder(LadderStyle style) : style_(style) {}
  // Takes note of the message's party. True when that changes the columns, so that the header is due (again).
  bool learn(const json::object& message);
  std::string header() const;
  // One line. REQUIRES: learnt. A message seen before, byte for byte, from or to the same party is marked "again".
  std::string row(const json::object& message);

 private:
  struct Party {
    std::string address, name;
  };
  size_t spacing() const;
  size_t place(size_t party) const;  // screen column of a party's line
  size_t party_of(std::string_view address) const;
  LadderStyle style_;
  std::vector<Party> parties_;  // [1] is the server, once there is anybody
  std::set<uint64_t> seen_;     // hashes of party, direction and text
};

// The whole: header, and a row for each message.
std::string print_ladder(const json::array& messages, const LadderStyle& style);

}  // namespace carillon::admin
