// The Service over the real store.
#include "admin/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "admin/collections.h"
#include "admin/store_test.h"

namespace carillon::admin {
namespace {

using testing::HasSubstr;
constexpr const char* kBasic = "Third-party SIP Device Basic - Standard SIP Non-Secure Profile";

std::string text(const json::object& o, const char* name) {
  const json::value& v = o.at(name);
  return v.is_string() ? std::string(v.get_string().c_str()) : json::print(v);
}

class ServiceTest : public StoreTest {
 protected:
  Result<Written> add(const char* collection, std::string_view fields) {
    return service_->add(collection, object(fields));
  }
  Result<Written> update(const char* collection, std::string_view name, std::string_view fields) {
    return service_->update(collection, name, object(fields), 0);
  }
  void good(const Result<Written>& w) { ASSERT_TRUE(w) << w.error().text; }
  std::string fault(const Result<Written>& w) { return w ? "no fault" : w.error().field + "|" + w.error().text; }
};

TEST_F(ServiceTest, APhoneIsMadeFromWhatOneWouldType) {
  good(add("users", R"({"userid":"alice","lastName":"Liddell","digestCredentials":"secret"})"));
  const auto w = add("phones", R"({"product":"basic","digestUser":"alice","lines":["1001"]})");
  good(w);
  const json::object& phone = w->entity;
  EXPECT_THAT(text(phone, "name"), testing::MatchesRegex("SEP[0-9A-F]{12}"));
  EXPECT_EQ(text(phone, "securityProfile"), kBasic);
  EXPECT_EQ(text(phone, "sipProfile"), "Standard SIP Profile");
  EXPECT_EQ(json::print(phone.at("lines")),
            R"([{"line":"1001","index":1,"label":"","display":"","externalMask":"","maxCalls":4,"busyTrigger":2}])");
  EXPECT_EQ(text(service_->get("lines", "1001").value(), "partition"), "Default");
  const auto s = service_->snapshot();
  EXPECT_EQ(s->revision(), w->revision);
  const auto* view = s->phone_by_digest_user("alice", nullptr);
  ASSERT_NE(view, nullptr);
  EXPECT_TRUE(view->credentials.present);
  // H("alice:ccmsipline:secret"), by md5sum.
  EXPECT_EQ(std::string(view->credentials.md5, 32), "0d6cb9dc0e49f65b3df9fadaac48e370");
  EXPECT_EQ(s->line_of_phone(*view, "1001"), s->line_by_number("1001", 0));
  EXPECT_EQ(s->line_by_number("1001", 0)->phones, std::vector<config::EntityId>{view->id});
}

TEST_F(ServiceTest, RegionsLocationsAndDevicePoolsReachTheSnapshot) {
  good(add("regions", R"({"name":"Branch","relationships":["Default/audioBitRate=16/videoBitRate=-1"]})"));
  good(add("locations", R"({"name":"Branch","audioBandwidth":240,"links":[{"location":"Hub_None","weight":10}]})"));
  good(add("device-pools", R"({"name":"Branch","region":"Branch","location":"Branch"})"));
  good(add("phones", R"({"name":"SEP1","devicePool":"Branch"})"));
  good(add("phones", R"({"name":"SEP2"})"));
  EXPECT_EQ(text(service_->get("phones", "SEP2").value(), "devicePool"), "Default");
  EXPECT_EQ(json::print(service_->get("regions", "Branch")->at("relationships")),
            R"([{"region":"Default","audioBitRate":16,"videoBitRate":-1,"codecPreference":[]}])");
  const auto check = [&](const config::Snapshot& s) {
    const config::MediaPlan& plan = s.media();
    const auto* branch = s.phone_by_name("SEP1");
    const auto* other = s.phone_by_name("SEP2");
    const auto ours = plan.region_of(branch->device_pool), theirs = plan.region_of(other->device_pool);
    EXPECT_EQ(plan.region_name(ours), "Branch");
    EXPECT_EQ(plan.between(ours, ours)->audio, 64u);
    EXPECT_EQ(plan.between(ours, theirs)->audio, 16u);
    EXPECT_EQ(plan.between(ours, theirs)->video, -1);
    EXPECT_EQ(plan.between(theirs, theirs), nullptr);
    EXPECT_EQ(plan.way(plan.location_of(branch->device_pool), config::kHubNone).size(), 1u);
  };
  check(*service_->snapshot());
  open();  // the same from the store
  check(*service_->snapshot());
  good(update("regions", "Branch", R"({"relationships":["Default"]})"));
  good(update("regions", "Branch", R"({"relationships":["Default/videoBitRate=0"]})"));
  const auto relationships = json::print(service_->get("regions", "Branch")->at("relationships"));
  EXPECT_THAT(relationships, HasSubstr(R"("audioBitRate":16,"videoBitRate":0)"));
  EXPECT_THAT(fault(add("regions", R"({"name":"x","relationships":["Default/audioBitRate=much"]})")),
              HasSubstr("audioBitRate must be a whole number"));
  EXPECT_THAT(fault(add("regions", R"({"name":"x","relationships":["Default","Default"]})")), HasSubstr("twice"));
  EXPECT_THAT(fault(update("regions", "Branch", R"({"relationships":["Branch"]})")), HasSubstr("inside itself"));
  EXPECT_THAT(service_->remove("regions", "Branch").error().text, HasSubstr("Device Pool Branch"));
  EXPECT_THAT(service_->remove("locations", "Hub_None").error().text, HasSubstr("built in"));
  ASSERT_TRUE(service_->remove("phones", "SEP1"));
  ASSERT_TRUE(service_->remove("device-pools", "Branch"));
  ASSERT_TRUE(service_->remove("regions", "Branch"));
  ASSERT_TRUE(service_->remove("locations", "Branch"));
  EXPECT_FALSE(service_->snapshot()->media().has_regions());
}

TEST_F(ServiceTest, ADigestUserBelongsToOnePhoneAndTheMessageNamesIt) {
  good(add("users", R"({"userid":"alice"})"));
  good(add("phones", R"({"name":"SEPAAA","digestUser":"alice"})"));
  const auto second = add("phones", R"({"name":"SEPBBB","digestUser":"alice"})");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, FaultKind::conflict);
  EXPECT_EQ(second.error().field, "digestUser");
  EXPECT_THAT(second.error().text, HasSubstr("SEPAAA"));
  EXPECT_EQ(service_->list("phones", {})->size(), 1u);
}

TEST_F(ServiceTest, FaultsNameEveryField) {
  const auto w = add("security-profiles",
                     R"({"name":"x","nonceValidityTime":1,"transports":["sctp"],"colour":"red","product":"deluxe"})");
  ASSERT_FALSE(w);
  EXPECT_THAT(w.error().text, HasSubstr("nonceValidityTime: must be a whole number from 10 to 86400"));
  EXPECT_THAT(w.error().text, HasSubstr("transports: \"sctp\" is not one of: udp, tcp, tls"));
  EXPECT_THAT(w.error().text, HasSubstr("colour: there is no such field of Phone Security Profile"));
  EXPECT_THAT(w.error().text, HasSubstr("product: must be one of: basic, advanced"));
  EXPECT_THAT(fault(add("users", R"({"lastName":"x"})")), HasSubstr("userid|userid: is required"));
  EXPECT_THAT(fault(add("users", R"({"userid":"a b"})")), HasSubstr("letters, digits and"));
  EXPECT_THAT(fault(add("users", R"({"userid":"a","lastName":5})")), HasSubstr("lastName: must be a text"));
  EXPECT_THAT(fault(add("lines", R"({"number":"10x1"})")), HasSubstr("digits, * and #"));
  EXPECT_THAT(fault(add("phones", R"({"digestUser":"ghost"})")), HasSubstr("there is no End User \"ghost\""));
  EXPECT_THAT(fault(add("phones", R"({"active":"perhaps"})")), HasSubstr("active|active: must be on or off"));
  EXPECT_THAT(fault(add("nothing", "{}")), HasSubstr("there is no collection"));
}

TEST_F(ServiceTest, ProductsHaveTheirLines) {
  EXPECT_THAT(fault(add("phones", R"({"lines":["1","2"]})")),
              HasSubstr("a basic phone has at most 1 line, and 2 were given"));
  EXPECT_THAT(fault(add("phones", R"({"product":"advanced","lines":["1","1"]})")),
              HasSubstr("number 1 is given twice"));
  EXPECT_THAT(fault(add("phones", R"({"product":"advanced","lines":"1,2,3,4,5,6,7,8,9"})")),
              HasSubstr("at most 8 lines"));
  EXPECT_EQ(service_->list("lines", {})->size(), 0u) << "refused phones leave no lines behind";
  good(add("phones", R"({"name":"A","product":"advanced","lines":["3",{"line":"4","index":1,"label":"four"}]})"));
  const auto a = service_->get("phones", "A").value();
  EXPECT_EQ(text(a.at("lines").as_array()[0].as_object(), "label"), "four");
  EXPECT_EQ(text(a.at("lines").as_array()[1].as_object(), "line"), "3");
  EXPECT_THAT(fault(update("phones", "A", R"({"product":"basic"})")), HasSubstr("at most 1 line"));
  // Lines that stay keep their settings.
  good(update("phones", "A", R"({"lines":["4"]})"));
  EXPECT_EQ(text(service_->get("phones", "A")->at("lines").as_array()[0].as_object(), "label"), "four");
  good(update("phones", "A", R"({"product":"basic"})"));
  EXPECT_EQ(text(*service_->get("phones", "A"), "securityProfile"), kBasic);
}

TEST_F(ServiceTest, WhatIsInUseStays) {
  good(add("users", R"({"userid":"alice"})"));
  good(add("partitions", R"({"name":"Sales"})"));
  good(add("search-spaces", R"({"name":"css","partitions":["Sales","Default"]})"));
  good(add("phones", R"({"name":"SEP1","digestUser":"alice","lines":["7@Sales"],"callingSearchSpace":"css"})"));
  const auto refused = [&](const char* collection, const char* name) {
    const auto r = service_->remove(collection, name);
    return r ? "removed" : r.error().text;
  };
  EXPECT_THAT(refused("users", "alice"), HasSubstr("Phone SEP1"));
  EXPECT_THAT(refused("lines", "7"), HasSubstr("Phone SEP1"));
  EXPECT_THAT(refused("partitions", "Sales"), HasSubstr("Line 7"));
  EXPECT_THAT(refused("search-spaces", "css"), HasSubstr("Phone SEP1"));
  EXPECT_THAT(refused("sip-profiles", "Standard SIP Profile"), HasSubstr("built in"));
  EXPECT_THAT(refused("phones", "SEP2"), HasSubstr("there is no Phone \"SEP2\""));
  EXPECT_EQ(refused("phones", "SEP1"), "removed");
  EXPECT_EQ(refused("users", "alice"), "removed");
  EXPECT_EQ(refused("lines", "7"), "removed");
  EXPECT_EQ(service_->snapshot()->phones(), 0u);
  EXPECT_EQ(service_->snapshot()->lines(), 0u);
  bool known = true;
  service_->snapshot()->phone_by_digest_user("alice", &known);
  EXPECT_FALSE(known);
}

TEST_F(ServiceTest, OneNumberInTwoPartitionsIsNamedWithThem) {
  good(add("partitions", R"({"name":"Sales"})"));
  good(add("lines", R"({"number":"100"})"));
  EXPECT_THAT(fault(add("lines", R"({"number":"100"})")), HasSubstr("Line 100 exists already in partition Default"));
  good(add("lines", R"({"number":"100","partition":"Sales"})"));
  const auto both = service_->get("lines", "100");
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().text, HasSubstr("100@Default, 100@Sales"));
  EXPECT_EQ(text(*service_->get("lines", "100@Sales"), "partition"), "Sales");
  good(add("phones", R"({"name":"P","lines":["100@Sales"]})"));
  EXPECT_EQ(text(service_->get("phones", "P")->at("lines").as_array()[0].as_object(), "line"), "100@Sales");
  good(add("search-spaces", R"({"name":"s","partitions":["Sales"]})"));
}

TEST_F(ServiceTest, RevisionsAndIfMatch) {
  good(add("users", R"({"userid":"alice"})"));
  const auto first = service_->get("users", "alice").value();
  const auto revision = static_cast<uint64_t>(first.at("revision").to_number<int64_t>());
  good(service_->update("users", "alice", object(R"({"lastName":"A"})"), revision));
  const auto stale = service_->update("users", "alice", object(R"({"lastName":"B"})"), revision);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().kind, FaultKind::conflict);
  EXPECT_EQ(service_->revision(), 2u);
  // What was shown may come back whole, and changes nothing.
  const auto same = service_->update("users", "alice", service_->get("users", "alice").value(), 0);
  good(same);
  EXPECT_EQ(same->revision, 2u);
  open();
  EXPECT_EQ(service_->revision(), 2u);
  EXPECT_EQ(service_->snapshot()->revision(), 2u);
}

TEST_F(ServiceTest, LicencesAreCountedAndThePoolHolds) {
  good(add("phones", R"({"name":"A"})"));
  good(add("phones", R"({"name":"B","product":"advanced"})"));
  EXPECT_EQ(json::print(service_->licence()),
            R"({"units":9,"pool":null,"basic":{"phones":1,"units":3},"advanced":{"phones":1,"units":6}})");
  good(update("parameters", "licence-pool", R"({"value":"11"})"));
  const auto over = fault(add("phones", R"({"name":"C"})"));
  EXPECT_THAT(over, HasSubstr("it has 11 units, 9 are in use (1 basic, 1 advanced), and this phone needs 3 more"));
  EXPECT_THAT(fault(update("phones", "A", R"({"product":"advanced"})")), HasSubstr("needs 3 more"));
  good(update("phones", "B", R"({"product":"basic"})"));
  good(add("phones", R"({"name":"C"})"));
  good(update("parameters", "licence-pool", R"({"value":1})"));
  good(update("phones", "A", R"({"description":"still works"})"));
  ASSERT_TRUE(service_->remove("phones", "C"));
  EXPECT_EQ(service_->licence().at("units").to_number<int64_t>(), 6);
  open();
  EXPECT_EQ(service_->licence().at("units").to_number<int64_t>(), 6);
}

TEST_F(ServiceTest, BuiltInRowsAreEditedAndReset) {
  good(update("security-profiles", kBasic,
              R"({"digestAuthentication":"on","digestAlgorithms":"SHA-256,md5","name":"mine"})"));
  const auto mine = service_->get("security-profiles", "mine").value();
  EXPECT_EQ(json::print(mine.at("digestAlgorithms")), R"(["SHA-256","MD5"])");
  good(add("phones", R"({"name":"A"})"));
  EXPECT_TRUE(service_->snapshot()->phone_by_name("A")->security->digest);
  EXPECT_TRUE(service_->snapshot()->phone_by_name("A")->security->sha256);
  good(service_->reset("security-profiles", kBasic));
  EXPECT_FALSE(service_->snapshot()->phone_by_name("A")->security->digest);
  EXPECT_EQ(text(*service_->get("security-profiles", kBasic), "product"), "basic");
  EXPECT_THAT(fault(service_->reset("phones", "A")), HasSubstr("only what is built in"));
  const json::object wrong{{"product", "advanced"}, {"securityProfile", kBasic}};
  EXPECT_THAT(fault(service_->add("phones", wrong)), HasSubstr("is for basic phones"));
}

TEST_F(ServiceTest, ParametersAreCheckedAndTakeEffect) {
  const auto set = [&](const char* name, const char* value) {
    json::object o;
    o["value"] = value;
    return fault(service_->update("parameters", name, o, 0));
  };
  EXPECT_EQ(set("domains", "Example.COM, sip.example.com"), "no fault");
  EXPECT_EQ(service_->snapshot()->parameters().domains, (std::vector<std::string>{"example.com", "sip.example.com"}));
  EXPECT_EQ(set("trusted-networks", "10.0.0.0/8,192.168.0.0/16"), "no fault");
  EXPECT_EQ(service_->snapshot()->parameters().trusted_networks.size(), 2u);
  EXPECT_THAT(set("trusted-networks", "8.0.0.0/7"), HasSubstr("too large"));
  EXPECT_THAT(set("trusted-networks", "0.0.0.0/0"), HasSubstr("too large"));
  EXPECT_THAT(set("trusted-networks", "::/32"), HasSubstr("too large"));
  EXPECT_THAT(set("trusted-networks", "2001::/31"), HasSubstr("too large"));
  EXPECT_EQ(set("trusted-networks", "2001:db8::/32,fc00::/7"), "no fault");
  EXPECT_EQ(set("trusted-networks", ""), "no fault");
  EXPECT_TRUE(service_->snapshot()->parameters().trusted_networks.empty());
  EXPECT_THAT(set("registration-minimum", "4000"), HasSubstr("above registration-maximum"));
  EXPECT_THAT(set("t301", "soon"), HasSubstr("value|t301: must be a whole number"));
  EXPECT_EQ(set("t301", "10"), "no fault");  // below the default of the ring time, which stands aside
  EXPECT_EQ(service_->snapshot()->parameters().forward_no_answer, seconds(9));
  EXPECT_THAT(set("forward-no-answer-timer", "11"), HasSubstr("must be below t301 (10)"));
  good(service_->reset("parameters", "t301"));
  EXPECT_THAT(set("nothing", "1"), HasSubstr("there is no parameter"));
  EXPECT_EQ(set("registration-maximum", "7200"), "no fault");
  EXPECT_EQ(service_->snapshot()->parameters().max_expires, seconds(7200));
  good(service_->reset("parameters", "registration-maximum"));
  EXPECT_EQ(service_->snapshot()->parameters().max_expires, seconds(3600));
  good(service_->reset("parameters", "trusted-networks"));
  EXPECT_TRUE(service_->snapshot()->parameters().is_trusted(*Address::parse_ip("127.0.0.1", 1)));
  EXPECT_FALSE(service_->snapshot()->parameters().is_trusted(*Address::parse_ip("8.8.8.8", 1)));
  EXPECT_EQ(service_->list("parameters", {})->size(), config::parameters().size());
}

TEST_F(ServiceTest, AChangeOfRealmOrUseridLocksNobodyOut) {
  good(add("users", R"({"userid":"alice","digestCredentials":"secret"})"));
  good(add("phones", R"({"digestUser":"alice"})"));
  const auto md5 = [&](const char* user) {
    return std::string(service_->snapshot()->phone_by_digest_user(user, nullptr)->credentials.md5, 32);
  };
  good(update("parameters", "realm", R"({"value":"other"})"));
  EXPECT_EQ(md5("alice"), "60b8492b4481e4e93cda54449c1e99dd");
  good(update("users", "alice", R"({"userid":"alicia"})"));
  EXPECT_EQ(md5("alicia"), "f775502085ed10f3e3be3fc9deaf48bf");
  EXPECT_EQ(service_->snapshot()->phone_by_digest_user("alice", nullptr), nullptr);
  open();
  EXPECT_EQ(md5("alicia"), "f775502085ed10f3e3be3fc9deaf48bf");
  good(service_->reset("parameters", "realm"));
  good(update("users", "alicia", R"({"userid":"alice"})"));
  EXPECT_EQ(md5("alice"), "0d6cb9dc0e49f65b3df9fadaac48e370");
  good(update("users", "alice", R"({"digestCredentials":null})"));
  EXPECT_FALSE(service_->snapshot()->phone_by_digest_user("alice", nullptr)->credentials.present);
}

TEST_F(ServiceTest, SecretsAreNowhere) {
  const std::string canary = "cAnArY-5ecret-9731";
  std::string seen;
  good(add("users", R"({"userid":"alice","digestCredentials":")" + canary + R"("})"));
  const auto w = update("users", "alice", R"({"lastName":"x","digestCredentials":")" + canary + R"(2"})");
  good(w);
  seen += json::print(w->entity) + json::print(*service_->get("users", "alice")) +
          json::print(*service_->list("users", {}));
  seen += json::print(service_->schemas()) + json::print(service_->licence());
  EXPECT_EQ(json::print(service_->get("users", "alice")->at("digestCredentialsSet")), "true");
  EXPECT_FALSE(service_->get("users", "alice")->contains("digestCredentials"));
  const auto bad = add("users", R"({"userid":"b","digestCredentials":"cAnArY\u0001"})");
  ASSERT_FALSE(bad);
  seen += bad.error().text;
  const auto filtered = service_->list("users", {.filters = {{"digestCredentials", canary + "2"}}});
  EXPECT_FALSE(filtered);
  service_.reset();
  for (const auto& file : std::filesystem::directory_iterator(dir_)) {
    std::ifstream in(file.path(), std::ios::binary);
    seen.append(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_GT(seen.size(), 20000u);
  EXPECT_EQ(seen.find("cAnArY"), std::string::npos);
}

TEST_F(ServiceTest, ListsAreInOrderAndFiltered) {
  for (const char* id : {"carol", "alice", "bob"})
    good(service_->add("users", json::object{{"userid", id}, {"department", id[0] == 'b' ? "IT" : "HR"}}));
  good(add("phones", R"({"name":"Z","digestUser":"bob","lines":["55"]})"));
  good(add("phones", R"({"name":"Y"})"));
  const auto names = [&](const char* collection, const ListQuery& q, const char* key) {
    std::string all;
    const auto rows = service_->list(collection, q);
    if (!rows) return "!" + rows.error().field;
    for (const auto& row : *rows) all += text(row.as_object(), key) + " ";
    return all;
  };
  EXPECT_EQ(names("users", {}, "userid"), "alice bob carol ");
  EXPECT_EQ(names("users", {.limit = 1, .after = "alice"}, "userid"), "bob ");
  EXPECT_EQ(names("users", {.filters = {{"department", "HR"}}}, "userid"), "alice carol ");
  EXPECT_EQ(names("users", {.filters = {{"q", "ARO"}}}, "userid"), "carol ");
  EXPECT_EQ(names("phones", {.filters = {{"digestUser", "bob"}}}, "name"), "Z ");
  EXPECT_EQ(names("phones", {.filters = {{"q", "Bob"}}}, "name"), "Z ");
  EXPECT_EQ(names("phones", {.filters = {{"q", "55"}}}, "name"), "Z ");
  EXPECT_EQ(names("phones", {.filters = {{"lines", "55"}}}, "name"), "Z ");
  EXPECT_EQ(names("phones", {.filters = {{"colour", "x"}}}, "name"), "!colour");
}

TEST_F(ServiceTest, SubscribersSeeEachSnapshotInOrder) {
  std::vector<uint64_t> seen;
  service_->subscribe([&](config::SnapshotPtr s) { seen.push_back(s->revision()); });
  good(add("users", R"({"userid":"a"})"));
  EXPECT_FALSE(add("users", R"({"userid":"a"})"));
  good(add("users", R"({"userid":"b"})"));
  EXPECT_EQ(seen, (std::vector<uint64_t>{1, 2}));
}

TEST_F(ServiceTest, DemoFillsAnEmptyDirectoryOnly) {
  Random random(5);
  const auto phones = seed_demo(*service_, random);
  ASSERT_TRUE(phones) << phones.error().text;
  ASSERT_EQ(phones->size(), 3u);
  EXPECT_EQ((*phones)[2].product, "advanced");
  EXPECT_EQ((*phones)[0].password.size(), 12u);
  EXPECT_NE((*phones)[0].password, (*phones)[1].password);
  EXPECT_NE(service_->snapshot()->phone_by_digest_user("carol", nullptr), nullptr);
  EXPECT_TRUE(seed_demo(*service_, random)->empty());
}

TEST_F(ServiceTest, PresentationAndTrust) {
  const auto w = add("lines", R"({"number":"1001","callingLinePresentation":"restricted"})");
  good(w);
  EXPECT_EQ(text(w->entity, "callingNamePresentation"), "default");
  good(update("lines", "1001", R"({"connectedNamePresentation":"allowed"})"));
  using P = config::Presentation;
  const auto& p = service_->snapshot()->line_by_number("1001", 0)->presentations;
  EXPECT_EQ(p.calling_line, P::restricted);
  EXPECT_EQ(p.calling_name, P::by_default);
  EXPECT_EQ(p.connected_name, P::allowed);
  EXPECT_THAT(fault(update("lines", "1001", R"({"callingNamePresentation":"hidden"})")), HasSubstr("restricted"));
  const auto phone = add("phones", R"({"product":"basic","lines":[{"line":"1001","externalMask":"+49305XXXX"}]})");
  good(phone);
  EXPECT_EQ(text(phone->entity, "deviceTrustMode"), "not-trusted");
  const std::string name(text(phone->entity, "name"));
  good(update("phones", name, R"({"deviceTrustMode":"trusted","ignorePresentationIndicators":true})"));
  const auto* view = service_->snapshot()->phone_by_name(name);
  ASSERT_NE(view, nullptr);
  EXPECT_TRUE(view->trusted && view->ignores_presentation);
  EXPECT_EQ(view->lines.at(0).external_mask, "+49305XXXX");
  EXPECT_THAT(fault(update("phones", name, R"({"lines":[{"line":"1001","externalMask":"5y"}]})")), HasSubstr("X"));
}

TEST_F(ServiceTest, ForwardsOfALine) {
  good(add("search-spaces", R"({"name":"Desk","partitions":["Default"]})"));
  const auto w = add("lines", R"({"number":"1002","forwardBusyInternal":"1003"})");
  good(w);
  EXPECT_EQ(text(w->entity, "forwardBusyExternal"), "1003") << "the same until told otherwise";
  good(update("lines", "1002", R"({"forwardBusyInternal":"1004"})"));
  EXPECT_EQ(text(service_->get("lines", "1002").value(), "forwardBusyExternal"), "1004");
  good(update("lines", "1002", R"({"forwardBusyExternal":""})"));
  good(update("lines", "1002", R"({"forwardBusyInternal":"1005"})"));
  EXPECT_EQ(text(service_->get("lines", "1002").value(), "forwardBusyExternal"), "") << "cleared on purpose";
  good(update("lines", "1002",
              R"({"forwardAll":"1003","forwardAllCallingSearchSpace":"Desk","forwardNoAnswerDuration":20,)"
              R"("doNotDisturb":true,"rejectAnonymousCall":true})"));
  const auto* line = service_->snapshot()->line_by_number("1002", 0);
  ASSERT_NE(line, nullptr);
  ASSERT_NE(line->forwards, nullptr);
  EXPECT_EQ(line->forwards->all.external, "1003");
  EXPECT_NE(line->forwards->all.search_space, 0);
  EXPECT_EQ(line->forwards->busy.internal + "/" + line->forwards->busy.external, "1005/");
  EXPECT_EQ(line->forwards->no_answer_duration, seconds(20));
  EXPECT_TRUE(line->do_not_disturb && line->reject_anonymous);
  EXPECT_THAT(fault(update("lines", "1002", R"({"forwardAll":"1002"})")), HasSubstr("to itself"));
  EXPECT_THAT(fault(update("lines", "1002", R"({"forwardNoAnswerDuration":180})")), HasSubstr("below"));
  EXPECT_THAT(fault(update("lines", "1002", R"({"forwardAll":"bob"})")), HasSubstr("digits"));
  open();
  EXPECT_EQ(service_->snapshot()->line_by_number("1002", 0)->forwards->busy.internal, "1005") << "kept";
  good(update("lines", "1002", R"({"forwardAll":"","forwardBusyInternal":""})"));
  EXPECT_EQ(service_->snapshot()->line_by_number("1002", 0)->forwards, nullptr);
}

TEST_F(ServiceTest, DoNotDisturbOfAPhone) {
  good(add("phones", R"({"name":"A","lines":["1001"],"dndStatus":true})"));
  using Dnd = config::PhoneView::Dnd;
  EXPECT_EQ(service_->snapshot()->phone_by_name("A")->dnd, Dnd::ringer_off);
  good(update("phones", "A", R"({"dndOption":"call-reject"})"));
  EXPECT_EQ(service_->snapshot()->phone_by_name("A")->dnd, Dnd::call_reject);
  good(update("phones", "A", R"({"dndStatus":false})"));
  EXPECT_EQ(service_->snapshot()->phone_by_name("A")->dnd, Dnd::off);
}

TEST_F(ServiceTest, SchemasNameEveryEntity) {
  const auto s = service_->schemas();
  for (const char* name : {"EndUser", "Phone", "Line", "Partition", "CallingSearchSpace", "PhoneSecurityProfile",
                           "SipProfile", "ServiceParameter", "Appearance"}) {
    EXPECT_TRUE(s.at("schemas").as_object().contains(name)) << name;
  }
  EXPECT_EQ(s.at("collections").as_array().size(), kCollections.size());
  const auto& user = s.at("schemas").at("EndUser");
  EXPECT_EQ(json::print(user.at("required")), R"(["userid"])");
  EXPECT_EQ(json::print(user.at("properties").at("digestCredentials").at("writeOnly")), "true");
}

}  // namespace
}  // namespace carillon::admin
