#pragma once
// Park numbers: what somebody asks for who dials one, or transfers to one, and which numbers are free. All numbers of
// a Call Park (Directed Call Park) belong to one shard, that of its number or range: there they are given out, and
// nobody else has to be asked.

#include <optional>
#include <string>
#include <string_view>

#include "call/feature.h"
#include "call/park_machine.h"
#include "call/route.h"
#include "dialplan/route.h"

namespace carillon::call {

struct ParkWish {
  enum class Kind : uint8_t {
    any,       // a free number of `row`; `number`, when it is free
    exactly,   // `number` of `row`
    retrieve,  // whoever waits at `number` of `row`
    nowhere,   // the caller is refused with `status` and `words`
  } kind = Kind::nowhere;
  config::EntityId row = 0;
  std::string number;
  std::string pattern;  // of the row: its number, or range
  bool directed = false;
  int status = 404;
  std::string words;
};

// What is asked for by what was decided so, by a transfer (else by a call); nothing when it is about no park number.
// `reach` is that of whoever parks.
std::optional<ParkWish> read_park(const Core& core, const Context& context, const dialplan::Decision& d,
                                  const Reach& reach, std::string_view digits, bool transfer);
// Where the wish can be granted.
uint16_t shard_of_park(const Context& context, const ParkWish& wish);

Parked* find_parked(Core& core, config::EntityId row, std::string_view number);
// A number for a wish of kind `any` or `exactly`, now taken; null when there is none.
Parked* take_number(Core& core, const Context& context, const ParkWish& wish);
// Nobody's any more.
void free_number(Core& core, const Context& context, Parked& p);

}  // namespace carillon::call
