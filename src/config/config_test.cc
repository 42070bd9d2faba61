// Descriptions, their folds, parameters and the vault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/entities.h"
#include "config/json_fold.h"
#include "config/openapi_fold.h"
#include "config/vault.h"

namespace carillon::config {
namespace {

using testing::HasSubstr;

// A member without a description would not compile (describe); that counting works is shown here.
struct Three {
  EntityId id = 0;
  int64_t revision = 0;
  std::string a;
  std::vector<std::string> b;
  Ref<Partition> c;
};
static_assert(detail::member_count<Three>() == 5);
static_assert(detail::member_count<Appearance>() == 7);

json::object object(std::string_view text) { return json::parse(text).value().as_object(); }

template <typename T>
std::string problems_of(std::string_view text) {
  T row;
  Problems problems;
  from_json(row, object(text), problems);
  return problems.empty() ? "" : fault_of(problems).text;
}

TEST(JsonFold, WhatIsPrintedReadsBack) {
  SipProfile profile;
  profile.name = "x";
  profile.rel1xx = SipProfileView::Rel1xx::sdp;
  profile.rfc2543_hold = true;
  profile.min_se = 100;
  SipProfile back;
  Problems problems;
  from_json(back, to_json(profile), problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(to_json(back), to_json(profile));
  EXPECT_EQ(json::print(to_json(profile).at("rel1xx")), "\"sdp\"");
}

TEST(JsonFold, EveryKindOfValueIsChecked) {
  EXPECT_EQ(problems_of<SipProfile>(R"({"rfc2543Hold":"on","offer":"DELAYED","minSe":"95"})"), "");
  EXPECT_EQ(problems_of<SipProfile>(R"({"rfc2543Hold":1})"), "rfc2543Hold: must be true or false");
  EXPECT_EQ(problems_of<SipProfile>(R"({"offer":null})"), "offer: must be one of: early, delayed");
  EXPECT_EQ(problems_of<SipProfile>(R"({"minSe":5})"), "minSe: must be a whole number from 90 to 86400");
  EXPECT_EQ(problems_of<SipProfile>(R"({"minSe":95.5})"), "minSe: must be a whole number from 90 to 86400");
  EXPECT_EQ(problems_of<SipProfile>(R"({"description":[]})"), "description: must be a text");
  EXPECT_EQ(problems_of<SipProfile>(R"({"name":"a,b"})"),
            "name: \"a,b\" may hold printable characters without comma, semicolon and blanks at the ends only");
  EXPECT_THAT(problems_of<SipProfile>("{\"description\":\"" + std::string(200, 'x') + "\"}"), HasSubstr("at most 128"));
  EXPECT_EQ(problems_of<PhoneSecurityProfile>(R"({"transports":"tcp, udp"})"), "");
  EXPECT_EQ(problems_of<PhoneSecurityProfile>(R"({"transports":[1]})"), "transports: must be a list of texts");
  EXPECT_EQ(problems_of<PhoneSecurityProfile>(R"({"transports":7})"), "transports: must be a list");
  EXPECT_EQ(problems_of<Phone>(R"({"lines":[{"label":"x"}]})"), "lines: each needs \"line\"");
  EXPECT_EQ(problems_of<Phone>(R"({"lines":[{"line":"1","maxCalls":0,"shape":1}]})"),
            "lines[0].maxCalls: must be a whole number from 1 to 200\n"
            "lines[0].shape: there is no such field of Line appearance");
}

TEST(JsonFold, NullAndEmptyClear) {
  Phone phone;
  phone.digest_user = {4, "alice"};
  phone.description = "x";
  Problems problems;
  from_json(phone, object(R"({"digestUser":null,"description":null})"), problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_TRUE(phone.digest_user.none());
  EXPECT_EQ(phone.description, "");
  phone.owner_user = {4, "alice"};
  from_json(phone, object(R"({"ownerUser":""})"), problems);
  EXPECT_TRUE(phone.owner_user.none());
}

TEST(TextFold, CellsSetFields) {
  Phone phone;
  Problems problems;
  EXPECT_TRUE(set_text(phone, "lines", "1003; 1004", problems));
  EXPECT_TRUE(set_text(phone, "active", "off", problems));
  EXPECT_FALSE(set_text(phone, "colour", "red", problems));
  EXPECT_TRUE(problems.empty());
  EXPECT_FALSE(phone.active);
  EXPECT_EQ(text_of(phone.lines), "1003;1004");
}

TEST(OpenApi, SaysWhatTheRulesSay) {
  const auto schema = openapi_schema<PhoneSecurityProfile>();
  const auto& properties = schema.at("properties").as_object();
  EXPECT_EQ(json::print(properties.at("transports").at("items").at("enum")), R"(["udp","tcp","tls"])");
  EXPECT_EQ(json::print(properties.at("nonceValidityTime").at("default")), "600");
  EXPECT_EQ(json::print(properties.at("nonceValidityTime").at("maximum")), "86400");
  EXPECT_EQ(json::print(properties.at("product").at("enum")), R"(["basic","advanced"])");
  EXPECT_EQ(json::print(schema.at("additionalProperties")), "false");
  EXPECT_EQ(detail::kebab("sendPAssertedIdentity"), "send-p-asserted-identity");
  EXPECT_EQ(detail::kebab("digestCredentials"), "digest-credentials");
}

TEST(Parameters, DefaultsAreNormalAndGiveTheViewsDefaults) {
  for (const Parameter& p : parameters()) {
    const bool may_be_empty = p.default_value.empty();
    const auto value = normal_value(p, p.default_value);
    ASSERT_TRUE(value) << p.name << ": " << value.error().text;
    EXPECT_EQ(*value, p.default_value) << p.name;
    EXPECT_TRUE(!may_be_empty || p.optional || p.type == ParameterType::domains) << p.name;
  }
  EXPECT_EQ(check_parameters({}), "");
  const ParametersView made = parameters_view({});
  const ParametersView plain;
  EXPECT_EQ(made.realm, plain.realm);
  EXPECT_EQ(made.min_expires, plain.min_expires);
  EXPECT_EQ(made.max_expires, plain.max_expires);
  EXPECT_EQ(made.keepalive, plain.keepalive);
  EXPECT_EQ(made.no_answer_release, plain.no_answer_release);
  EXPECT_EQ(made.max_hops, plain.max_hops);
  EXPECT_EQ(made.busy_forward_on_486, plain.busy_forward_on_486);
  EXPECT_EQ(made.send_server_header, plain.send_server_header);
  for (const char* inside :
       {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.9.9", "::1", "fe80::1", "fd00::1"}) {
    EXPECT_TRUE(made.is_trusted(*Address::parse_ip(inside, 1))) << inside;
  }
  for (const char* outside : {"128.0.0.1", "172.32.0.1", "11.0.0.1", "2001:db8::1", "::2"}) {
    EXPECT_FALSE(made.is_trusted(*Address::parse_ip(outside, 1))) << outside;
  }
}

TEST(Vault, OpensForItsUserOnlyAndDerivesForAnyRealm) {
  Vault vault(std::string(crypto::kKeySize, 'k'), Random(1));
  const std::string sealed = vault.seal("alice", "ccmsipline", "secret");
  EXPECT_NE(sealed, vault.seal("alice", "ccmsipline", "secret")) << "each has its own nonce";
  EXPECT_EQ(vault.password("alice", sealed), "secret");
  EXPECT_FALSE(vault.password("bob", sealed));
  EXPECT_FALSE(vault.credentials("bob", "ccmsipline", sealed).present);
  EXPECT_FALSE(vault.credentials("alice", "ccmsipline", "").present);
  std::string broken = sealed;
  broken[broken.size() / 2] ^= 1;
  EXPECT_FALSE(vault.password("alice", broken));
  const CredentialsView same = vault.credentials("alice", "ccmsipline", sealed);
  const CredentialsView other = vault.credentials("alice", "other", sealed);
  // Known values, made by md5sum and sha256sum.
  EXPECT_EQ(std::string(same.md5, 32), "0d6cb9dc0e49f65b3df9fadaac48e370");
  EXPECT_EQ(std::string(other.md5, 32), "60b8492b4481e4e93cda54449c1e99dd");
  EXPECT_EQ(std::string(same.sha256, 64), "6e6ba11654ea2a9460a1d1e300f341041259da827832835a0888a0cfc850319c");
  Vault another(std::string(crypto::kKeySize, 'x'), Random(1));
  EXPECT_FALSE(another.password("alice", sealed));
}

}  // namespace
}  // namespace carillon::config
