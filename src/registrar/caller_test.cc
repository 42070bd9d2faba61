// Which line of a phone a call is from: From, P-Preferred-Identity, or neither (RFC 3323 §4.1.1.3, RFC 3325 §9.2).

#include "registrar/identity.h"
#include "registrar/test_registrar.h"

namespace carillon::registrar::test {
namespace {

using Kind = Verdict::Kind;
constexpr const char* kNobody = "sip:anonymous@anonymous.invalid";

struct CallerTest : RegistrarTest {
  Identifier identifier{{3, kKey}, random};

  Verdict ask(const Ask1& a, std::string_view authorization = {}) {
    const Received r(a.text(authorization));
    EXPECT_TRUE(r.good) << r.bytes;
    Verdict v = a.method == "REGISTER" ? identifier.of_register(now, r.message, flow, *snapshot, registrar)
                                       : identifier.of_request(now, r.message, flow, *snapshot, registrar);
    headers = v.headers;
    return v;
  }
  Verdict answer(const Ask1& a, const std::string& password = "secret") {
    EXPECT_EQ(ask(a).kind, Kind::challenge);
    return ask(a, Answer{.password = password, .method = a.method}.line(nonce_in(headers)));
  }
};

Ask1 call_from(const std::string& from, const std::string& preferred = {}) {
  Ask1 a{.method = "INVITE", .to = "sip:2002@pbx", .from = from};
  if (!preferred.empty()) a.headers = "P-Preferred-Identity: " + preferred + "\r\n";
  return a;
}

TEST_F(CallerTest, AnAnonymousFromIsAPhoneAllTheSame) {
  EXPECT_EQ(ask(call_from(kNobody)).kind, Kind::challenge) << "unknown flow";
  Verdict v = answer(call_from(kNobody));
  ASSERT_EQ(v.kind, Kind::accepted);
  EXPECT_EQ(v.identity.line->number, "1001") << "the first button's";
  done({.to = "sip:1002@pbx", .from = "sip:1002@pbx"}, 1, "1002");
  v = ask(call_from(kNobody));
  ASSERT_EQ(v.kind, Kind::accepted);
  EXPECT_EQ(v.identity.phone->id, 1);
  EXPECT_EQ(v.identity.line->number, "1001");
  EXPECT_EQ(ask({.method = "OPTIONS", .from = kNobody}).kind, Kind::accepted);
  done({.to = "sip:2002@pbx", .from = "sip:2002@pbx", .call_id = "b"}, 2, "2002");
  EXPECT_EQ(ask(call_from(kNobody)).kind, Kind::challenge) << "two phones by one flow";
  EXPECT_EQ(answer({.from = kNobody}).status, 403) << "a REGISTER says who it is";
  directory.security.digest = true;
  configure();
  EXPECT_EQ(answer(call_from(kNobody), "wrong").status, 403);
}

TEST_F(CallerTest, APreferredIdentityChoosesAmongThePhonesOwnLines) {
  done({});
  const struct {
    const char *from, *preferred, *line;
  } kRows[] = {{"sip:1001@pbx", "<sip:1002@pbx>", "1002"},
               {"sip:1001@pbx", "<sip:3003@pbx>", "1001"},
               {"sip:1001@pbx", "<sip:3003@pbx>, \"x\" <tel:1002>, <sip:1002@pbx>", "1002"},
               {kNobody, "<sip:1002@elsewhere>", "1002"},
               {kNobody, "<urn:x:y>", "1001"}};
  const sip::Flow home = flow, away = udp_from("10.0.0.5:7000");
  for (const auto& row : kRows) {
    for (const bool known : {true, false}) {
      flow = known ? home : away;
      const Ask1 a = call_from(row.from, row.preferred);
      const Verdict v = known ? ask(a) : answer(a);
      ASSERT_EQ(v.kind, Kind::accepted) << row.preferred << known;
      EXPECT_EQ(v.identity.line->number, row.line) << row.preferred << known;
      EXPECT_EQ(v.identity.appearance->line, v.identity.line->id);
    }
  }
  EXPECT_EQ(answer(call_from("sip:2002@pbx", "<sip:1002@pbx>")).status, 403) << "From is still to be its own";
}

}  // namespace
}  // namespace carillon::registrar::test
