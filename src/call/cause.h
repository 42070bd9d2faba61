#pragma once
// SIP answers and Q.850 causes (system.md 2.12), and what a phone's answer becomes for the caller.

#include <string_view>

namespace carillon::call {

// The Q.850 cause of a final SIP answer; 16 for 2xx, 41 for what has no row.
int cause_of_status(int status);
// RFC 3398 §7.2.4.1 the other way.
int status_of_cause(int cause);
// What the caller is told when a phone answers so. Answers that concern the request as we wrote it, or that ask for
// what we do not do (401, 407: a phone's challenge is never answered; 3xx: nothing is diverted by the phone), become
// 480 or 500.
int status_for_caller(int status);
// The same where the phone's answer says a Q.850 cause in its Reason (RFC 6432; 0: none): the cause decides for an
// answer that is not passed on as it is.
int status_for_caller(int status, int cause);
// The words for a Q.850 cause, "" for what has none.
std::string_view text_of_cause(int cause);
// Smaller is better: which of several failures the caller is told (RFC 3261 §16.7 item 6).
int rank_of_failure(int status);

namespace cause {
constexpr int kUnallocated = 1, kNormal = 16, kBusy = 17, kNoUser = 18, kNoAnswer = 19, kAbsent = 20, kRejected = 21,
              kElsewhere = 26, kOutOfOrder = 27, kNormalUnspecified = 31, kTemporary = 41, kCongestion = 42,
              kIncompatible = 88, kTimer = 102, kProtocol = 111, kHopCount = 25, kOutOfBandwidth = 125, kHighest = 127;
}

}  // namespace carillon::call
