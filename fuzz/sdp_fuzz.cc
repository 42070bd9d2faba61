// Whatever arrives as SDP: reading is bounded; what relay() writes under any policy can be read again with as many live
// lines, and the policy leaves it alone; two descriptions married answer each other line by line.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "sdp/codec.h"
#include "sdp/marry.h"
#include "sdp/relay.h"
#include "sdp/still.h"

namespace {

using carillon::sdp::BandwidthLines, carillon::sdp::Choice, carillon::sdp::LineMap, carillon::sdp::Media,
    carillon::sdp::OurOrigin, carillon::sdp::Policy, carillon::sdp::RelayOptions, carillon::sdp::Session,
    carillon::sdp::Spouse;

bool readable(Session& s, std::string_view text) {
  const auto fault = s.parse(text);
  // What is written anew may be a little longer than what came.
  if (fault == Session::Fault::too_long || fault == Session::Fault::too_many_lines) return false;
  CHECK(fault == Session::Fault::none);
  return true;
}

// Under `options` there and back: as many lines as each side had.
void relay_both_ways(const Session& session, const RelayOptions& options) {
  LineMap from, to, back;
  OurOrigin origin{.id = 1, .version = 0, .shown = 0, .address = "192.0.2.1"};
  std::string out, again;
  if (!relay(session, from, to, options, origin, out)) return;
  Session shown;
  if (!readable(shown, out)) return;
  CHECK(shown.size() <= session.size());
  for (const Media& m : shown) {
    std::string formats;
    if (m.formats.size() < 100) CHECK(choose_formats(m, options.policy, formats) == Choice::all);
  }
  RelayOptions other = options;
  other.zero_connection = true;
  if (!relay(shown, back, from, other, origin, again)) return;
  Session returned;
  if (returned.parse(again) == Session::Fault::none) CHECK(returned.size() == session.size());
}

void marry_both(const Session& first, const Session& second, const Policy& policy) {
  const auto pairs = marry(first, second, policy);
  if (pairs.empty()) return;
  for (const Spouse whose : {Spouse::first, Spouse::second}) {
    LineMap map;
    OurOrigin origin{.id = 1, .version = 0, .shown = 0, .address = "192.0.2.1"};
    std::string out;
    append_answer(out, first, second, pairs, whose, map, origin);
    Session answer;
    if (!readable(answer, out)) continue;
    CHECK(answer.size() == (whose == Spouse::first ? first : second).size());
  }
}

// A call that we answer by ourselves: line by line, and nothing flows.
void answer_still(const Session& session) {
  OurOrigin origin{.id = 1, .version = 0, .shown = 0, .address = "192.0.2.1"};
  std::string out;
  append_still_answer(out, session, origin);
  Session answer;
  if (!readable(answer, out)) return;
  CHECK(answer.size() == session.size());
  for (const Media& m : answer) CHECK(m.port == 0 || m.direction == carillon::sdp::Direction::inactive);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Two descriptions behind each other are a couple.
  const size_t half = text.find("v=0", 3);
  Session session, second;
  if (session.parse(text.substr(0, half)) != Session::Fault::none) return 0;
  (void)hold_of(session);
  (void)summary_of(session, "audio");
  answer_still(session);
  std::string list;
  append_codec_list(list, session);
  CHECK(list.size() < 400);
  const std::vector<std::string> preference{"G729", "opus", "PCMA"};
  for (unsigned bits = 0; bits < 16; bits++) {
    RelayOptions options;
    options.policy.no_video = (bits & 1) != 0;
    options.policy.audio_kbit = (bits & 2) != 0 ? 16 : 0;
    options.policy.unknown_codecs = (bits & 2) == 0;
    options.policy.video_kbit = (bits & 4) != 0 ? 384 : 0;
    if ((bits & 4) != 0) options.policy.preference = preference;
    if ((bits & 8) != 0) options.bandwidth = BandwidthLines::both;
    relay_both_ways(session, options);
    if (half == std::string_view::npos || second.parse(text.substr(half)) != Session::Fault::none) continue;
    marry_both(session, second, options.policy);
  }
  return 0;
}
