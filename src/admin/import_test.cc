// Imports over the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "admin/open.h"
#include "admin/service.h"
#include "db/open.h"

namespace carillon::admin {
namespace {

using testing::HasSubstr;

class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    char name[] = "/tmp/carillon-import-XXXXXX";
    dir_ = ::mkdtemp(name);
    service_ = open_service(db::open_repository(dir_).value(), Random(7)).value();
  }
  ~ImportTest() override {
    service_.reset();
    std::filesystem::remove_all(dir_);
  }
  ImportReport run(std::string_view csv, bool dry_run = false, bool atomic = false) {
    auto r = service_->import(csv, dry_run, atomic, {});
    EXPECT_TRUE(r) << (r ? "" : r.error().text);
    return r ? std::move(r).value() : ImportReport{};
  }
  std::string field(const char* collection, const char* name, const char* field) {
    const auto row = service_->get(collection, name);
    return row ? json::print(row->at(field)) : row.error().text;
  }
  size_t count(const char* collection) { return service_->list(collection, {})->size(); }

  std::string dir_;
  std::unique_ptr<Service> service_;
};

TEST_F(ImportTest, ARowThatIsNotUtf8IsRejectedAndSaysSo) {
  const auto report = run("userid,lastName\nmu,M\xFCller\nok,M\xC3\xBCller\n");
  EXPECT_EQ(report.added, 1u);
  ASSERT_EQ(report.rejected.size(), 1u);
  EXPECT_THAT(report.rejected[0].reason, HasSubstr("not UTF-8"));
  EXPECT_EQ(field("users", "ok", "lastName"), "\"Müller\"");
  EXPECT_THAT(service_->import("userid,M\xFCller\nx,y\n", false, false, {}).error().text, HasSubstr("not UTF-8"));
}

// `carillon phone list -o csv` and `carillon user list -o csv` have columns that nobody sets.
TEST_F(ImportTest, WhatIsOnlyShownMayComeBack) {
  run("userid,lastName,product,lines\nalice,Liddell,basic,1001\n");
  EXPECT_EQ(run("userid,lastName,digestCredentialsSet,revision\nalice,Liddell,true,1\n").unchanged, 1u);
  EXPECT_EQ(run("name,digestUser,lines,revision\nSEP1,,1002,7\n").added, 1u);
  EXPECT_EQ(run("number,alertingName,revision\n1001,Alice,3\n").updated, 1u);
}

TEST_F(ImportTest, ARowCarriesAUserAPhoneAndItsLines) {
  const auto report =
      run("userid,lastName,digestCredentials,product,lines\n"
          "alice,Liddell,secret,basic,1001\n"
          "carol,Carroll,hush,advanced,1003;1004\n"
          "dave,Lonely,,,\n");
  EXPECT_EQ(report.rows, 3u);
  EXPECT_EQ(report.added, 3u);
  EXPECT_TRUE(report.applied);
  EXPECT_TRUE(report.rejected.empty());
  EXPECT_EQ(count("users"), 3u);
  EXPECT_EQ(count("phones"), 2u);
  EXPECT_EQ(count("lines"), 3u);
  const auto s = service_->snapshot();
  const auto* carol = s->phone_by_digest_user("carol", nullptr);
  ASSERT_NE(carol, nullptr);
  EXPECT_EQ(carol->product, config::Product::advanced);
  EXPECT_NE(s->line_of_phone(*carol, "1004"), nullptr);
  EXPECT_TRUE(carol->credentials.present);
  EXPECT_EQ(field("phones", carol->name.c_str(), "ownerUser"), "\"carol\"");
  EXPECT_EQ(service_->licence().at("units").to_number<int64_t>(), 9);
}

TEST_F(ImportTest, TheSameFileTwiceChangesNothing) {
  const char* csv = "userid,lastName,digestCredentials,product,lines\nalice,Liddell,secret,basic,1001\n";
  run(csv);
  const uint64_t revision = service_->revision();
  const auto again = run(csv);
  EXPECT_EQ(again.unchanged, 1u);
  EXPECT_EQ(service_->revision(), revision);
  const auto changed = run("lines,userid\n1002,alice\n");
  EXPECT_EQ(changed.updated, 1u);
  EXPECT_EQ(count("phones"), 1u);
  EXPECT_EQ(field("users", "alice", "lastName"), "\"Liddell\"") << "a column left out leaves the field alone";
  const auto* alice = service_->snapshot()->phone_by_digest_user("alice", nullptr);
  EXPECT_NE(service_->snapshot()->line_of_phone(*alice, "1002"), nullptr);
  EXPECT_EQ(service_->snapshot()->line_of_phone(*alice, "1001"), nullptr);
}

TEST_F(ImportTest, BadRowsAreToldAndGoodOnesKept) {
  const auto report =
      run("userid,product,lines\n"
          "alice,basic,1001\n"
          "bob,deluxe,1002\n"
          "\"carol\"x,basic,1003\n"
          "dave,basic\n"
          ",basic,1005\n"
          "eve,basic,10;11\n"
          "frank,basic,1001x\n"
          "grace,basic,1007\n");
  EXPECT_EQ(report.rows, 8u);
  EXPECT_EQ(report.added, 2u);
  ASSERT_EQ(report.rejected.size(), 6u);
  EXPECT_EQ(report.rejected[0].line, 3u);
  EXPECT_EQ(report.rejected[0].text, "bob,deluxe,1002");
  EXPECT_EQ(report.rejected[0].reason, "product: must be one of: basic, advanced");
  EXPECT_EQ(report.rejected[1].reason, "text after a closing quote");
  EXPECT_THAT(report.rejected[2].reason, HasSubstr("has 2 cells, and there are 3 columns"));
  EXPECT_THAT(report.rejected[3].reason, HasSubstr("a phone needs its name or its digestUser"));
  EXPECT_THAT(report.rejected[4].reason, HasSubstr("at most 1 line"));
  EXPECT_THAT(report.rejected[5].reason, HasSubstr("digits, * and #"));
  EXPECT_EQ(count("users"), 2u) << "a bad phone undoes its row's user";
  EXPECT_EQ(count("lines"), 2u);
  EXPECT_EQ(service_->licence().at("units").to_number<int64_t>(), 6);
  EXPECT_EQ(service_->snapshot()->phones(), 2u);
}

TEST_F(ImportTest, DryRunAndAtomicChangeNothing) {
  const char* csv = "userid,product,lines\nalice,basic,1001\nbob,deluxe,1\n";
  const auto dry = run(csv, true);
  EXPECT_FALSE(dry.applied);
  EXPECT_EQ(dry.added, 1u);
  EXPECT_EQ(dry.rejected.size(), 1u);
  const auto atomic = run(csv, false, true);
  EXPECT_FALSE(atomic.applied);
  EXPECT_EQ(count("users"), 0u);
  EXPECT_EQ(service_->revision(), 0u);
  EXPECT_EQ(service_->licence().at("units").to_number<int64_t>(), 0);
  const auto whole = run("userid,product,lines\nalice,basic,1001\n", false, true);
  EXPECT_TRUE(whole.applied);
  EXPECT_EQ(count("phones"), 1u);
}

TEST_F(ImportTest, TheHeaderIsChecked) {
  const auto fault = [&](std::string_view csv) {
    const auto r = service_->import(csv, false, false, {});
    return r ? "no fault" : r.error().text;
  };
  EXPECT_THAT(fault(""), HasSubstr("empty"));
  EXPECT_THAT(fault("userid,colour,shape\nx,y,z\n"),
              HasSubstr("unknown column \"colour\", \"shape\"; columns may be: userid,"));
  EXPECT_THAT(fault("userid,userid\n"), HasSubstr("comes twice"));
  EXPECT_THAT(fault("lastName\nx\n"), HasSubstr("one of them must be a key"));
  EXPECT_THAT(fault("\"userid\"x\n"), HasSubstr("the first row"));
}

TEST_F(ImportTest, ReadsWhatSpreadsheetsWrite) {
  const auto report = run("\xEF\xBB\xBF\"userid\",\"displayName\"\r\n\"alice\",\"Liddell, \"\"Al\"\" Alice\"\r\n");
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(field("users", "alice", "displayName"), R"("Liddell, \"Al\" Alice")");
}

TEST_F(ImportTest, PhonesByNameAndLinesByNumber) {
  run("number,alertingName,description\n200,Front desk,hall\n201,,\n");
  EXPECT_EQ(field("lines", "200", "alertingName"), "\"Front desk\"");
  EXPECT_EQ(run("number,description\n200,door\n").updated, 1u);
  run("name,product,lines,description\nSEP1,advanced,200;201,desk\n");
  EXPECT_EQ(run("name,description\nSEP1,wall\n").updated, 1u);
  EXPECT_EQ(field("phones", "SEP1", "description"), "\"wall\"");
  EXPECT_EQ(service_->snapshot()->phone_by_name("SEP1")->lines.size(), 2u);
}

TEST_F(ImportTest, ThePoolHoldsInImportsToo) {
  ASSERT_TRUE(service_->update("parameters", "licence-pool", json::object{{"value", "6"}}, 0));
  const auto report = run("userid,product,lines\na,basic,1\nb,basic,2\nc,basic,3\n");
  EXPECT_EQ(report.added, 2u);
  ASSERT_EQ(report.rejected.size(), 1u);
  EXPECT_THAT(report.rejected[0].reason, HasSubstr("it has 6 units, 6 are in use"));
}

TEST_F(ImportTest, TenThousandRowsInAFewTransactions) {
  std::string csv = "userid,lastName,digestCredentials,product,lines\n";
  for (int i = 0; i < 10'000; i++) {
    const std::string n = std::to_string(i);
    csv += "user" + n + ",Name" + n + ",secret" + n + (i % 10 == 0 ? ",advanced," : ",basic,") +
           std::to_string(20'000 + i) + "\n";
  }
  size_t snapshots = 0, last = 0;
  service_->subscribe([&](const config::SnapshotPtr&) { snapshots++; });
  const auto r = service_->import(csv, false, false, [&](size_t done, size_t all) {
    EXPECT_GE(done, last);
    EXPECT_EQ(all, 10'000u);
    last = done;
  });
  ASSERT_TRUE(r);
  EXPECT_EQ(r->added, 10'000u);
  EXPECT_EQ(last, 10'000u);
  EXPECT_EQ(snapshots, 2u);
  const auto s = service_->snapshot();
  EXPECT_EQ(s->phones(), 10'000u);
  EXPECT_EQ(s->lines(), 10'000u);
  for (int i = 0; i < 10'000; i += 97) {
    const auto* phone = s->phone_by_digest_user("user" + std::to_string(i), nullptr);
    ASSERT_NE(phone, nullptr);
    EXPECT_TRUE(phone->credentials.present);
    EXPECT_NE(s->line_of_phone(*phone, std::to_string(20'000 + i)), nullptr);
  }
  service_ = open_service(db::open_repository(dir_).value(), Random(8)).value();
  EXPECT_EQ(service_->snapshot()->phones(), 10'000u);
  EXPECT_EQ(service_->licence().at("units").to_number<int64_t>(), 33'000);
}

}  // namespace
}  // namespace carillon::admin
