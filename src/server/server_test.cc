// The smaller parts of the server: what it keeps, masks and writes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "net/certificate.h"
#include "net/net_test_kit.h"
#include "server/clock.h"
#include "server/data_dir.h"
#include "server/demo_file.h"
#include "server/greeting.h"
#include "server/log.h"
#include "server/trace_ring.h"

namespace carillon::server {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat s {};
  EXPECT_EQ(stat(path.c_str(), &s), 0) << path;
  return s.st_mode & 0777;
}

TEST(Masking, SecretsGoTheRestStays) {
  EXPECT_EQ(mask_secrets("Digest username=\"alice\", response=\"0123abc\", cnonce=\"x\", nc=1"),
            "Digest username=\"alice\", response=***, cnonce=***, nc=1");
  EXPECT_EQ(mask_secrets("Authorization: Bearer abc.def\r\nX: y"), "Authorization: Bearer ***\r\nX: y");
  EXPECT_EQ(mask_secrets("password=secret"), "password=***");
  EXPECT_EQ(mask_secrets("the response of a phone"), "the response of a phone");
  EXPECT_EQ(mask_secrets("response=\"never closed"), "response=***");
  EXPECT_EQ(mask_secrets(""), "");
}

TEST(Log, WarningsAreKeptMaskedNewestFirst) {
  log_warning("test", "first");
  log_error("test", "token=abcdef is bad");
  log_info("test", "not kept");
  const auto kept = recent_errors();
  ASSERT_GE(kept.size(), 2u);
  EXPECT_EQ(kept[0].text, "token=*** is bad");
  EXPECT_EQ(kept[1].text, "first");
}

TEST(TraceRing, KeepsTheLastMessages) {
  std::atomic<uint64_t> sequence{0};
  TraceRing ring(sequence, 1000, 8);
  for (int i = 0; i < 20; i++) ring.add({i}, i % 2 == 0, {}, "message " + std::to_string(i));
  const auto all = ring.read(0);
  ASSERT_EQ(all.size(), 8u);
  EXPECT_EQ(all.front().text, "message 12");
  EXPECT_EQ(all.back().text, "message 19");
  EXPECT_EQ(all.back().sequence, 20u);
  EXPECT_FALSE(all.back().incoming);
  EXPECT_EQ(ring.read(18).size(), 2u);
}

TEST(TraceRing, LargeMessagesPushOutSmallOnesAndStayWhole) {
  std::atomic<uint64_t> sequence{0};
  TraceRing ring(sequence, 1000, 100);
  for (int i = 0; i < 50; i++)
    ring.add({i}, true, {}, std::string(static_cast<size_t>(100 + i), static_cast<char>('a' + i % 26)));
  const auto all = ring.read(0);
  ASSERT_GE(all.size(), 4u);
  EXPECT_LE(all.size(), 10u);
  for (const auto& t : all) {
    const auto i = static_cast<size_t>(t.at.us);
    EXPECT_EQ(t.text, std::string(100 + i, static_cast<char>('a' + i % 26)));
  }
  ring.add({99}, true, {}, std::string(5000, 'z'));  // cut to what fits
  EXPECT_EQ(ring.read(50).back().text.size(), 500u);
}

TEST(DataDir, IsPrivateAndHeldByOne) {
  const net::TestDir dir;
  const std::string path = dir.file("a/b");
  Random random(1);
  std::string first;
  {
    auto held = DataDir::open(path);
    ASSERT_TRUE(held) << held.error().text;
    EXPECT_TRUE(held->fresh());
    EXPECT_EQ(mode_of(path), 0700u);
    const auto second = DataDir::open(path);
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().text.find("another carillon is running"), std::string::npos);
    const auto secret = held->secret("token", 24, random);
    ASSERT_TRUE(secret);
    EXPECT_EQ(secret->size(), 24u);
    EXPECT_EQ(mode_of(path + "/token"), 0600u);
    first = *secret;
  }
  auto again = DataDir::open(path);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again->secret("token", 24, random), first);
  std::ofstream(path + "/token") << "rubbish";
  const auto damaged = again->secret("token", 24, random);
  ASSERT_FALSE(damaged);
  EXPECT_NE(damaged.error().text.find("remove it"), std::string::npos);
}

TEST(DataDir, MakesACertificateOnce) {
  const net::TestDir dir;
  auto held = DataDir::open(dir.file("d"));
  ASSERT_TRUE(held);
  const Clock clock;
  ASSERT_TRUE(held->ensure_certificate(clock.now()));
  EXPECT_EQ(mode_of(held->key_file()), 0600u);
  const auto size = std::filesystem::file_size(held->certificate_file());
  const auto time = std::filesystem::last_write_time(held->certificate_file());
  ASSERT_TRUE(held->ensure_certificate(clock.now()));
  EXPECT_EQ(std::filesystem::last_write_time(held->certificate_file()), time);
  EXPECT_GT(size, 300u);
  std::filesystem::remove(held->key_file());
  EXPECT_FALSE(held->ensure_certificate(clock.now()));
}

TEST(DemoFile, EachStartKnowsWhatToTypeIntoAPhone) {
  const std::string path = ::testing::TempDir() + "demo-file-test";
  std::filesystem::remove_all(path);
  auto dir = DataDir::open(path);
  ASSERT_TRUE(dir);
  EXPECT_TRUE(read_demo(*dir).empty());
  ASSERT_TRUE(write_demo(*dir, {{"alice", "pass-word", "1001", "basic"}, {"carol", "other", "1003", "advanced"}}));
  const auto phones = read_demo(*dir);
  ASSERT_EQ(phones.size(), 2u);
  EXPECT_EQ(phones[1].userid + phones[1].password + phones[1].number + phones[1].product, "carolother1003advanced");
  const auto mode = std::filesystem::status(dir->file("demo-phones")).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::remove_all(path);
}

TEST(Greeting, TheFirstStartExplainsTheSecondIsShort) {
  Greeting g;
  g.data_dir = "/data";
  g.first = true;
  g.listeners = {{"UDP", *Address::parse("0.0.0.0:5060"), ""}, {"HTTP", *Address::parse("127.0.0.1:8080"), ""}};
  g.addresses = {*Address::parse_ip("192.0.2.5", 0)};
  g.demo = {{"alice", "pass-word", "1001", "basic"}};
  const std::string text = greeting_text(g);
  for (const char* part :
       {"UDP 0.0.0.0:5060", "192.0.2.5", "alice", "pass-word", "1001", "carillon status", "--data-dir /data"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 14);
  g.first = false, g.demo.clear();
  const std::string later = greeting_text(g);
  EXPECT_LE(std::count(later.begin(), later.end(), '\n'), 2);
}

}  // namespace
}  // namespace carillon::server
