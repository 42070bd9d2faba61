#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "config/built_in.h"
#include "db/open.h"
#include "db/schema.h"

namespace carillon::db {
namespace {

using config::EndUser;
using config::Line;
using config::Phone;

class RepositoryTest : public testing::Test {
 protected:
  RepositoryTest() {
    char name[] = "/tmp/carillon-db-XXXXXX";
    dir_ = ::mkdtemp(name);
  }
  ~RepositoryTest() override { std::filesystem::remove_all(dir_); }
  std::unique_ptr<config::Repository> open() {
    auto r = open_repository(dir_);
    EXPECT_TRUE(r) << (r ? "" : r.error().text);
    return r ? std::move(r).value() : nullptr;
  }
  std::string dir_;
};

TEST_F(RepositoryTest, RowsComeBackAfterARestart) {
  EntityId phone_id = 0;
  {
    auto r = open();
    ASSERT_TRUE(r->begin());
    EndUser user;
    user.userid = "alice";
    user.digest_credentials.sealed = r->vault().seal("alice", "ccmsipline", "hush");
    ASSERT_TRUE(r->of<EndUser>().insert(user));
    Line line;
    line.number = "1001";
    line.partition.id = config::kDefaultPartition;
    ASSERT_TRUE(r->of<Line>().insert(line));
    Phone phone;
    phone.name = "SEP1";
    phone.product = config::Product::advanced;
    phone.digest_user.id = user.id;
    phone.lines.push_back({.line = {line.id, ""}, .index = 1, .label = "Büro; links"});
    ASSERT_TRUE(r->of<Phone>().insert(phone));
    phone_id = phone.id;
    r->set_revision(7);
    ASSERT_TRUE(r->commit());
  }
  auto r = open();
  EXPECT_EQ(r->revision(), 7u);
  const auto phone = r->of<Phone>().get(phone_id);
  ASSERT_TRUE(phone);
  EXPECT_EQ(phone->product, config::Product::advanced);
  ASSERT_EQ(phone->lines.size(), 1u);
  EXPECT_EQ(phone->lines[0].label, "Büro; links");
  EXPECT_EQ(phone->lines[0].max_calls, 4);
  const auto user = r->of<EndUser>().get(phone->digest_user.id);
  ASSERT_TRUE(user);
  EXPECT_EQ(r->vault().password("alice", user->digest_credentials.sealed), "hush");
  EXPECT_FALSE(r->vault().password("bob", user->digest_credentials.sealed));
  EXPECT_EQ(r->of<Phone>().referring("digestUser", user->id), phone_id);
}

TEST_F(RepositoryTest, TheDatabaseItselfRefusesASecondPhoneOfADigestUser) {
  auto r = open();
  EndUser user;
  user.userid = "alice";
  ASSERT_TRUE(r->of<EndUser>().insert(user));
  Phone a, b;
  a.name = "A", b.name = "B";
  a.digest_user.id = b.digest_user.id = user.id;
  ASSERT_TRUE(r->of<Phone>().insert(a));
  const auto second = r->of<Phone>().insert(b);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, FaultKind::conflict);
}

TEST_F(RepositoryTest, BuiltInRowsHaveTheirExactNames) {
  auto r = open();
  EXPECT_EQ(r->of<config::PhoneSecurityProfile>()
                .find("Third-party SIP Device Basic - Standard SIP Non-Secure Profile")
                .size(),
            1u);
  EXPECT_EQ(r->of<config::PhoneSecurityProfile>()
                .find("Third-party SIP Device Advanced - Standard SIP Non-Secure Profile")
                .size(),
            1u);
  EXPECT_EQ(r->of<config::SipProfile>().find("Standard SIP Profile").size(), 1u);
  EXPECT_EQ(r->of<config::Partition>().count(), 1u);
}

TEST_F(RepositoryTest, AnOlderTableGrowsItsMissingColumns) {
  {
    auto c = Connection::open(dir_ + "/config.db", true);
    ASSERT_TRUE(c);
    ASSERT_TRUE(
        (*c)->run("CREATE TABLE \"EndUser\" (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL DEFAULT 0,"
                  " userid TEXT NOT NULL DEFAULT '', gone TEXT)"));
    ASSERT_TRUE((*c)->run("INSERT INTO \"EndUser\" (id, userid, gone) VALUES (5, 'old', 'x')"));
    ASSERT_TRUE((*c)->run(
        "CREATE TABLE \"SipProfile\" (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL DEFAULT 0, name TEXT)"));
    ASSERT_TRUE((*c)->run("INSERT INTO \"SipProfile\" (id, name) VALUES (9, 'mine')"));
  }
  auto r = open();
  const auto user = r->of<EndUser>().get(5);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->userid, "old");
  EXPECT_EQ(user->last_name, "");
  const auto profile = r->of<config::SipProfile>().get(9);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->session_expires, 1800);
  EXPECT_TRUE(profile->send_remote_party_id);
}

TEST_F(RepositoryTest, AStoreOfANewerVersionIsRefused) {
  open().reset();
  {
    auto c = Connection::open(dir_ + "/config.db", true);
    ASSERT_TRUE((*c)->run("UPDATE meta SET value = 99 WHERE name = 'format'"));
  }
  const auto r = open_repository(dir_);
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().text.find("newer version"), std::string::npos);
}

TEST_F(RepositoryTest, FilesArePrivateAndALostKeyIsSaid) {
  {
    auto r = open();
    EndUser user;
    user.userid = "alice";
    user.digest_credentials.sealed = r->vault().seal("alice", "r", "p");
    ASSERT_TRUE(r->of<EndUser>().insert(user));
  }
  struct stat info {};
  ASSERT_EQ(::stat((dir_ + "/secret.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((dir_ + "/config.db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  std::filesystem::remove(dir_ + "/secret.key");
  const auto r = open_repository(dir_);
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().text.find("secret.key is missing"), std::string::npos);
}

TEST_F(RepositoryTest, EachGoesThroughRowsWithTheirChildrenEitherWay) {
  auto r = open();
  ASSERT_TRUE(r->begin());
  std::vector<EntityId> lines;
  for (int i = 0; i < 20; i++) {
    Line line;
    line.number = std::to_string(200 + i);
    line.partition.id = config::kDefaultPartition;
    ASSERT_TRUE(r->of<Line>().insert(line));
    lines.push_back(line.id);
  }
  for (int i = 0; i < 20; i++) {
    Phone phone;
    phone.name = "P" + std::to_string(99 - i);
    for (int k = 0; k < i % 4; k++)
      phone.lines.push_back({.line = {lines[static_cast<size_t>(i - k)], ""}, .index = k + 1});
    ASSERT_TRUE(r->of<Phone>().insert(phone));
  }
  ASSERT_TRUE(r->commit());
  for (const bool by_key : {false, true}) {
    std::string last;
    size_t seen = 0;
    r->of<Phone>().each(by_key, "", [&](Phone&& p) {
      const int i = 99 - std::stoi(p.name.substr(1));
      EXPECT_EQ(p.lines.size(), static_cast<size_t>(i % 4));
      if (!p.lines.empty()) {
        EXPECT_EQ(p.lines[0].line.id, lines[static_cast<size_t>(i)]);
      }
      if (by_key) {
        EXPECT_LT(last, p.name);
      }
      last = p.name;
      seen++;
      return true;
    });
    EXPECT_EQ(seen, 20u);
  }
  EXPECT_EQ(r->referrers("Line", lines[1], 10), (std::vector<std::string>{"Phone P98", "Phone P97", "Phone P96"}));
  EXPECT_EQ(r->referrers("Line", lines[1], 2).size(), 2u);
  EXPECT_TRUE(r->referrers("EndUser", 1, 10).empty());
}

TEST_F(RepositoryTest, AuditRowsCarryTheTime) {
  auto r = open();
  ASSERT_TRUE(r->begin());
  r->audit({.revision = 3,
            .what = "add",
            .collection = "users",
            .name = "x",
            .before = nullptr,
            .after = json::object{{"a", 1}}});
  ASSERT_TRUE(r->commit());
  const auto trail = r->audit_trail(5);
  ASSERT_EQ(trail.size(), 1u);
  EXPECT_GT(trail[0].time.us, 1'600'000'000'000'000);
  EXPECT_EQ(json::print(trail[0].after), R"({"a":1})");
  EXPECT_TRUE(trail[0].before.is_null());
}

}  // namespace
}  // namespace carillon::db
