#include "sip/message/header_id.h"

#include <array>
#include <cstring>

#include "sip/message/chars.h"
#include "sip/message/header_lookup.h"

namespace carillon::sip {
namespace {

constexpr size_t kCount = static_cast<size_t>(HeaderId::count);

constexpr std::array<HeaderInfo, kCount> kInfo = {{
    {"", 0, false, ""},
#define CARILLON_X(id, name, compact, list, source) {name, compact, list, source},
    CARILLON_SIP_HEADERS(CARILLON_X)
#undef CARILLON_X
}};

// A perfect hash over length and three letters: the multiplier is searched for by the compiler.
constexpr size_t kSlots = 1024;

constexpr uint32_t key_of(const char* s, size_t n) {
  const auto low = [](char c) { return static_cast<uint32_t>(static_cast<unsigned char>(c | 0x20)); };
  return static_cast<uint32_t>(n) << 24 | low(s[0]) << 16 | low(s[n - 1]) << 8 | low(s[n / 2]);
}
constexpr size_t slot_of(uint32_t key, uint32_t factor) { return (key * factor) >> 22; }

constexpr bool fits(uint32_t factor) {
  std::array<bool, kSlots> used{};
  for (size_t i = 1; i < kCount; i++) {
    const size_t slot = slot_of(key_of(kInfo[i].name.data(), kInfo[i].name.size()), factor);
    if (used[slot]) return false;
    used[slot] = true;
  }
  return true;
}
constexpr uint32_t search_factor() {
  uint32_t factor = 0x9e3779b1u;
  for (int i = 0; i < 20000; i++, factor = factor * 1664525u + 1013904223u) {
    if (fits(factor | 1)) return factor | 1;
  }
  return 0;
}
constexpr uint32_t kFactor = search_factor();
static_assert(kFactor != 0, "no perfect hash: choose other letters in key_of");

constexpr auto kSlot = [] {
  std::array<uint8_t, kSlots> slots{};
  for (size_t i = 1; i < kCount; i++) {
    slots[slot_of(key_of(kInfo[i].name.data(), kInfo[i].name.size()), kFactor)] =
        static_cast<uint8_t>(i);
  }
  return slots;
}();

constexpr auto kCompact = [] {
  std::array<HeaderId, 256> table{};
  for (size_t i = 1; i < kCount; i++) {
    const char c = kInfo[i].compact;
    if (c == 0) continue;
    table[static_cast<unsigned char>(c)] = static_cast<HeaderId>(i);
    table[static_cast<unsigned char>(c - 32)] = static_cast<HeaderId>(i);
  }
  return table;
}();

// Names in lower case, padded: compared eight bytes at a time.
constexpr size_t kPadded = 32;
constexpr auto kLower = [] {
  std::array<std::array<char, kPadded>, kCount> names{};
  for (size_t i = 1; i < kCount; i++) {
    for (size_t k = 0; k < kInfo[i].name.size(); k++) {
      names[i][k] = static_cast<char>(kInfo[i].name[k] | 0x20);
    }
  }
  return names;
}();

constexpr auto kLength = [] {
  std::array<uint8_t, kCount> lengths{};
  for (size_t i = 1; i < kCount; i++) lengths[i] = static_cast<uint8_t>(kInfo[i].name.size());
  return lengths;
}();

template <typename Word>
bool same_at(const char* name, const char* lower, size_t at) {
  Word a, b;
  std::memcpy(&a, name + at, sizeof a);
  std::memcpy(&b, lower + at, sizeof b);
  return (a | static_cast<Word>(0x2020202020202020ull)) == b;
}

bool same_name(const char* name, const char* lower, size_t n) {
  if (n >= 8) {
    for (size_t at = 0; at + 8 <= n; at += 8) {
      if (!same_at<uint64_t>(name, lower, at)) return false;
    }
    return same_at<uint64_t>(name, lower, n - 8);
  }
  if (n >= 4) return same_at<uint32_t>(name, lower, 0) && same_at<uint32_t>(name, lower, n - 4);
  return same_at<uint16_t>(name, lower, 0) && same_at<uint16_t>(name, lower, n - 2);
}

}  // namespace

const HeaderInfo& info_of(HeaderId id) {
  const auto i = static_cast<size_t>(id);
  return kInfo[i < kCount ? i : 0];
}

HeaderId header_without_controls(std::string_view name) {
  if (name.size() < 2) {
    return name.empty() ? HeaderId::unknown : kCompact[static_cast<unsigned char>(name[0])];
  }
  const size_t i = kSlot[slot_of(key_of(name.data(), name.size()), kFactor)];
  if (kLength[i] != name.size()) return HeaderId::unknown;
  if (!same_name(name.data(), kLower[i].data(), name.size())) return HeaderId::unknown;
  return static_cast<HeaderId>(i);
}

HeaderId header_of(std::string_view name) {
  return chars::is_token(name) ? header_without_controls(name) : HeaderId::unknown;
}

}  // namespace carillon::sip
