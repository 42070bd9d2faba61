#pragma once
// Refused attempts, folded and bounded, so that "why does my phone not register?" never needs a packet capture
// (decisions.md, "Identity and digest"). Single owner; the admin side reads copies made in a turn.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace carillon::registrar {

enum class RefusalReason : uint8_t {
  unknown_user,
  user_without_phone,
  not_a_line,
  wrong_hash,
  no_credentials,
  phone_disabled,
  transport_not_allowed,
  bad_contact,
  too_many_contacts,
  interval_too_brief,
  malformed_credentials,
  foreign_nonce,
  stale_nonce,
  replayed_nonce,
  out_of_order,
  unknown_flow,
  malformed_request,
  path_unsupported,
  overloaded,
  not_our_domain,
  may_not_watch,
  may_not_publish,
};
std::string_view text_of(RefusalReason r);         // "wrong-hash"
std::string_view explanation_of(RefusalReason r);  // what happened, a sentence
std::string_view remedy_of(RefusalReason r);       // what to do, a sentence

struct Refusal {
  Instant first, last;
  uint64_t count = 0;
  Address source;         // port of the last attempt
  std::string transport;  // "UDP"
  std::string method;     // "REGISTER"
  std::string user;       // digest user name, "" when none was given
  std::string number;     // of To (REGISTER) or From
  RefusalReason reason = RefusalReason::unknown_user;
  int status = 403;
  std::string detail;  // e.g. the phone and the numbers that it has
};

// At most limits::kRefusals rows, folded by source address, user, number and reason; the least recently touched goes
// first.
class Refusals {
 public:
  Refusals();
  ~Refusals();
  void add(Instant now, const Refusal& refusal);
  std::vector<Refusal> list() const;  // newest first
  uint64_t total() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::registrar
