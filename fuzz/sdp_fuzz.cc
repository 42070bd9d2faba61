// Whatever arrives as SDP: reading is bounded, and what relay() writes can be read again with as many live lines.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "sdp/relay.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using carillon::sdp::Session;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Session session;
  if (session.parse(text) != Session::Fault::none) return 0;
  (void)carillon::sdp::hold_of(session);
  (void)carillon::sdp::summary_of(session);
  for (const bool audio_only : {false, true}) {
    carillon::sdp::LineMap from, to, back;
    carillon::sdp::OurOrigin origin{.id = 1, .version = 0, .shown = 0, .address = "192.0.2.1"};
    std::string out, again;
    if (!relay(session, from, to, {.policy = {audio_only}, .zero_connection = false}, origin, out)) continue;
    Session shown;
    const auto fault = shown.parse(out);
    if (fault == Session::Fault::too_long || fault == Session::Fault::too_many_lines) continue;
    CHECK(fault == Session::Fault::none);
    CHECK(shown.size() <= session.size());
    // Back towards the first writer: as many lines as that side had.
    if (!relay(shown, back, from, {.policy = {audio_only}, .zero_connection = true}, origin, again)) continue;
    Session returned;
    if (returned.parse(again) == Session::Fault::none) CHECK(returned.size() == session.size());
  }
  return 0;
}
