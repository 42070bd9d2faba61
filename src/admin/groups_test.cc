// Hunt groups, pickup groups, park numbers and feature codes over the real store, and the space of numbers that they
// share with the lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/store_test.h"

namespace carillon::admin {
namespace {

using testing::HasSubstr;

class GroupsTest : public StoreTest {
 protected:
  // "" when it was taken.
  std::string add(const char* collection, std::string_view fields) {
    const auto w = service_->add(collection, object(fields));
    return w ? "" : w.error().text;
  }
  std::string update(const char* collection, std::string_view name, std::string_view fields) {
    const auto w = service_->update(collection, name, object(fields), 0);
    return w ? "" : w.error().text;
  }
  std::string shown(const char* collection, std::string_view name, const char* field) {
    const auto row = service_->get(collection, name);
    return row ? json::print(row->at(field)) : row.error().text;
  }
};

TEST_F(GroupsTest, CallersAreFilteredByNumber) {
  ASSERT_EQ(add("caller-filters", R"({"name":"Board","mode":"allow","numbers":["100X","+49!","100X"]})"), "");
  EXPECT_EQ(shown("caller-filters", "Board", "numbers"), R"(["100X","+49!"])");
  EXPECT_EQ(shown("caller-filters", "Board", "action"), R"("reject")");
  ASSERT_EQ(add("lines", R"({"number":"1001","callerFilter":"Board"})"), "");
  const auto check = [this](const config::Snapshot& s, bool stranger) {
    const auto* filter = s.row<config::CallerFilterView>(s.line_in(1, "1001")->caller_filter);
    ASSERT_NE(filter, nullptr);
    EXPECT_TRUE(filter->lets_through("1005") && filter->lets_through("+4930") && filter->lets_through("+49"));
    EXPECT_EQ(filter->lets_through("10055"), stranger);
    EXPECT_EQ(filter->lets_through("100X"), stranger);
    EXPECT_EQ(filter->lets_through(""), stranger);
  };
  check(*service_->snapshot(), false);
  ASSERT_EQ(update("caller-filters", "Board", R"({"numbers":"100X,+49!,!"})"), "");
  check(*service_->snapshot(), true);
  open();
  check(*service_->snapshot(), true);
  EXPECT_THAT(add("caller-filters", R"({"name":"Wrong","numbers":["10!1"]})"), HasSubstr("! at the end"));
  EXPECT_THAT(add("caller-filters", R"({"name":"Wrong","numbers":[""]})"), HasSubstr("empty"));
  EXPECT_THAT(add("caller-filters", R"({"name":"Wrong","action":"forward"})"), HasSubstr("forwardTo: is needed"));
  EXPECT_THAT(add("caller-filters", R"({"name":"Board"})"), HasSubstr("exists already"));
  EXPECT_THAT(service_->remove("caller-filters", "Board").error().text, HasSubstr("in use by Line 1001"));
}

TEST_F(GroupsTest, AHuntFromLinesToPilot) {
  for (const char* number : {"1001", "1002", "1003"}) {
    ASSERT_EQ(add("lines", std::string(R"({"number":")") + number + "\"}"), "");
  }
  ASSERT_EQ(add("line-groups", R"({"name":"Sales","members":["1003","1001"],"distributionAlgorithm":"circular"})"), "");
  ASSERT_EQ(add("hunt-lists", R"({"name":"All","lineGroups":["Sales"]})"), "");
  ASSERT_EQ(add("hunt-pilots", R"({"number":"5000","huntList":"All","forwardHuntBusy":"1002"})"), "");
  EXPECT_EQ(shown("line-groups", "Sales", "members"), R"(["1003","1001"])");
  EXPECT_EQ(shown("line-groups", "Sales", "rnaReversionTimeOut"), "10");
  EXPECT_EQ(shown("hunt-pilots", "5000", "partition"), R"("Default")");
  const auto check = [this](const config::Snapshot& s) {
    const auto* number = s.number_in(1, "5000");
    ASSERT_NE(number, nullptr);
    const auto* pilot = s.row<config::HuntPilotView>(number->id);
    const auto* list = s.row<config::HuntListView>(pilot->list);
    const auto* group = s.row<config::LineGroupView>(list->groups.at(0));
    EXPECT_EQ(group->distribution, config::Distribution::circular);
    ASSERT_EQ(group->members.size(), 2u);
    EXPECT_EQ(s.line(group->members[0])->number, "1003");
    EXPECT_TRUE(s.is_hunted(group->members[1]));
    EXPECT_EQ(pilot->forward_busy, "1002");
  };
  check(*service_->snapshot());
  open();
  check(*service_->snapshot());
  EXPECT_THAT(service_->remove("lines", "1001").error().text, HasSubstr("in use by Line Group Sales"));
  EXPECT_THAT(service_->remove("hunt-lists", "All").error().text, HasSubstr("in use by Hunt Pilot 5000"));
  EXPECT_THAT(add("line-groups", R"({"name":"Twice","members":["1001","1001"]})"),
              HasSubstr("Line 1001 is given twice"));
  EXPECT_THAT(add("hunt-pilots", R"({"number":"5001"})"), HasSubstr("huntList: is required"));
}

TEST_F(GroupsTest, NumbersShareOneSpace) {
  ASSERT_EQ(add("lines", R"({"number":"8005"})"), "");
  ASSERT_EQ(add("partitions", R"({"name":"Other"})"), "");
  EXPECT_EQ(add("call-parks", R"({"number":"80XX"})"), "number: 80XX is taken in partition Default, by Line 8005");
  EXPECT_EQ(add("call-parks", R"({"number":"80xx","partition":"Other"})"), "");
  EXPECT_EQ(shown("call-parks", "80XX", "number"), R"("80XX")");
  EXPECT_EQ(add("lines", R"({"number":"8001","partition":"Other"})"),
            "number: 8001 is taken in partition Other, by Call Park 80XX");
  EXPECT_EQ(add("pickup-groups", R"({"name":"Sales","number":"8005"})"),
            "number: 8005 is taken in partition Default, by Line 8005");
  ASSERT_EQ(add("pickup-groups", R"({"name":"Sales","number":"8801"})"), "");
  EXPECT_EQ(add("directed-parks", R"({"number":"1","retrievalPrefix":"880"})"),
            "retrievalPrefix: 8801 is taken in partition Default, by Call Pickup Group 8801 (Sales)");
  ASSERT_EQ(add("directed-parks", R"({"number":"811X","retrievalPrefix":"21"})"), "");
  EXPECT_THAT(add("lines", R"({"number":"218115"})"), HasSubstr("by Directed Call Park 811X"));
  EXPECT_THAT(add("lines", R"({"number":"8115"})"), HasSubstr("by Directed Call Park 811X"));
  EXPECT_EQ(add("lines", R"({"number":"8120"})"), "");
  EXPECT_THAT(add("call-parks", R"({"number":"8X0"})"), HasSubstr("the last digits only"));
  EXPECT_THAT(add("call-parks", R"({"number":"9XXXX"})"), HasSubstr("make several ranges"));
}

TEST_F(GroupsTest, FeatureCodesAreBuiltInAndMayBeChanged) {
  EXPECT_EQ(service_->list("feature-codes", {})->size(), 20u);
  EXPECT_EQ(shown("feature-codes", "forward-all-set", "code"), R"("*72")");
  EXPECT_NE(service_->snapshot()->feature_code("*721001"), nullptr);
  EXPECT_EQ(add("lines", R"({"number":"*721"})"),
            "number: *721 would be taken for Feature Code *72 (forward-all-set); change one of them");
  EXPECT_THAT(add("hunt-pilots", R"({"number":"*66","huntList":"x"})"), HasSubstr("there is no Hunt List"));
  EXPECT_EQ(update("feature-codes", "redial", R"({"code":"*80"})"),
            "code: cannot be told from *8 (group-pickup): behind the shorter of the two digits may follow");
  EXPECT_EQ(update("feature-codes", "redial", R"({"code":"66"})"), "code: must begin with * or #");
  EXPECT_THAT(update("feature-codes", "redial", R"({"code":"*69"})"), HasSubstr("last-call-return has this code"));
  ASSERT_EQ(update("feature-codes", "forward-all-set", R"({"enabled":false})"), "");
  EXPECT_EQ(service_->snapshot()->feature_code("*721001"), nullptr);
  ASSERT_EQ(add("lines", R"({"number":"*721"})"), "");
  EXPECT_EQ(update("feature-codes", "forward-all-set", R"({"enabled":true})"),
            "code: *72 would hide Line *721; change one of them");
  ASSERT_EQ(update("feature-codes", "redial", R"({"code":"#66"})"), "");
  ASSERT_TRUE(service_->reset("feature-codes", "redial"));
  EXPECT_EQ(shown("feature-codes", "redial", "code"), R"("*66")");
  EXPECT_THAT(service_->remove("feature-codes", "redial").error().text, HasSubstr("built in"));
  EXPECT_EQ(add("feature-codes", R"({"name":"old redial","code":"#66","function":"redial"})"), "");
}

TEST_F(GroupsTest, PickupGroupsAreNamedByTheirLines) {
  ASSERT_EQ(add("pickup-groups", R"({"name":"Service","number":"8802"})"), "");
  ASSERT_EQ(add("pickup-groups", R"({"name":"Sales","number":"8801","otherGroups":["Service"]})"), "");
  ASSERT_EQ(add("lines", R"({"number":"1001","callPickupGroup":"Sales","autoAnswer":"headset"})"), "");
  EXPECT_THAT(update("pickup-groups", "Sales", R"({"otherGroups":["Sales"]})"), HasSubstr("holds the group itself"));
  const auto s = service_->snapshot();
  const auto* line = s->line_by_number("1001", 0);
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->auto_answer, config::AutoAnswer::headset);
  const auto* group = s->row<config::PickupGroupView>(line->pickup_group);
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->number, "8801");
  ASSERT_EQ(group->others.size(), 1u);
  EXPECT_EQ(s->row<config::PickupGroupView>(group->others[0])->name, "Service");
  EXPECT_THAT(service_->remove("pickup-groups", "Sales").error().text, HasSubstr("in use by Line 1001"));
  EXPECT_THAT(service_->remove("pickup-groups", "Service").error().text, HasSubstr("Call Pickup Group Sales"));
}

}  // namespace
}  // namespace carillon::admin
