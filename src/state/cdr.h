#pragma once
// Call detail record: one per call (docs/CDR.md). A value; state/ stores it, call/ makes it, admin/ lists it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace carillon::state {

struct Cdr {
  uint64_t id = 0;                      // CallId
  uint64_t global = 0;                  // of the call: the same in all its records; the id of the first
  Instant start, ringing, answer, end;  // zero: never happened
  std::string calling_number, calling_name, calling_device, calling_user;
  std::string dialled, called_number, called_device;  // as dialled; the line that it reached; the phone that answered
  std::string calling_call_id, called_call_id;        // SIP Call-IDs of the two legs
  std::string calling_address, called_address;        // ip:port
  std::string calling_media, called_media;            // ip:port of the audio
  std::string codec;
  int sip_code = 0;  // final answer to the caller: 200 for an answered call
  int cause = 0;     // Q.850
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

  std::string to_blob() const;
  static std::optional<Cdr> from_blob(std::string_view blob);
};

std::string_view text_of(Cdr::Disposition d);
std::string_view text_of(Cdr::EndedBy e);

}  // namespace carillon::state
