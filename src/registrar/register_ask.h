#pragma once
// What a REGISTER asks for: read and checked as far as the request alone tells (RFC 3261 §10.2, RFC 3327, RFC 5626
// §4.2).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "registrar/refusals.h"
#include "sip/message/message.h"

namespace carillon::registrar {

struct AskedContact {
  sip::NameAddr address;
  std::optional<uint32_t> expires;  // its own, in seconds
  uint16_t q = 1000;                // thousandths
  sip::View instance;               // with its quotes as written
  uint32_t reg_id = 0;              // 0: none, or to be ignored (RFC 5626 §6)
};

struct Ask {
  std::array<AskedContact, limits::kContactsPerRequest> contacts;
  size_t count = 0;
  bool star = false;
  std::optional<uint32_t> expires;  // of the header
  bool outbound = false;            // the phone supports RFC 5626 and gave instance and reg-id
  std::string path;                 // values joined by ", "; kept between requests for its memory
};

// Why a REGISTER cannot be served.
struct Problem {
  int status = 400;
  RefusalReason reason = RefusalReason::malformed_request;
  std::string_view phrase;   // reason phrase, "" for the standard one
  std::string_view headers;  // whole lines
};

// Fills `ask`; a problem when the request is wrong in itself.
std::optional<Problem> read_register(const sip::Message& request, Ask& ask);

// delta-seconds; what is no number counts as an hour (RFC 3261 §20.10), what is too large as very long.
uint32_t read_expires(sip::View text);

// Appends header parameters without the one called expires.
void append_params_without_expires(std::string& to, sip::View params);

}  // namespace carillon::registrar
