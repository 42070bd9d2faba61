#include "admin/rest.h"

#include <gtest/gtest.h>

#include "admin/fakes.h"
#include "admin/rest/routes.h"
#include "http/url.h"

namespace carillon::admin {
namespace {

struct RestTest : testing::Test {
  http::Response ask(std::string method, std::string target, std::string body = "",
                     std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::Request request;
    request.method = std::move(method);
    const size_t mark = std::min(target.find('?'), target.size());
    request.target = target.substr(0, mark);
    request.path = http::percent_decode(request.target).value();
    request.query = http::parse_query(std::string_view(target).substr(std::min(mark + 1, target.size()))).value();
    request.headers = std::move(headers);
    request.body = std::move(body);
    request.local = local;
    request.remote = remote;
    return rest.handle(request);
  }
  static json::value parsed(const http::Response& response) { return json::parse(response.body).value(); }
  static std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }
  FakeService service;
  FakeLive live;
  Rest rest{service, live, {"secret-token", "1.2.3"}};
  bool local = true;
  Address remote = Address::v4(0xc0000201, 4000);
};

struct Collector : http::Writer {
  std::string all;
  int waits = 0;
  bool write(std::string_view piece) override { return all += piece, true; }
  bool wait(Duration) override { return ++waits < polls; }
  int polls = 3;
};

TEST_F(RestTest, ALifeOfAnEntity) {
  const auto added = ask("POST", "/api/v1/users?wait=applied", R"({"userid":"al ice","lastName":"Liddell"})");
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(header(added, "Location"), "/api/v1/users/al%20ice");
  EXPECT_EQ(header(added, "Carillon-Applied"), "yes");
  const std::string tag = header(added, "ETag");
  EXPECT_EQ(tag, "\"2\"");
  EXPECT_EQ(ask("POST", "/api/v1/users", R"({"userid":"al ice"})").status, 409);

  const auto shown = ask("GET", "/api/v1/users/al%20ice");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(header(shown, "ETag"), tag);
  EXPECT_EQ(parsed(shown).at("lastName").as_string(), "Liddell");
  EXPECT_EQ(ask("GET", "/api/v1/users/al%20ice", "", {{"if-none-match", tag}}).status, 304);

  EXPECT_EQ(ask("PATCH", "/api/v1/users/al%20ice", R"({"lastName":"L"})", {{"if-match", tag}}).status, 200);
  EXPECT_EQ(ask("PUT", "/api/v1/users/al%20ice", R"({"lastName":"M"})", {{"if-match", tag}}).status, 412);
  EXPECT_EQ(ask("PUT", "/api/v1/users/al%20ice", R"({"lastName":"M"})", {{"if-match", "\"x\""}}).status, 412);
  EXPECT_EQ(ask("DELETE", "/api/v1/users/al%20ice", "", {{"if-match", tag}}).status, 412);
  EXPECT_EQ(ask("DELETE", "/api/v1/users/al%20ice").status, 204);
  EXPECT_EQ(ask("GET", "/api/v1/users/al%20ice").status, 404);
}

TEST_F(RestTest, ASlashInANameStaysWithinIt) {
  EXPECT_EQ(ask("POST", "/api/v1/sip-profiles", R"({"name":"a/b"})").status, 201);
  EXPECT_EQ(ask("GET", "/api/v1/sip-profiles/a%2Fb").status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/sip-profiles/a/b").status, 404);
  EXPECT_EQ(ask("POST", "/api/v1/sip-profiles/a%2Fb/reset").status, 200);
}

TEST_F(RestTest, LocationsShowWhatIsInUse) {
  EXPECT_EQ(ask("POST", "/api/v1/locations", R"({"name":"Branch","audioBandwidth":240})").status, 201);
  EXPECT_EQ(ask("POST", "/api/v1/locations", R"({"name":"Other"})").status, 201);
  const auto rows = parsed(ask("GET", "/api/v1/locations")).as_array();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(json::print(rows[0].at("audioInUse")), "80");
  EXPECT_EQ(json::print(rows[1].at("audioInUse")), "0");
  // What was listed may be sent back.
  const auto changed = ask("PATCH", "/api/v1/locations/Branch", R"({"audioBandwidth":300,"audioInUse":80})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_FALSE(parsed(changed).as_object().contains("audioInUse"));
}

TEST_F(RestTest, ListsPageAndFilter) {
  for (const auto* name : {"a", "b", "c"}) {
    EXPECT_EQ(ask("POST", "/api/v1/partitions", std::string(R"({"name":")") + name + "\"}").status, 201);
  }
  EXPECT_EQ(parsed(ask("GET", "/api/v1/partitions")).as_array().size(), 3u);
  const auto page = ask("GET", "/api/v1/partitions?limit=2&q=x%20y&color=red");
  EXPECT_EQ(parsed(page).as_array().size(), 2u);
  EXPECT_EQ(header(page, "Link"), "</api/v1/partitions?limit=2&q=x%20y&color=red&after=b>; rel=\"next\"");
  const std::vector<std::pair<std::string, std::string>> filters{{"q", "x y"}, {"color", "red"}};
  EXPECT_EQ(service.last_query.filters, filters);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/partitions?after=b")).as_array().size(), 1u);
  EXPECT_EQ(ask("GET", "/api/v1/partitions?limit=-1").status, 400);
}

TEST_F(RestTest, ProblemsNameTheFields) {
  const auto bad = ask("POST", "/api/v1/users", R"({"userid":"x","bogus":1})");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.content_type, "application/problem+json");
  const auto problem = parsed(bad);
  EXPECT_EQ(problem.at("type").as_string(), "about:blank");
  EXPECT_EQ(problem.at("title").as_string(), "Bad Request");
  EXPECT_EQ(problem.at("status").as_int64(), 400);
  const auto& errors = problem.at("errors").as_array();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].at("field").as_string(), "bogus");
  EXPECT_EQ(errors[1].at("field").as_string(), "lastName");
  EXPECT_EQ(errors[1].at("detail").as_string(), "is too long");
  EXPECT_EQ(ask("POST", "/api/v1/users", "{").status, 400);
  EXPECT_EQ(ask("POST", "/api/v1/users", "[]").status, 400);
  EXPECT_EQ(ask("POST", "/api/v1/users", "{}", {{"content-type", "text/xml"}}).status, 415);
}

// Every route with every method: what is there answers, the rest is 405 with Allow; without the token all but the open
// is 401.
TEST_F(RestTest, EveryRouteAndMethod) {
  live.messages = {};
  for (const auto& route : routes()) {
    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"}) {
      std::string path(route.path);
      if (const size_t at = path.find("{collection}"); at != std::string::npos) path.replace(at, 12, "parameters");
      if (const size_t at = path.find("{name}"); at != std::string::npos) path.replace(at, 6, "nobody");
      http::Request probe;
      probe.target = path;
      const Match found = match(method, probe);
      if (found.allowed.empty()) continue;  // a kind of path that parameters do not have
      local = true;
      const int status = ask(method, path, "{}").status;
      EXPECT_EQ(status == 405, found.route == nullptr && method != "OPTIONS") << method << " " << path;
      EXPECT_EQ(header(ask(method, path, "{}"), "Allow").empty(), found.route != nullptr) << method << " " << path;
      local = false;
      const bool open = found.route != nullptr && found.route->access == Access::open;
      const int stranger = ask(method, path, "{}").status;
      const bool hidden = found.route != nullptr ? !open : path.starts_with("/api/");
      EXPECT_EQ(stranger == 401, hidden) << method << " " << path << " " << stranger;
    }
  }
}

TEST_F(RestTest, TheTokenAndNothingElseOpens) {
  local = false;
  const auto with = [this](const std::string& value) {
    return ask("GET", "/api/v1/users", "", {{"authorization", value}}).status;
  };
  EXPECT_EQ(with("Bearer secret-token"), 200);
  EXPECT_EQ(with("bearer  secret-token "), 200);
  for (const auto* bad :
       {"", "Bearer", "Bearer ", "Bearer secret-toke", "Bearer secret-tokenx", "Basic secret-token", "secret-token"}) {
    EXPECT_EQ(with(bad), 401) << bad;
  }
  EXPECT_EQ(header(ask("GET", "/api/v1/users"), "WWW-Authenticate"), "Bearer realm=\"carillon\"");
  EXPECT_EQ(ask("GET", "/api/v1/nothing").status, 401);  // nor does a stranger learn what there is
  EXPECT_EQ(ask("GET", "/nothing").status, 404);
  EXPECT_FALSE(same_secret("", ""));
  EXPECT_EQ(ask("GET", "/metrics").status, 401);
  remote = Address::v4(0x7f000001, 4000);
  EXPECT_EQ(ask("GET", "/metrics").body, "carillon_up 1\n");
  EXPECT_EQ(ask("GET", "/api/v1/users").status, 401);  // loopback alone is no token
}

TEST_F(RestTest, AdmissionByTheHeader) {
  http::Request head;
  head.method = "POST";
  head.target = head.path = "/api/v1/import";
  head.headers = {{"content-length", "60000000"}};
  EXPECT_EQ(rest.admit(head)->status, 401);
  head.local = true;
  EXPECT_FALSE(rest.admit(head));
  head.target = head.path = "/api/v1/users";
  EXPECT_EQ(rest.admit(head)->status, 413);
  head.headers = {{"transfer-encoding", "chunked"}};
  EXPECT_EQ(rest.admit(head)->status, 413);
  head.headers = {{"content-length", "20"}};
  EXPECT_FALSE(rest.admit(head));
}

TEST_F(RestTest, ImportReportsAndStreams) {
  const std::string csv = "userid,digestCredentials\nalice,secret\nbob,\"x\"\n";
  const auto report = parsed(ask("POST", "/api/v1/import?dryRun=true", csv, {{"content-type", "text/csv"}}));
  EXPECT_EQ(service.last_csv, csv);
  EXPECT_EQ(report.at("rows").as_int64(), 2);
  EXPECT_FALSE(report.at("applied").as_bool());
  EXPECT_EQ(report.at("rejected").at(0).at("line").as_int64(), 3);
  EXPECT_EQ(ask("POST", "/api/v1/import", "nonsense", {{"content-type", "text/csv"}}).status, 400);
  EXPECT_EQ(ask("POST", "/api/v1/import", "", {{"content-type", "text/csv"}}).status, 400);

  const auto streamed =
      ask("POST", "/api/v1/import", csv, {{"content-type", "text/csv"}, {"accept", "application/x-ndjson"}});
  Collector collector;
  streamed.produce(collector);
  EXPECT_TRUE(collector.all.starts_with("{\"done\":1,\"all\":2}\n{\"done\":2,\"all\":2}\n{\"report\":{\"rows\":2,"))
      << collector.all;
  Collector failed;
  ask("POST", "/api/v1/import", "nonsense", {{"accept", "application/x-ndjson"}}).produce(failed);
  EXPECT_TRUE(failed.all.starts_with("{\"problem\":{") && failed.all.ends_with("}}\n")) << failed.all;
  EXPECT_EQ(std::count(failed.all.begin(), failed.all.end(), '\n'), 1);
}

TEST_F(RestTest, CallDetailRecordsAsFiles) {
  live.records.assign(2500, live.records[0]);  // more than are read at once
  for (size_t i = 0; i < live.records.size(); i++) live.records[i].id = i + 1;
  const auto answer = ask("GET", "/api/v1/cdrs/export?until=2026-11-22T13:05:06Z");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at(0).second, "attachment; filename=\"cdr_StandAloneCluster_01_202611221305_1\"");
  Collector all;
  answer.produce(all);
  EXPECT_EQ(std::count(all.all.begin(), all.all.end(), '\n'), 2502);
  EXPECT_TRUE(live.asked_cdrs.oldest_first);
  EXPECT_TRUE(all.all.starts_with("\"cdrRecordType\",\"globalCallID_callManagerId\""));
  Collector ours;
  ask("GET", "/api/v1/cdrs/export?format=csv&limit=3").produce(ours);
  EXPECT_TRUE(ours.all.starts_with("name,call,start,")) << ours.all.substr(0, 100);
  EXPECT_EQ(std::count(ours.all.begin(), ours.all.end(), '\n'), 4);
  EXPECT_EQ(ask("GET", "/api/v1/cdrs/export?format=xml").status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/cdrs/export?since=x").status, 400);
}

TEST_F(RestTest, LiveViews) {
  EXPECT_EQ(parsed(ask("GET", "/api/v1/registrations")).as_array().size(), 2u);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/registrations?number=1002")).as_array().size(), 1u);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/registrations?limit=1")).as_array().size(), 1u);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/refusals?q=PASSWORD")).as_array().size(), 1u);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/refusals?q=nowhere")).as_array().size(), 0u);
  EXPECT_EQ(ask("DELETE", "/api/v1/calls/c1").status, 204);
  EXPECT_EQ(live.released, "c1");
  EXPECT_EQ(ask("DELETE", "/api/v1/calls/c2").status, 404);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/call-backs?q=1002")).as_array().size(), 1u);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/call-backs?number=1002")).as_array().size(), 0u);
  EXPECT_EQ(ask("DELETE", "/api/v1/call-backs/b2").status, 404);
  EXPECT_EQ(ask("DELETE", "/api/v1/call-backs/b1").status, 204);
  EXPECT_EQ(live.forgotten, "b1");
  EXPECT_EQ(ask("POST", "/api/v1/call-backs/b1").status, 405);
  EXPECT_EQ(ask("GET", "/api/v1/cdrs?limit=5").status, 200);
  EXPECT_EQ(live.asked_cdrs.limit, 5u);
  EXPECT_EQ(
      ask("GET", "/api/v1/cdrs?since=2026-11-22&until=1795400000&number=1001&cause=17&call=00000000000000ff").status,
      200);
  EXPECT_EQ(live.asked_cdrs.since.us, 1'795'305'600'000'000);
  EXPECT_EQ(live.asked_cdrs.until.us, 1'795'400'000'000'000);
  EXPECT_EQ(live.asked_cdrs.number, "1001");
  EXPECT_EQ(live.asked_cdrs.cause, 17);
  EXPECT_EQ(live.asked_cdrs.global, 255u);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/cdrs?callingNumber=1001")).as_array().size(), 1u);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/cdrs?callingNumber=1009")).as_array().size(), 0u);
  for (const char* bad : {"since=yesterday", "until=2026-13-01", "cause=200", "cause=x", "call=7", "limit=many"}) {
    EXPECT_EQ(ask("GET", std::string("/api/v1/cdrs?") + bad).status, 400) << bad;
  }
  EXPECT_EQ(ask("GET", "/readyz").status, 200);
  live.is_ready = false;
  EXPECT_EQ(ask("GET", "/readyz").status, 503);
  EXPECT_EQ(ask("GET", "/healthz").status, 200);
  live.messages = {json::object{{"sequence", 4}}, json::object{{"sequence", 5}}};
  EXPECT_EQ(parsed(ask("GET", "/api/v1/trace?after=4")).as_array().size(), 1u);
  Collector collector;
  ask("GET", "/api/v1/trace?follow=true").produce(collector);
  EXPECT_EQ(collector.all, "{\"sequence\":4}\n{\"sequence\":5}\n");
  Collector patient;
  patient.polls = 101;
  ask("GET", "/api/v1/trace?follow=true&after=5").produce(patient);
  EXPECT_EQ(patient.all, "\n\n");  // an empty line now and then: the watcher knows that we live
}

}  // namespace
}  // namespace carillon::admin
