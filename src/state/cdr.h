#pragma once
// Call detail record: one for each pair of parties that a call brings together (docs/CDR.md). A plain call leaves one;
// a call that is transferred, picked up or taken from a park leaves one more for each new pair, all with the same
// `global`. A value; state/ stores it, call/ makes it, admin/ lists and exports it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace carillon::state {

// Which feature did it: the described system's OnBehalfOf codes (system.md 3.12).
enum class OnBehalfOf : uint8_t {
  nobody = 0,
  park = 3,
  conference = 4,
  forward = 5,
  meet_me = 6,
  message_waiting = 8,
  transfer = 10,
  device = 12,
  call_control = 13,
  divert = 14,
  barge = 15,
  pickup = 16,
  refer = 17,
  replaces = 18,
  redirection = 19,
  mobility = 24,
  alternate_routing = 25,
  directed_park = 26,
  recording = 27,
  monitoring = 28,
  queueing = 34,
};

// Why a call went on to another number: the described system's redirect reasons.
enum class RedirectReason : uint16_t {
  none = 0,
  forward_busy = 1,
  forward_no_answer = 2,
  transfer = 4,
  pickup = 5,
  park = 7,
  park_pickup = 8,
  park_reversion = 11,
  forward_all = 15,
  blind_transfer = 34,
  divert = 50,
  forward_failure = 82,
  conference = 98,
  barge = 114,
  alternate_routing = 129,
  refer = 130,
  replaces = 146,
  redirection = 162,  // a phone's 3xx
  forward_unregistered = 178,
  recording = 354,
  monitoring = 370,
};

// One change of the number that a call goes to. Nothing: no number.
struct Redirect {
  std::string number;  // who sent it on
  int64_t partition = 0;
  RedirectReason reason = RedirectReason::none;
  OnBehalfOf by = OnBehalfOf::nobody;
};

struct Cdr {
  uint64_t id = 0;                      // of this record
  uint64_t global = 0;                  // of the call: the same in all its records; the id of the first
  Instant start, ringing, answer, end;  // zero: never happened
  std::string calling_number, calling_name, calling_device, calling_user;
  // As dialled; the line that it reached; the phone that answered, and whose.
  std::string dialled, called_number, called_device, called_user;
  std::string calling_call_id, called_call_id;  // SIP Call-IDs of the two legs
  std::string calling_address, called_address;  // ip:port
  std::string calling_media, called_media;      // ip:port of the audio
  std::string codec;
  std::string calling_video, called_video;  // ip:port; "" without video
  std::string video_codec;
  std::string hunt_pilot;  // the pilot that the call came by
  // Ids of partitions: of the caller's line, of the line reached, of the pilot. 0: none.
  int64_t calling_partition = 0, called_partition = 0, hunt_partition = 0;
  uint32_t calling_leg = 0, called_leg = 0;   // names of the legs; a leg keeps its name when it changes partners
  Redirect original, last;                    // the first change of destination, and the last
  OnBehalfOf joined_by = OnBehalfOf::nobody;  // what brought these two together, when they did not call each other
  OnBehalfOf ended_for = OnBehalfOf::nobody;  // the feature that parted them
  int sip_code = 0;                           // final answer to the caller: 200 for an answered call
  int called_status = 0;                      // final answer of the phone when it refused; 0: none
  int cause = 0;                              // Q.850
  enum class Disposition : uint8_t {
    answered,
    busy,
    no_answer,
    cancelled,
    failed,
    recovered
  } disposition = Disposition::failed;
  enum class EndedBy : uint8_t { caller, callee, system } ended_by = EndedBy::system;
  bool verified = false;  // the caller's digest was verified (else known by identity)
  bool split = false;     // these two were parted, the call went on
  bool withheld = false;  // the caller was not to be shown

  std::string to_blob() const;
  static std::optional<Cdr> from_blob(std::string_view blob);
};

// Which records are wanted; every condition that is set must hold.
struct CdrQuery {
  Instant since = Instant{0}, until = kNever;  // since ≤ start < until
  std::string number;                          // one of its parties, as dialled, or who sent it on
  int cause = -1;                              // Q.850
  uint64_t id = 0;                             // this record only
  uint64_t global = 0;                         // all of this call
  size_t limit = 0;                            // 0: all
  bool oldest_first = false;                   // else newest first
  Instant past_start;                          // with past_id: what comes behind that record in the order asked for
  uint64_t past_id = 0;                        // 0: from the beginning
};

std::string_view text_of(Cdr::Disposition d);
std::string_view text_of(Cdr::EndedBy e);
// "" for nobody and none.
std::string_view text_of(OnBehalfOf b);
std::string_view text_of(RedirectReason r);

}  // namespace carillon::state
