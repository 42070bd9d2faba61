#include "registrar/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "registrar/test_world.h"

namespace carillon::registrar {
namespace {

using namespace test;  // NOLINT: the world of these tests
using testing::HasSubstr;
using testing::Not;
using Kind = Verdict::Kind;

struct IdentityTest : testing::Test {
  Directory directory;
  config::SnapshotPtr snapshot;
  Random random{1};
  Identifier identifier{{3, kKey}, random};
  Registrar registrar{3, random};
  Instant now = kStart;
  sip::Flow flow = udp_from(kTrusted);
  std::string headers;  // of the last verdict
  sip::Flow dialog_flow = udp_from(kTrusted);

  IdentityTest() { configure(); }
  void configure() { snapshot = directory.build(); }
  void digest(bool on) {
    directory.security.digest = on;
    configure();
  }

  Verdict ask(const Ask1& a, std::string_view authorization = {}) {
    const Received r(a.text(authorization));
    EXPECT_TRUE(r.good) << r.bytes;
    Verdict v = a.method == "REGISTER" ? identifier.of_register(now, r.message, flow, *snapshot, registrar)
                                       : identifier.of_request(now, r.message, flow, *snapshot, registrar);
    headers = v.headers;
    v.headers = headers;
    return v;
  }
  Verdict in_dialog(const Ask1& a, std::string_view authorization = {}, config::EntityId phone = 1) {
    const Received r(a.text(authorization));
    Verdict v = identifier.in_dialog(now, r.message, flow, dialog_flow, *snapshot->phone(phone), *snapshot);
    headers = v.headers;
    return v;
  }
  std::string nonce(const Ask1& a = {}) {
    EXPECT_EQ(ask(a).kind, Kind::challenge);
    return nonce_in(headers);
  }
  Verdict answer(const Ask1& a, const Answer& with = {}) { return ask(a, with.line(nonce(a))); }
  // Registers as a phone would, and stores the binding.
  void registered(const Ask1& a, const Answer& with = {}) {
    const std::string line = with.line(nonce(a));
    const Received r(a.text(line));
    const Verdict v = identifier.of_register(now, r.message, flow, *snapshot, registrar);
    ASSERT_EQ(v.kind, Kind::accepted) << v.headers;
    std::vector<state::Post> posts;
    std::vector<BindingChange> changes;
    ASSERT_EQ(registrar.apply(now, r.message, flow, v.identity, *snapshot, posts, changes).status, 200);
    registrar.durable_until(registrar.mark());
  }
  size_t rows() { return identifier.refusals().list().size(); }
};

TEST_F(IdentityTest, AFirstRegisterIsChallengedAndThatIsNoRefusal) {
  const Verdict v = ask({});
  EXPECT_EQ(v.kind, Kind::challenge);
  EXPECT_EQ(v.status, 401);
  EXPECT_EQ(headers, "WWW-Authenticate: Digest realm=\"ccmsipline\",nonce=\"" + nonce_in(headers) +
                         "\",algorithm=MD5,qop=\"auth\"\r\n");
  EXPECT_EQ(rows(), 0u);
}

TEST_F(IdentityTest, AlgorithmsFollowTheProfileOfTheNumber) {
  directory.security.sha256 = true;
  configure();
  ask({});
  EXPECT_LT(headers.find("SHA-256"), headers.find("algorithm=MD5"));
  ask({.to = "sip:777@pbx"});
  EXPECT_THAT(headers, Not(HasSubstr("SHA-256"))) << "nobody's number gets what is usual";
  directory.security.md5 = false;
  configure();
  ask({});
  EXPECT_THAT(headers, Not(HasSubstr("MD5")));
  digest(true);
  EXPECT_EQ(answer({}, {.sha256 = true}).kind, Kind::accepted);
  EXPECT_EQ(answer({}, {}).kind, Kind::challenge) << "MD5 is not allowed";
  EXPECT_EQ(answer({}, {.count = 0}).kind, Kind::challenge);
}

// Every row of the table of refusals, from the trusted networks and elsewhere, with digest off and on.
struct Row {
  const char* name;
  Ask1 ask;
  Answer answer;
  RefusalReason reason;
  int trusted_off, trusted_on, elsewhere_off, elsewhere_on;  // 200: accepted
};

const Row kTable[] = {
    {"right", {}, {}, RefusalReason::wrong_hash, 200, 200, 200, 200},
    {"right, RFC 2069", {}, {.uri = "sip:", .count = 0}, RefusalReason::wrong_hash, 200, 200, 200, 200},
    {"right, other line",
     {.to = "sip:1002@pbx", .from = "sip:1002@pbx"},
     {},
     RefusalReason::wrong_hash,
     200,
     200,
     200,
     200},
    {"unknown user", {}, {.user = "zoe"}, RefusalReason::unknown_user, 404, 404, 403, 403},
    {"user without phone", {}, {.user = "dave"}, RefusalReason::user_without_phone, 404, 404, 403, 403},
    {"To is not a line", {.to = "sip:2002@pbx"}, {}, RefusalReason::not_a_line, 403, 403, 403, 403},
    {"From is not a line", {.from = "sip:2002@pbx"}, {}, RefusalReason::not_a_line, 403, 403, 403, 403},
    {"no number", {.to = "sip:pbx", .from = "sip:pbx"}, {}, RefusalReason::not_a_line, 403, 403, 403, 403},
    {"wrong hash", {}, {.password = "wrong"}, RefusalReason::wrong_hash, 200, 403, 403, 403},
    {"no credentials",
     {.to = "sip:3003@pbx", .from = "sip:3003@pbx"},
     {.user = "carol"},
     RefusalReason::no_credentials,
     200,
     403,
     403,
     403},
    {"phone disabled",
     {.to = "sip:4004@pbx", .from = "sip:4004@pbx"},
     {.user = "erin"},
     RefusalReason::phone_disabled,
     403,
     403,
     403,
     403},
    {"transport",
     {.to = "sip:5005@pbx", .from = "sip:5005@pbx"},
     {.user = "frank"},
     RefusalReason::transport_not_allowed,
     403,
     403,
     403,
     403},
    {"other realm", {}, {.realm = "else"}, RefusalReason::malformed_credentials, 401, 401, 401, 401},
};

TEST_F(IdentityTest, TheTableOfRefusals) {
  for (const Row& row : kTable) {
    const int expected[] = {row.trusted_off, row.trusted_on, row.elsewhere_off, row.elsewhere_on};
    for (int i = 0; i < 4; i++) {
      digest((i & 1) != 0);
      const bool trusted = i < 2;
      flow = udp_from(trusted ? kTrusted : kElsewhere);
      const uint64_t before = identifier.refusals().total();
      const Verdict v = answer(row.ask, row.answer);
      const int got = v.kind == Kind::accepted ? 200 : v.status;
      EXPECT_EQ(got, expected[i]) << row.name << ", " << (trusted ? "trusted" : "elsewhere") << ", digest " << (i & 1);
      EXPECT_EQ(identifier.refusals().total() - before, got == 200 ? 0u : 1u) << row.name;
      if (got == 200) continue;
      const Refusal last = identifier.refusals().list().front();
      EXPECT_EQ(last.reason, row.reason) << row.name;
      EXPECT_EQ(last.status, got);
      EXPECT_EQ(last.user, row.answer.user);
      EXPECT_EQ(last.source, flow.remote);
      EXPECT_FALSE(remedy_of(last.reason).empty());
      if (got == 401) continue;
      EXPECT_EQ(v.kind, Kind::refused);
      if (trusted) {
        EXPECT_THAT(headers, HasSubstr("Warning: 399 carillon \"")) << row.name;
      } else {
        EXPECT_EQ(headers + "|" + std::string(v.reason), "|") << "all 403s are alike";
      }
    }
  }
}

TEST_F(IdentityTest, VerificationIsAlwaysComputed) {
  const Verdict wrong = answer({}, {.password = "wrong"});
  EXPECT_EQ(wrong.identity.verification, Verification::no);
  EXPECT_FALSE(wrong.identity.verified);
  const Verdict right = answer({});
  EXPECT_EQ(right.identity.verification, Verification::yes);
  EXPECT_FALSE(right.identity.verified) << "it was not demanded";
  EXPECT_EQ(answer({.to = "sip:3003@pbx", .from = "sip:3003@pbx"}, {.user = "carol"}).identity.verification,
            Verification::no_credentials);
  digest(true);
  EXPECT_TRUE(answer({}).identity.verified);
}

TEST_F(IdentityTest, WhoItIs) {
  const Verdict v = answer({.to = "sip:1%30%302;x=y@pbx", .from = "sip:1001@pbx"});
  ASSERT_EQ(v.kind, Kind::accepted) << headers;
  EXPECT_EQ(v.identity.phone->id, 1);
  EXPECT_EQ(v.identity.line->number, "1002");
  EXPECT_EQ(v.identity.appearance->line, 2);
  EXPECT_EQ(v.identity.digest_user, "alice");
}

TEST_F(IdentityTest, Ipv4MappedIsIpv4AndForgedHeadersCountForNothing) {
  flow = udp_from("[::ffff:10.0.0.5]:5060");
  EXPECT_EQ(answer({}, {.password = "wrong"}).kind, Kind::accepted);
  flow = udp_from(kElsewhere);
  const Ask1 forged{.headers =
                        "X-Forwarded-For: 10.0.0.5\r\nVia: SIP/2.0/UDP 10.0.0.7;received=10.0.0.7;branch=z9hG4bK7\r\n"};
  EXPECT_EQ(answer(forged, {.password = "wrong"}).status, 403);
  directory.parameters.trusted_networks.clear();
  configure();
  flow = udp_from(kTrusted);
  EXPECT_EQ(answer({}, {.password = "wrong"}).status, 403);
}

TEST_F(IdentityTest, MalformedCredentialsAreChallengedAgain) {
  const std::string n = nonce();
  for (const char* bad : {"Authorization: Basic YWxpY2U6c2VjcmV0\r\n", "Authorization: Digest x\r\n",
                          "Authorization: Digest username=\"alice\"\r\n"}) {
    const Verdict v = ask({}, bad);
    EXPECT_EQ(v.kind, Kind::challenge) << bad;
    EXPECT_THAT(headers, Not(HasSubstr("stale")));
  }
  std::string line = Answer{}.line(n);
  line.replace(line.find("qop=auth"), 8, "qop=auth-int");
  EXPECT_EQ(ask({}, line).kind, Kind::challenge);
  line = Answer{}.line(n);
  line.replace(line.find("response=\"") + 10, 4, "zzzz");
  EXPECT_EQ(ask({}, line).kind, Kind::challenge) << "even where the hash does not matter it must be one";
  EXPECT_EQ(identifier.refusals().list().front().reason, RefusalReason::malformed_credentials);
  EXPECT_EQ(ask({}, "Proxy-" + Answer{}.line(n)).kind, Kind::challenge) << "Proxy-Authorization is not for us";
}

TEST_F(IdentityTest, OfSeveralAnyValidOneWillDo) {
  digest(true);
  const std::string n = nonce();
  const std::string wrong = Answer{.password = "wrong"}.line(n);
  const std::string other = Answer{.realm = "elsewhere.example"}.line(n);
  EXPECT_EQ(ask({}, wrong + other + Answer{}.line(n)).kind, Kind::accepted);
  EXPECT_EQ(ask({}, other + wrong).kind, Kind::refused);
  std::string many;
  for (int i = 0; i < 8; i++) many += wrong;
  EXPECT_EQ(ask({}, many + Answer{.count = 2}.line(n)).kind, Kind::refused) << "not more than a few are looked at";
}

TEST_F(IdentityTest, NonceRules) {
  for (const bool on : {false, true}) {
    digest(on);
    const std::string n = nonce();
    const sip::Flow first = flow;
    flow = udp_from("10.0.0.5:9999");
    EXPECT_EQ(ask({}, Answer{.count = 1}.line(n)).kind, Kind::accepted) << "another port";
    flow = udp_from("10.0.0.6:5060");
    EXPECT_EQ(ask({}, Answer{.count = 2}.line(n)).kind, Kind::challenge) << "another address";
    EXPECT_THAT(headers, Not(HasSubstr("stale")));
    EXPECT_EQ(identifier.refusals().list().front().reason, RefusalReason::foreign_nonce);
    flow = first;
    EXPECT_EQ(ask({}, Answer{.count = 2}.line("made-up")).kind, Kind::challenge);
    const size_t before = rows();
    now = now + seconds(601);
    EXPECT_EQ(ask({}, Answer{.count = 3}.line(n)).kind, Kind::challenge) << "too old";
    EXPECT_THAT(headers, HasSubstr(",stale=true\r\n"));
    EXPECT_EQ(rows(), before) << "which is ordinary";
    EXPECT_EQ(ask({}, Answer{.user = "zoe", .count = 3}.line(n)).kind, Kind::challenge);
    EXPECT_THAT(headers, Not(HasSubstr("stale"))) << "not only the age is wrong";
    ask({}, Answer{.password = "wrong", .count = 3}.line(n));
    EXPECT_EQ(headers.find("stale") != std::string::npos, !on);
  }
}

TEST_F(IdentityTest, TheProfileSaysHowLongANonceLives) {
  directory.security.nonce_validity = seconds(30);
  configure();
  const std::string n = nonce();
  now = now + seconds(30);
  EXPECT_EQ(ask({}, Answer{}.line(n)).kind, Kind::accepted);
  now = now + seconds(1);
  EXPECT_EQ(ask({}, Answer{.count = 2}.line(n)).kind, Kind::challenge);
}

TEST_F(IdentityTest, NoncesOfAnotherShardAreStale) {
  Identifier other({4, kKey}, random);
  const Received first(Ask1{}.text());
  const std::string n = nonce_in(other.of_register(now, first.message, flow, *snapshot, registrar).headers);
  EXPECT_EQ(ask({}, Answer{}.line(n)).kind, Kind::challenge);
  EXPECT_THAT(headers, HasSubstr("stale=true"));
}

TEST_F(IdentityTest, NothingIsAcceptedTwice) {
  for (const bool on : {false, true}) {
    digest(on);
    std::vector<std::string> captured;
    for (uint32_t i = 0; i < 50; i++) {
      const std::string n = nonce();
      captured.push_back(Answer{.count = i % 2 == 0 ? 1u : 0u}.line(n));
      ASSERT_EQ(ask({}, captured.back()).kind, Kind::accepted);
      if (i % 2 != 0) continue;
      captured.push_back(Answer{.count = 2}.line(n));
      ASSERT_EQ(ask({}, captured.back()).kind, Kind::accepted);
    }
    const Ask1 attack{.call_id = "attack", .contact = "<sip:evil@10.0.0.5:666>"};
    for (int round = 0; round < 20; round++) {
      for (const std::string& line : captured) ASSERT_EQ(ask(attack, line).kind, Kind::challenge) << line;
      now = now + seconds(50);  // beyond the nonces' life, too
    }
    Identifier restarted({3, kKey}, random);
    const Received r(attack.text(captured.back()));
    EXPECT_EQ(restarted.of_register(now, r.message, flow, *snapshot, registrar).kind, Kind::challenge);
  }
}

TEST_F(IdentityTest, AfterARestartAnUnusedNonceIsAnsweredWithStale) {
  digest(true);
  const std::string n = nonce();
  Identifier restarted({3, kKey}, random);
  const Received r(Ask1{}.text(Answer{}.line(n)));
  const Verdict v = restarted.of_register(now + seconds(2), r.message, flow, *snapshot, registrar);
  EXPECT_EQ(v.kind, Kind::challenge);
  EXPECT_THAT(std::string(v.headers), HasSubstr("stale=true"));
}

TEST_F(IdentityTest, StrangersLearnNothingFromBytes) {
  flow = udp_from(kElsewhere);
  const Answer wrong{.password = "wrong"};
  const auto told = [&](const Ask1& a, const Answer& with) {
    const Verdict v = answer(a, with);
    return std::to_string(v.status) + "|" + std::string(v.reason) + "|" + headers;
  };
  const Ask1 erin{.to = "sip:4004@pbx", .from = "sip:4004@pbx"};
  const Ask1 carol{.to = "sip:3003@pbx", .from = "sip:3003@pbx"};
  const std::string known = told({}, wrong);
  EXPECT_EQ(known, "403||");
  EXPECT_EQ(told({}, {.user = "zoe"}), known);
  EXPECT_EQ(told({}, {.user = "dave"}), known);
  EXPECT_EQ(told(erin, {.user = "erin"}), known);
  EXPECT_EQ(told(carol, {.user = "carol"}), known);
  EXPECT_EQ(told({.to = "sip:9@pbx"}, {}), known);
  // Challenges differ in the nonce only.
  const auto challenge = [&](const Ask1& a) {
    ask(a);
    return headers.substr(0, headers.find("nonce=\"") + 7) + headers.substr(headers.find("\",algorithm"));
  };
  EXPECT_EQ(challenge({}), challenge({.to = "sip:999@pbx"}));
  EXPECT_EQ(challenge({}), challenge(erin));
}

// Keepalives.

TEST_F(IdentityTest, ARefreshFromTheSameFlowIsNotChallengedWhileItsNonceIsAlive) {
  for (const bool on : {false, true}) {
    digest(on);
    const std::string call = on ? "on" : "off";
    registered({.call_id = call});
    now = now + seconds(500);
    EXPECT_EQ(ask({.call_id = call, .cseq = 2}).kind, Kind::accepted);
    const Verdict v = ask({.call_id = call, .cseq = 2, .headers = "Expires: 300\r\n"});
    ASSERT_EQ(v.kind, Kind::accepted);
    EXPECT_EQ(v.identity.phone->id, 1);
    EXPECT_EQ(v.identity.line->number, "1001");
    EXPECT_EQ(v.identity.nonce_made, Instant());
    EXPECT_EQ(ask({.call_id = "other", .cseq = 2}).kind, Kind::challenge);
    EXPECT_EQ(ask({.call_id = call, .cseq = 2, .contact = "<sip:1001@10.0.0.5:5061>"}).kind, Kind::challenge);
    EXPECT_EQ(ask({.call_id = call, .cseq = 2, .contact = "<sip:1001@10.0.0.5:5060>, <sip:1001@10.0.0.5:5061>"}).kind,
              Kind::challenge);
    EXPECT_EQ(ask({.call_id = call, .cseq = 2, .contact = ""}).kind, Kind::challenge);
    EXPECT_EQ(ask({.call_id = call, .cseq = 2, .headers = "Expires: 0\r\n"}).kind, Kind::challenge)
        << "removal is no refresh";
    EXPECT_EQ(ask({.call_id = call, .cseq = 2, .contact = "*", .headers = "Expires: 0\r\n"}).kind, Kind::challenge);
    EXPECT_EQ(ask({.from = "sip:2002@pbx", .call_id = call, .cseq = 2}).kind, Kind::challenge);
    EXPECT_EQ(ask({.to = "sip:1002@pbx", .call_id = call, .cseq = 2}).kind, Kind::challenge);
    const sip::Flow home = flow;
    flow = udp_from("10.0.0.5:5999");
    EXPECT_EQ(ask({.call_id = call, .cseq = 2}).kind, Kind::challenge);
    flow = home;
    now = now + seconds(101);
    EXPECT_EQ(ask({.call_id = call, .cseq = 2}).kind, Kind::challenge) << "its nonce has expired";
  }
}

TEST_F(IdentityTest, AnUnverifiedBindingIsNoKeepaliveOnceTheHashMatters) {
  registered({}, {.password = "wrong"});
  EXPECT_EQ(ask({.cseq = 2}).kind, Kind::accepted);
  digest(true);
  EXPECT_EQ(ask({.cseq = 2}).kind, Kind::challenge);
  digest(false);
  directory.parameters.trusted_networks.clear();
  configure();
  EXPECT_EQ(ask({.cseq = 2}).kind, Kind::challenge);
}

TEST_F(IdentityTest, KeepalivesEndWithThePhone) {
  registered({});
  directory.phones[1].active = false;
  configure();
  EXPECT_EQ(ask({.cseq = 2}).kind, Kind::challenge);
}

// Other requests.

Ask1 request(const char* method, const char* from = "sip:1001@pbx") {
  return {.method = method, .to = "sip:2002@pbx", .from = from};
}

TEST_F(IdentityTest, DigestOffKnowsRequestsByTheirFlow) {
  registered({});
  for (const char* method : {"INVITE", "SUBSCRIBE", "MESSAGE", "REFER", "OPTIONS", "PUBLISH", "FOO"}) {
    const Verdict v = ask(request(method));
    ASSERT_EQ(v.kind, Kind::accepted) << method;
    EXPECT_EQ(v.identity.phone->id, 1);
    EXPECT_EQ(v.identity.line->number, "1001");
  }
  EXPECT_EQ(ask(request("INVITE", "sip:1002@pbx")).kind, Kind::challenge)
      << "that number was not registered by this flow";
  const sip::Flow home = flow;
  flow = udp_from("10.0.0.5:6000");
  EXPECT_EQ(ask(request("INVITE")).kind, Kind::challenge) << "unknown flow";
  EXPECT_EQ(ask(request("OPTIONS")).kind, Kind::challenge);
  EXPECT_EQ(answer(request("INVITE"), {.password = "wrong", .method = "INVITE"}).kind, Kind::accepted)
      << "identified like a REGISTER";
  EXPECT_EQ(answer(request("INVITE", "sip:2002@pbx"), {.method = "INVITE"}).status, 403);
  flow = home;
  EXPECT_EQ(ask(request("OPTIONS", "sip:nobody@pbx")).kind, Kind::accepted) << "a keepalive";
}

TEST_F(IdentityTest, DigestOffFromElsewhereIsDigestOn) {
  flow = udp_from(kElsewhere);
  registered({});
  EXPECT_EQ(ask(request("INVITE")).kind, Kind::challenge);
  EXPECT_EQ(answer(request("INVITE"), {.password = "wrong", .method = "INVITE"}).status, 403);
  EXPECT_EQ(answer(request("INVITE"), {.method = "INVITE"}).kind, Kind::accepted);
  EXPECT_EQ(ask(request("OPTIONS")).kind, Kind::accepted);
}

TEST_F(IdentityTest, DigestOnChallengesEveryRequest) {
  for (const bool out_of_dialog_only : {false, true}) {
    directory.security.challenge_out_of_dialog_only = out_of_dialog_only;
    digest(true);
    registered({.call_id = out_of_dialog_only ? "r2" : "r1"});
    for (const char* method : {"INVITE", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH", "FOO"}) {
      EXPECT_EQ(ask(request(method)).kind, Kind::challenge) << method;
      EXPECT_EQ(answer(request(method), {.method = method}).kind, Kind::accepted) << method;
      EXPECT_EQ(answer(request(method), {.method = "BYE"}).status, 403) << method;
    }
    EXPECT_EQ(ask(request("OPTIONS")).kind, Kind::accepted);
  }
}

TEST_F(IdentityTest, InADialog) {
  const char* methods[] = {"BYE", "INVITE", "UPDATE", "INFO", "PRACK", "REFER", "NOTIFY"};
  const auto kind = [&](const char* m) { return in_dialog(request(m)).kind; };
  for (const char* m : methods) EXPECT_EQ(kind(m), Kind::accepted) << "digest off, same flow: " << m;
  flow = udp_from("10.0.0.5:6000");
  for (const char* m : methods) EXPECT_EQ(kind(m), Kind::challenge) << "digest off, other flow: " << m;
  EXPECT_EQ(kind("ACK"), Kind::accepted);
  EXPECT_EQ(kind("CANCEL"), Kind::accepted);
  const auto credentials = [&](const char* user, const char* password) {
    in_dialog(request("BYE"));
    const std::string n = nonce_in(headers);
    return in_dialog(request("BYE"), Answer{.user = user, .password = password, .method = "BYE"}.line(n));
  };
  EXPECT_EQ(credentials("alice", "wrong").kind, Kind::accepted) << "digest off: the name identifies";
  EXPECT_EQ(credentials("bob", "secret").status, 403) << "another phone's dialog";
  digest(true);
  EXPECT_EQ(credentials("alice", "wrong").status, 403);
  EXPECT_EQ(credentials("alice", "secret").kind, Kind::accepted);
  flow = dialog_flow;
  for (const char* m : methods) EXPECT_EQ(kind(m), Kind::challenge) << "all: " << m;
  EXPECT_EQ(kind("OPTIONS"), Kind::accepted);
  directory.security.challenge_out_of_dialog_only = true;
  configure();
  for (const char* m : methods) EXPECT_EQ(kind(m), Kind::accepted) << "out-of-dialog: " << m;
  flow = udp_from("10.0.0.5:6000");
  for (const char* m : methods) EXPECT_EQ(kind(m), Kind::challenge) << "out-of-dialog, other flow: " << m;
}

}  // namespace
}  // namespace carillon::registrar
