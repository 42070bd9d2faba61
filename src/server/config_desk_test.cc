// Changes that phones ask for, made by the real administration over the real store.
#include "server/config_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <future>

#include "admin/open.h"
#include "db/open.h"

namespace carillon::server {
namespace {

using call::ConfigRequest;
using testing::HasSubstr;

class ConfigDeskTest : public testing::Test {
 protected:
  ConfigDeskTest() {
    char name[] = "/tmp/carillon-desk-XXXXXX";
    dir_ = ::mkdtemp(name);
    service_ = admin::open_service(db::open_repository(dir_).value(), Random(7)).value();
    EXPECT_TRUE(service_->add("lines", json::parse(R"({"number":"1001"})").value().as_object()));
  }
  ~ConfigDeskTest() override {
    service_.reset();
    std::filesystem::remove_all(dir_);
  }
  ConfigRequest forward(std::string number) {
    ConfigRequest r;
    r.token = 7;
    r.id = service_->line_id("1001").value();
    r.field = "forwardBusyInternal", r.also = "forwardBusyExternal";
    r.value = std::move(number);
    r.by = "SEP001122334455";
    return r;
  }
  std::string shown(const char* field) { return json::print(service_->get("lines", "1001").value().at(field)); }

  std::string dir_;
  std::unique_ptr<admin::Service> service_;
};

// Posts one request and waits for its fault.
std::string ask(admin::Service& service, const ConfigRequest& request) {
  std::promise<std::string> answer;
  ConfigDesk desk(
      service, [](const state::CdrQuery&) { return std::vector<state::Cdr>(); }, [] { return Instant{0}; },
      [&](const ConfigRequest& r, call::ConfigAnswer a) {
        EXPECT_EQ(r.token, request.token);
        answer.set_value(std::move(a.fault));
      });
  desk.post(request);
  return answer.get_future().get();
}

TEST_F(ConfigDeskTest, MakesTheChangeAndAnswersAfterTheSnapshot) {
  std::string seen;
  service_->subscribe([&](const config::SnapshotPtr& next) {
    const config::LineView* line = next->line_by_number("1001", 0);
    if (line != nullptr && line->forwards != nullptr) seen = line->forwards->busy.external;
  });
  EXPECT_EQ(ask(*service_, forward("1003")), "");
  EXPECT_EQ(seen, "1003");
  EXPECT_EQ(shown("forwardBusyInternal"), "\"1003\"");
  EXPECT_EQ(shown("forwardBusyExternal"), "\"1003\"");
  EXPECT_EQ(ask(*service_, forward("")), "");
  EXPECT_EQ(shown("forwardBusyInternal"), "\"\"");
  EXPECT_EQ(shown("forwardBusyExternal"), "\"\"");
}

TEST_F(ConfigDeskTest, TheRulesOfTheAdministrationHold) {
  EXPECT_THAT(ask(*service_, forward("not a number")), HasSubstr("forwardBusyInternal"));
  ConfigRequest gone = forward("1003");
  gone.id = 999'999;
  EXPECT_NE(ask(*service_, gone), "");
  ConfigRequest odd = forward("1003");
  odd.field = "colour";
  EXPECT_THAT(ask(*service_, odd), HasSubstr("colour"));
  EXPECT_EQ(shown("forwardBusyInternal"), "\"\"");
}

TEST_F(ConfigDeskTest, LooksUpRecords) {
  state::CdrQuery asked;
  std::promise<call::ConfigAnswer> answer;
  ConfigDesk desk(
      *service_,
      [&](const state::CdrQuery& query) {
        asked = query;
        std::vector<state::Cdr> found(1);
        found.front().calling_number = "1002";
        return found;
      },
      [] { return Instant{0} + ConfigRequest::kRecordsAge + seconds(7); },
      [&](const ConfigRequest&, call::ConfigAnswer a) { answer.set_value(std::move(a)); });
  ConfigRequest request;
  request.entity = ConfigRequest::Entity::records;
  request.value = std::string("1001");
  desk.post(request);
  const call::ConfigAnswer got = answer.get_future().get();
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records.front().calling_number, "1002");
  EXPECT_EQ(asked.number, "1001");
  EXPECT_EQ(asked.since.us, seconds(7).us);
  EXPECT_EQ(asked.limit, ConfigRequest::kRecords);
  EXPECT_FALSE(asked.oldest_first);
}

// One change hangs; whoever comes when too many wait is told at once, the others get theirs in order.
TEST_F(ConfigDeskTest, ALongQueueIsRefused) {
  const ConfigRequest request = forward("1003");  // the service is not to be asked while it is at work
  std::promise<void> begun, go_on;
  std::future<void> may_go_on = go_on.get_future();
  bool first = true;
  service_->subscribe([&](const config::SnapshotPtr&) {
    if (!std::exchange(first, false)) return;
    begun.set_value();
    may_go_on.wait();
  });
  std::atomic<int> refused{0}, done{0};
  ConfigDesk desk(
      *service_, [](const state::CdrQuery&) { return std::vector<state::Cdr>(); }, [] { return Instant{0}; },
      [&](const ConfigRequest&, const call::ConfigAnswer& a) {
        a.fault.empty() ? done++ : refused++;
        if (!a.fault.empty()) {
          EXPECT_THAT(a.fault, HasSubstr("Too many"));
        }
      });
  desk.post(request);
  begun.get_future().wait();
  for (size_t i = 0; i < ConfigDesk::kWaiting + 3; i++) desk.post(request);
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(done, 0);
  go_on.set_value();
}

}  // namespace
}  // namespace carillon::server
