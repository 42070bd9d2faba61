#include "sip/route_key.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/text.h"

namespace carillon::sip {

namespace {

constexpr View kCookie = "z9hG4bK";
constexpr char kLetters[] = "0123456789abcdefghijklmnopqrstuv";
constexpr uint64_t kCallIdSeed = 0x63616c6c2d6964ull;
constexpr uint64_t kUserSeed = 0x616f722d75736572ull;

void append_bits(std::string& to, uint64_t value, size_t letters) {
  char text[16];
  for (size_t i = letters; i-- > 0; value >>= 5) text[i] = kLetters[value & 31];
  to.append(text, letters);
}

int letter_value(char c) {
  c = ascii_lower(c);
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'v' ? c - 'a' + 10 : -1;
}

// Takes `letters` from the front of `text`; false when one is not of our alphabet.
bool take_bits(View& text, size_t letters, uint64_t& value) {
  value = 0;
  for (size_t i = 0; i < letters; i++) {
    const int v = letter_value(text[i]);
    if (v < 0) return false;
    value = value << 5 | static_cast<uint64_t>(v);
  }
  text.remove_prefix(letters);
  return true;
}

}  // namespace

void append_branch(std::string& to, const BranchKey& key) {
  to += kCookie;
  append_bits(to, key.shard, 2);
  append_bits(to, key.index, 5);
  append_bits(to, key.generation, 2);
  append_bits(to, key.random, 13);
}

std::optional<BranchKey> parse_branch(View branch) {
  if (branch.size() != kBranchSize || !iequals(branch.substr(0, kCookie.size()), kCookie)) return {};
  branch.remove_prefix(kCookie.size());
  uint64_t shard = 0, index = 0, generation = 0, random = 0;
  if (!take_bits(branch, 2, shard) || !take_bits(branch, 5, index) || !take_bits(branch, 2, generation) ||
      !take_bits(branch, 13, random)) {
    return {};
  }
  return BranchKey{static_cast<uint16_t>(shard), static_cast<uint32_t>(index), static_cast<uint16_t>(generation),
                   random};
}

void append_tag(std::string& to, const TagKey& key) {
  append_bits(to, key.shard, 2);
  append_bits(to, key.owner & kOwnerMask, 10);
  append_bits(to, key.random, 13);
}

std::optional<TagKey> parse_tag(View tag) {
  if (tag.size() != kTagSize) return {};
  uint64_t shard = 0, owner = 0, random = 0;
  if (!take_bits(tag, 2, shard) || !take_bits(tag, 10, owner) || !take_bits(tag, 13, random)) return {};
  if (owner > kOwnerMask) return {};
  return TagKey{static_cast<uint16_t>(shard), owner, random};
}

std::string mint_call_id(unsigned shard, unsigned shards, Random& random) {
  CHECK(shard < shards);
  std::string id;
  // Each draw fits with probability 1/shards; with 1024 shards 64 * shards draws fail once in e^64.
  for (unsigned draw = 0; draw < 64 * shards; draw++) {
    id.clear();
    append_bits(id, random.next64(), 13);
    append_bits(id, random.next64(), 13);
    if (shard_of_call_id(id, shards) == shard) break;
  }
  return id;
}

unsigned shard_of_call_id(View call_id, unsigned shards) {
  return shards <= 1 ? 0 : static_cast<unsigned>(hash_bytes(call_id, kCallIdSeed) % shards);
}

unsigned shard_of_user(View user, unsigned shards) {
  return shards <= 1 ? 0 : static_cast<unsigned>(hash_bytes(user, kUserSeed) % shards);
}

unsigned shard_of(const Scan& scan, unsigned shards) {
  if (shards <= 1) return 0;
  if (!scan.request) {
    const auto branch = parse_branch(scan.branch);
    if (branch && branch->shard < shards) return branch->shard;
  } else if (const auto tag = parse_tag(scan.to_tag); tag && tag->shard < shards) {
    return tag->shard;
  } else if (scan.method == "REGISTER" || scan.method == "SUBSCRIBE" || scan.method == "PUBLISH") {
    return shard_of_user(scan.to_user, shards);
  }
  return shard_of_call_id(scan.call_id, shards);
}

}  // namespace carillon::sip
