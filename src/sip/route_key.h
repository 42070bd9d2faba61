#pragma once
// What we mint carries the way home: a branch finds its client transaction by index, a local tag the dialog's owner,
// and both name their shard in two characters. Random parts keep them unguessable. Letters are lower case and read
// without regard to case, since SIP tokens may be folded on their way (RFC 3261 §7.3.1).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "sip/scan.h"

namespace carillon::sip {

using View = std::string_view;

constexpr unsigned kMaxShards = 1024;              // two characters
constexpr uint32_t kMaxBranchIndex = 1u << 25;     // five characters
constexpr uint64_t kOwnerMask = (1ull << 48) - 1;  // what of a tag is the user's choice

// z9hG4bK + shard (2) + index of the client transaction (5) + low bits of its generation (2) + random (13).
struct BranchKey {
  uint16_t shard = 0;
  uint32_t index = 0;       // < kMaxBranchIndex; kMaxBranchIndex - 1 belongs to no transaction (ACK to 2xx)
  uint16_t generation = 0;  // ten bits
  uint64_t random = 0;
};
constexpr uint16_t short_generation(uint32_t generation) { return generation & 0x3ff; }
constexpr size_t kBranchSize = 7 + 2 + 5 + 2 + 13;
void append_branch(std::string& to, const BranchKey& key);
std::optional<BranchKey> parse_branch(View branch);

// Shard (2) + owner (10) + random (13).
struct TagKey {
  uint16_t shard = 0;
  uint64_t owner = 0;  // 48 bits
  uint64_t random = 0;
};
constexpr size_t kTagSize = 2 + 10 + 13;
void append_tag(std::string& to, const TagKey& key);
// Nothing when the tag cannot be one of ours; one that can may still be a stranger's invention.
std::optional<TagKey> parse_tag(View tag);

// 128 random bits, drawn until the Call-ID belongs to `shard`. REQUIRES: shard < shards.
std::string mint_call_id(unsigned shard, unsigned shards, Random& random);

// Who owns a Call-ID that was never seen, and who owns an address of record (by its user part).
unsigned shard_of_call_id(View call_id, unsigned shards);
unsigned shard_of_user(View user, unsigned shards);

// The shard that a message belongs to: a response by our branch, a request by our tag in To, a REGISTER, SUBSCRIBE or
// PUBLISH by the address of record in To, everything else by Call-ID. ACK and CANCEL follow their INVITE by the same
// rule. REQUIRES: 0 < shards <= 1024.
unsigned shard_of(const Scan& scan, unsigned shards);

}  // namespace carillon::sip
