#include "call/leg.h"

#include <cstddef>

namespace carillon::call {

std::string_view to_string(Progress p) {
  constexpr std::string_view kNames[] = {"idle",      "calling",    "early",  "answered",
                                         "confirmed", "letting-go", "ending", "ended"};
  return kNames[static_cast<size_t>(p)];
}
std::string_view to_string(OfferAnswer o) {
  constexpr std::string_view kNames[] = {"stable", "offer-sent", "offer-received"};
  return kNames[static_cast<size_t>(o)];
}

std::string_view to_string(Refresh r) {
  constexpr std::string_view kNames[] = {"off", "ours", "theirs"};
  return kNames[static_cast<size_t>(r)];
}

}  // namespace carillon::call
