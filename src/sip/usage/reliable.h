#pragma once
// Reliable provisional responses (RFC 3262) as numbers: what we send, what we are sent. One at a time, as §3 allows
// the next only after the PRACK for the last when it carries a description; we wait always.

#include <cstdint>
#include <optional>

#include "sip/message/message.h"

namespace carillon::sip {

// Ours. The first number is drawn from 1 to 2^31 - 1 (§3).
class ReliableSender {
 public:
  // REQUIRES: !waiting().
  uint32_t next(uint32_t random);
  bool waiting() const { return waiting_; }
  uint32_t last() const { return last_; }
  // Takes a PRACK: false when it acknowledges nothing of ours (481).
  bool take(const Message& prack, uint32_t invite_cseq);
  // The INVITE has its final response, or nobody acknowledged: nothing is waited for.
  void give_up() { waiting_ = false; }

 private:
  uint32_t last_ = 0;
  bool waiting_ = false;
};

// Theirs, for one early dialog (§4).
class ReliableReceiver {
 public:
  enum class Verdict : uint8_t {
    unreliable,  // no 100rel: nothing to acknowledge
    fresh,       // acknowledge and use
    repeated,    // an old one or one out of order: neither used nor acknowledged
  };
  Verdict take(const Message& response);
  uint32_t last() const { return last_; }

 private:
  uint32_t last_ = 0;
};

}  // namespace carillon::sip
