#pragma once
// One side of a call as it is shown to the other: number, name, and which of them are withheld (system.md 2.8).

#include <cstdint>
#include <string>

namespace carillon::call {

// What is withheld of a party: bits.
enum class Hides : uint8_t { nothing = 0, name = 1, number = 2, both = 3 };

constexpr Hides operator|(Hides a, Hides b) {
  return static_cast<Hides>(static_cast<uint8_t>(a) | static_cast<uint8_t>(b));
}
constexpr bool hides_name(Hides h) { return (static_cast<uint8_t>(h) & static_cast<uint8_t>(Hides::name)) != 0; }
constexpr bool hides_number(Hides h) { return (static_cast<uint8_t>(h) & static_cast<uint8_t>(Hides::number)) != 0; }

// Number and name are the true ones, whatever is withheld: records and administrators see them.
struct Party {
  std::string number, name;
  Hides hides = Hides::nothing;
};

}  // namespace carillon::call
