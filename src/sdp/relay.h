#pragma once
// One party's description turned into what the other party is shown (RFC 3264; decisions: topology is hidden).
//
// Of the one side only the media crosses: addresses, ports, formats and attributes. Origin and session name are ours,
// and i=, u=, e= and p= lines are left out. Media lines that policy refuses are not shown to the other side and are
// answered with port 0; so the two sides may count their media lines differently. LineMap keeps, for each side, the
// lines that exist on that side alone, and puts them back into everything that this side is sent.

#include <cstdint>
#include <string>
#include <string_view>

#include "sdp/policy.h"
#include "sdp/session.h"

namespace carillon::sdp {

// The media lines of one party that were refused for it, by their index: "<index> <m= line with port 0>\n" each. Plain
// text, so that it goes into a record as it is; empty for nearly every call.
struct LineMap {
  std::string dead;
  bool has(size_t index) const;
  // The m= line without its end; "" when that index is alive.
  View line(size_t index) const;
  // REQUIRES: !has(index).
  void add(size_t index, const Media& m);
};

// What we write into o= towards one party (RFC 3264 §8: the version rises by one when the description changes).
struct OurOrigin {
  uint64_t id = 0;
  uint32_t version = 0;
  uint64_t shown = 0;  // hash of the description that was sent last, 0: none yet
  View address;        // ours, without brackets
};

struct RelayOptions {
  Policy policy;
  bool zero_connection = false;  // write a hold as c=0.0.0.0 (SIP Profile: RFC 2543 hold)
  BandwidthLines bandwidth = BandwidthLines::as_received;
};

// Appends to `out` what the party of `to` is shown of `from`, and updates `origin` and the lines refused for the
// writer. A line with live media of which the policy leaves no codec counts as refused; where only one codec list
// changes, the attributes of the payload types that go are left out with them. False when nothing that policy allows is
// left of a description that had media; then nothing is appended and nothing changes.
bool relay(const Session& from, LineMap& from_map, const LineMap& to_map, const RelayOptions& options,
           OurOrigin& origin, std::string& out);

// Does the writer hold the other side: is every live audio line sendonly, inactive or without address?
Hold hold_of(const Session& session);

// For the call record of administrators.
struct MediaSummary {
  std::string address;  // "192.0.2.1:4000", "" when there is no live medium of that kind
  std::string codec;    // of the first format, "PCMU"
};
// `kind`: "audio" or "video".
MediaSummary summary_of(const Session& session, View kind);

}  // namespace carillon::sdp
