#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/compact_text.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/slab.h"
#include "base/text.h"

namespace carillon {
namespace {

TEST(Address, ReadsAndPrintsBothFamilies) {
  EXPECT_EQ(Address::parse("192.0.2.1:5060")->text(), "192.0.2.1:5060");
  EXPECT_EQ(Address::parse("[2001:db8::1]:5061")->text(), "[2001:db8::1]:5061");
  EXPECT_EQ(Address::parse_ip("[::1]", 7)->host_text(), "[::1]");
  EXPECT_EQ(Address::parse_ip("::ffff:10.1.2.3", 7), Address::parse_ip("10.1.2.3", 7));
  for (const char* bad :
       {"", "1.2.3.4", "1.2.3:5060", "::1:5060", "1.2.3.4:70000", "1.2.3.4:", "[1.2.3.4]:1", "host:1"}) {
    EXPECT_FALSE(Address::parse(bad)) << bad;
  }
}

TEST(Address, KnowsLoopbackAndAny) {
  EXPECT_TRUE(Address::parse_ip("127.9.8.7", 0)->is_loopback());
  EXPECT_TRUE(Address::parse_ip("::1", 0)->is_loopback());
  EXPECT_FALSE(Address::parse_ip("10.0.0.1", 0)->is_loopback());
  EXPECT_TRUE(Address::parse_ip("0.0.0.0", 0)->is_any());
  EXPECT_TRUE(Address::parse_ip("::", 0)->is_any());
}

TEST(Network, ContainsWhatItsPrefixSays) {
  const auto ten = *Network::parse("10.0.0.0/8");
  EXPECT_TRUE(ten.contains(*Address::parse_ip("10.255.1.2", 0)));
  EXPECT_TRUE(ten.contains(*Address::parse_ip("::ffff:10.1.1.1", 0)));
  EXPECT_FALSE(ten.contains(*Address::parse_ip("11.0.0.1", 0)));
  const auto odd = *Network::parse("172.16.0.0/12");
  EXPECT_TRUE(odd.contains(*Address::parse_ip("172.31.255.255", 0)));
  EXPECT_FALSE(odd.contains(*Address::parse_ip("172.32.0.0", 0)));
  EXPECT_TRUE(Network::parse("fe80::/10")->contains(*Address::parse_ip("febf::1", 0)));
  EXPECT_TRUE(Network::parse("192.0.2.7")->contains(*Address::parse_ip("192.0.2.7", 99)));
  EXPECT_EQ(Network::parse("10.1.2.3/8")->text(), "10.0.0.0/8");
  EXPECT_FALSE(Network::parse("10.0.0.0/33"));
  EXPECT_FALSE(Network::parse("10.0.0.0/"));
}

TEST(Slab, AStaleIdFindsNothing) {
  Slab<std::string> slab(1000);
  const auto a = slab.emplace("a");
  EXPECT_EQ(*slab.find(a), "a");
  EXPECT_TRUE(slab.erase(a));
  EXPECT_FALSE(slab.erase(a));
  const auto b = slab.emplace("b");
  EXPECT_EQ(b.index, a.index);
  EXPECT_EQ(slab.find(a), nullptr);
  EXPECT_EQ(*slab.find(b), "b");
  EXPECT_EQ(slab.find(Id<std::string>{}), nullptr);
}

TEST(Slab, HoldsAsManyAsItMay) {
  Slab<int> slab(600);
  while (!slab.full()) slab.emplace(1);
  EXPECT_EQ(slab.size(), 600u);
  int seen = 0;
  slab.for_each([&](Id<int> id, int&) { seen++, slab.erase(id); });
  EXPECT_EQ(seen, 600);
  EXPECT_EQ(slab.size(), 0u);
}

TEST(Slab, GivesMemoryBackAndStillKnowsStaleIds) {
  Slab<std::string> slab(100000);
  std::vector<Id<std::string>> ids;
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 5000; i++) ids.push_back(slab.emplace(std::to_string(i)));
    const size_t from = ids.size() - 5000;
    for (size_t i = 0; i < ids.size(); i++) EXPECT_EQ(slab.find(ids[i]) != nullptr, i >= from);
    for (size_t i = from; i < ids.size(); i += 2) EXPECT_TRUE(slab.erase(ids[i]));
    int seen = 0;
    slab.for_each([&](Id<std::string> id, std::string&) { seen++, slab.erase(id); });
    EXPECT_EQ(seen, 2500);
    EXPECT_EQ(slab.size(), 0u);
  }
}

TEST(Random, FollowsRfc8439) {
  // RFC 8439 §2.3.2's block function with a zero nonce and counter: the first words for an all-zero key.
  Random zero(std::array<uint32_t, 8>{});
  EXPECT_EQ(zero.next32(), 0xade0b876u);
  EXPECT_EQ(zero.next32(), 0x903df1a0u);
  Random a(42), b(42);
  for (int i = 0; i < 100; i++) EXPECT_EQ(a.next64(), b.next64());
  for (int i = 0; i < 1000; i++) EXPECT_LT(a.below(7), 7u);
}

TEST(Text, NumbersAreStrict) {
  EXPECT_EQ(to_number<uint16_t>("5060"), 5060);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "70000", "0x10"}) EXPECT_FALSE(to_number<uint16_t>(bad)) << bad;
}

TEST(Text, HexAndBase64GoThereAndBack) {
  std::string bytes;
  for (int i = 0; i < 256; i++) {
    EXPECT_EQ(unhex(hex(bytes)), bytes);
    EXPECT_EQ(unbase64url(base64url(bytes)), bytes);
    bytes += static_cast<char>(i);
  }
  EXPECT_FALSE(unhex("abc"));
  EXPECT_FALSE(unbase64url("a+b="));
}

TEST(Text, OnlyCleanUtf8IsClean) {
  EXPECT_TRUE(is_clean_utf8("Zoë 電話"));
  for (const char* bad : {"a\nb", "\x7f", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc2\x85", "\xe2\x82"}) {
    EXPECT_FALSE(is_clean_utf8(bad)) << printable(bad, 40);
  }
  EXPECT_EQ(printable("a\r\nb", 40), "a\\x0d\\x0ab");
  EXPECT_EQ(valid_utf8("Zoë\r\n"), "Zoë\r\n");
  EXPECT_EQ(valid_utf8("M\xFCller \xE9\x9B"), "M\uFFFDller \uFFFD\uFFFD");
}

TEST(Hash, DiffersAndDependsOnTheKey) {
  std::set<uint64_t> seen;
  std::string s;
  for (int i = 0; i < 200; i++) seen.insert(hash_bytes(s += 'x', 0));
  EXPECT_EQ(seen.size(), 200u);
  const uint64_t before = hash_bytes("alice", 0);
  set_hash_key(99);
  EXPECT_NE(hash_bytes("alice", 0), before);
}

TEST(CompactText, HoldsWhatItWasGivenInTheRoomOfAPointer) {
  static_assert(sizeof(CompactText) == sizeof(void*));
  CompactText none, a = "sip:1001@192.0.2.1:5060";
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none, "");
  EXPECT_EQ(a.size(), 23u);
  CompactText b = a;
  EXPECT_EQ(a, b);
  b = b.view().substr(4, 4);  // a part of itself
  EXPECT_EQ(b, std::string("1001"));
  EXPECT_NE(a, b);
  b = "";
  EXPECT_TRUE(b.empty());
  b = std::move(a);
  EXPECT_EQ(b.str(), "sip:1001@192.0.2.1:5060");
  EXPECT_EQ(CompactText(std::string_view("a\0b", 3)).size(), 3u);
}

}  // namespace
}  // namespace carillon
