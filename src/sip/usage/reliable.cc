#include "sip/usage/reliable.h"

#include "base/check.h"

namespace carillon::sip {

uint32_t ReliableSender::next(uint32_t random) {
  CHECK(!waiting_);
  // The first is drawn from the lower half, so that counting up does not come round.
  last_ = last_ == 0 ? (random & 0x3fffffff) + 1 : last_ + 1;
  waiting_ = true;
  return last_;
}

bool ReliableSender::take(const Message& prack, uint32_t invite_cseq) {
  const auto rack = RAck::parse(prack.value(HeaderId::rack));
  if (!waiting_ || !rack || rack->rseq != last_) return false;
  if (rack->cseq.number != invite_cseq || rack->cseq.method != Method::invite) return false;
  waiting_ = false;
  return true;
}

ReliableReceiver::Verdict ReliableReceiver::take(const Message& response) {
  const auto number = response.number(HeaderId::rseq);
  const bool provisional = response.status() > 100 && response.status() < 200;
  if (!provisional || !response.lists(HeaderId::require, "100rel")) return Verdict::unreliable;
  if (!number || *number == 0) return Verdict::repeated;
  if (last_ != 0 && *number != last_ + 1) return Verdict::repeated;
  last_ = *number;
  return Verdict::fresh;
}

}  // namespace carillon::sip
