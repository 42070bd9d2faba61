#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "sip/auth/credentials.h"
#include "sip/auth/digest.h"
#include "sip/auth/nonce.h"
#include "sip/auth/nonce_counts.h"

namespace carillon::sip::auth {
namespace {

using crypto::Algorithm;
constexpr Instant kNow{1'700'000'000'000'000};
const Address kPhone = *Address::parse("10.1.2.3:5060");

// RFC 7616 §3.9.1.
constexpr View kRfc7616Md5 =
    "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm=MD5, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
    "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"8ca523f5e9506fed4657c9700eebdbec\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
constexpr View kRfc7616Sha =
    "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm=SHA-256, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
    "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, "
    "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"";

TEST(Credentials, ReadsThoseOfRfc7616) {
  const auto c = Credentials::parse(kRfc7616Md5);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->username, "Mufasa");
  EXPECT_EQ(c->realm, "http-auth@example.org");
  EXPECT_EQ(c->uri, "/dir/index.html");
  EXPECT_EQ(c->qop, "auth");
  EXPECT_EQ(c->count(), 1u);
  EXPECT_EQ(c->known_algorithm(), Algorithm::md5);
  EXPECT_TRUE(c->well_formed());
  EXPECT_EQ(Credentials::parse(kRfc7616Sha)->known_algorithm(), Algorithm::sha256);
}

TEST(Credentials, ReadsCommasBlanksAndEscapesInQuotes) {
  const auto c = Credentials::parse(
      "DIGEST\tusername=\"a\\\"b,c\" ,realm = \"r\",nonce=\"n\",,uri=\"sip:x;y=1,2\",response=\"00\", x=y,");
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->username_escaped);
  char buffer[64];
  EXPECT_EQ(unquoted(c->username, buffer, sizeof buffer), "a\"b,c");
  EXPECT_EQ(unquoted(c->username, buffer, 2), "");
  EXPECT_EQ(c->uri, "sip:x;y=1,2");
  EXPECT_FALSE(c->well_formed());
}

TEST(Credentials, RefusesWhatIsBroken) {
  const char* broken[] = {
      "",
      "Digest",
      "Digest ",
      "Basic dXNlcjpwYXNz",
      "Digestusername=\"a\"",
      "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\"",                                // no response
      "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\",username=\"b\"",  // twice
      "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0",                   // open quote
      "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\\",                 // open escape
      "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\",response",                       // no value
      "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\" qop=auth",        // no comma
      "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\",qop=\"\"",
      "Digest username=\"a\x01\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\"",
      "Digest =\"a\"",
  };
  for (const char* text : broken) EXPECT_FALSE(Credentials::parse(text)) << text;
}

Credentials well(View extra, size_t response = 32) {
  static std::string text;
  text = "Digest username=\"a\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"" + std::string(response, 'a') + "\"" +
         std::string(extra);
  const auto c = Credentials::parse(text);
  EXPECT_TRUE(c) << text;
  return c.value_or(Credentials());
}

TEST(Credentials, WellFormedMeansFitForTheAlgorithmAndQop) {
  EXPECT_TRUE(well("").well_formed());
  EXPECT_TRUE(well(",qop=auth,nc=0000000A,cnonce=\"c\"").well_formed());
  EXPECT_TRUE(well(",qop=\"auth\",nc=00000001,cnonce=\"c\",algorithm=sha-256", 64).well_formed());
  EXPECT_FALSE(well(",qop=auth-int,nc=00000001,cnonce=\"c\"").well_formed());
  EXPECT_FALSE(well(",qop=auth,nc=1,cnonce=\"c\"").well_formed());
  EXPECT_FALSE(well(",qop=auth,nc=0000000g,cnonce=\"c\"").well_formed());
  EXPECT_FALSE(well(",qop=auth,nc=00000000,cnonce=\"c\"").well_formed());
  EXPECT_FALSE(well(",qop=auth,nc=00000001").well_formed());
  EXPECT_FALSE(well(",qop=auth,cnonce=\"c\"").well_formed());
  EXPECT_FALSE(well(",algorithm=MD5-sess").well_formed());
  EXPECT_FALSE(well(",algorithm=SHA-256", 32).well_formed());
  EXPECT_FALSE(well(",algorithm=SHA-256", 64).well_formed()) << "without qop only MD5";
  EXPECT_FALSE(well("", 31).well_formed());
  EXPECT_FALSE(well("", 64).well_formed());
  EXPECT_FALSE(well(",userhash=true").well_formed());
}

TEST(Verifier, KnownAnswers) {
  Verifier verifier;
  const auto ha1 = make_ha1(Algorithm::md5, "Mufasa", "http-auth@example.org", "Circle of Life");
  EXPECT_TRUE(verifier.matches(*Credentials::parse(kRfc7616Md5), "GET", ha1));
  EXPECT_FALSE(verifier.matches(*Credentials::parse(kRfc7616Md5), "PUT", ha1));
  const auto sha = make_ha1(Algorithm::sha256, "Mufasa", "http-auth@example.org", "Circle of Life");
  EXPECT_TRUE(verifier.matches(*Credentials::parse(kRfc7616Sha), "GET", sha));
  EXPECT_FALSE(verifier.matches(*Credentials::parse(kRfc7616Sha), "GET",
                                make_ha1(Algorithm::sha256, "Mufasa", "x", "Circle of Life")));
}

TEST(Verifier, Rfc2069StyleAndUpperCaseHex) {
  Verifier verifier;
  const auto ha1 = make_ha1(Algorithm::md5, "alice", "ccmsipline", "secret");
  const auto ha2 = crypto::digest_hex(Algorithm::md5, "REGISTER:sip:");
  std::string response = crypto::digest_hex(Algorithm::md5, ha1 + ":n:" + ha2);
  for (char& c : response) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 32 : c);
  const std::string text =
      "Digest username=\"alice\",realm=\"ccmsipline\",nonce=\"n\",uri=\"sip:\",response=\"" + response + "\"";
  EXPECT_TRUE(verifier.matches(*Credentials::parse(text), "REGISTER", ha1));
}

TEST(Challenge, OneLineAnAlgorithmTheStrongerFirst) {
  std::string out;
  append_challenge(out, {"ccmsipline", "N"});
  EXPECT_EQ(out, "WWW-Authenticate: Digest realm=\"ccmsipline\",nonce=\"N\",algorithm=MD5,qop=\"auth\"\r\n");
  out.clear();
  append_challenge(out, {"a\"b", "N", true, true, true});
  EXPECT_EQ(out,
            "WWW-Authenticate: Digest realm=\"a\\\"b\",nonce=\"N\",algorithm=SHA-256,qop=\"auth\",stale=true\r\n"
            "WWW-Authenticate: Digest realm=\"a\\\"b\",nonce=\"N\",algorithm=MD5,qop=\"auth\",stale=true\r\n");
}

struct NonceTest : testing::Test {
  Random random{1};
  std::string key = std::string(32, 'k');
  NonceMaker maker{3, key, random};
  NonceInfo info;
};

TEST_F(NonceTest, IsGoodForItsSourceWhateverThePort) {
  const std::string nonce(maker.mint(kNow, kPhone, "ccmsipline"));
  EXPECT_EQ(nonce.size(), kNonceSize);
  Address other_port = kPhone;
  other_port.port = 9;
  ASSERT_TRUE(maker.check(nonce, other_port, "ccmsipline", info));
  EXPECT_EQ(info.shard, 3);
  EXPECT_EQ(info.made, kNow);
  EXPECT_FALSE(maker.check(nonce, *Address::parse("10.1.2.4:5060"), "ccmsipline", info));
  EXPECT_FALSE(maker.check(nonce, kPhone, "other", info));
  NonceMaker stranger(3, std::string(32, 'x'), random);
  EXPECT_FALSE(stranger.check(nonce, kPhone, "ccmsipline", info));
  NonceMaker sibling(4, key, random);
  EXPECT_TRUE(sibling.check(nonce, kPhone, "ccmsipline", info)) << "another shard knows it as ours";
}

TEST_F(NonceTest, MappedIpv4IsTheSameSource) {
  const std::string nonce(maker.mint(kNow, *Address::parse("[::ffff:10.1.2.3]:1"), "r"));
  EXPECT_TRUE(maker.check(nonce, kPhone, "r", info));
}

TEST_F(NonceTest, NoChangeOfABitIsAccepted) {
  const std::string nonce(maker.mint(kNow, kPhone, "r"));
  for (size_t i = 0; i < nonce.size(); i++) {
    for (const char c : View("Aa0-_=\"")) {
      std::string changed = nonce;
      if (changed[i] == c) continue;
      changed[i] = c;
      EXPECT_FALSE(maker.check(changed, kPhone, "r", info));
    }
    EXPECT_FALSE(maker.check(nonce.substr(0, i), kPhone, "r", info));
  }
  EXPECT_FALSE(maker.check(nonce + "A", kPhone, "r", info));
}

TEST_F(NonceTest, AreAllDifferent) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; i++) EXPECT_TRUE(seen.emplace(maker.mint(kNow, kPhone, "r")).second);
}

struct CountsTest : testing::Test {
  NonceCounts counts{limits::kNonceCounts};
  Instant now = kNow;
  CountsTest() { counts.start(kNow); }

  NonceCounts::Use take(const NonceInfo& n, uint32_t count) {
    const auto use = counts.check(n, count);
    if (use == NonceCounts::Use::fresh) counts.use(now, n, count, seconds(600));
    return use;
  }
};
using Use = NonceCounts::Use;

TEST_F(CountsTest, EachCountOnce) {
  const NonceInfo n{0, kNow, 77};
  EXPECT_EQ(take(n, 1), Use::fresh);
  EXPECT_EQ(take(n, 1), Use::replayed);
  EXPECT_EQ(take(n, 4), Use::fresh);
  EXPECT_EQ(take(n, 2), Use::fresh) << "reordered";
  EXPECT_EQ(take(n, 2), Use::replayed);
  EXPECT_EQ(take(n, 200), Use::fresh);
  EXPECT_EQ(take(n, 137), Use::fresh) << "63 behind";
  EXPECT_EQ(take(n, 136), Use::replayed) << "64 behind";
  EXPECT_EQ(take(n, 3), Use::replayed);
  EXPECT_EQ(take(n, UINT32_MAX), Use::fresh);
  EXPECT_EQ(take(n, UINT32_MAX), Use::replayed);
}

TEST_F(CountsTest, WithoutQopANonceIsGoodOnce) {
  const NonceInfo n{0, kNow, 78};
  EXPECT_EQ(take(n, 0), Use::fresh);
  EXPECT_EQ(take(n, 0), Use::stale);
  EXPECT_EQ(take(n, 1), Use::stale);
  const NonceInfo m{0, kNow, 79};
  EXPECT_EQ(take(m, 1), Use::fresh);
  EXPECT_EQ(take(m, 0), Use::stale);
}

TEST_F(CountsTest, NoncesFromBeforeTheStartAreStale) {
  EXPECT_EQ(take({0, kNow - seconds(1), 5}, 1), Use::stale);
  EXPECT_EQ(take({0, kNow, 6}, 1), Use::fresh);
}

TEST_F(CountsTest, IsBoundedAndNeverAcceptsWhatItForgot) {
  const size_t many = 3 * limits::kNonceCounts;
  for (size_t i = 0; i < many; i++) {
    now = kNow + milliseconds(static_cast<int64_t>(i));
    ASSERT_EQ(take({0, now, i + 1}, 1), Use::fresh);
    ASSERT_LE(counts.size(), limits::kNonceCounts);
  }
  for (size_t i = 0; i < many; i++) {
    ASSERT_NE(take({0, kNow + milliseconds(static_cast<int64_t>(i)), i + 1}, 1), Use::fresh) << i;
  }
}

TEST_F(CountsTest, TimeEmptiesIt) {
  for (int i = 0; i < 1000; i++) take({0, now, static_cast<uint64_t>(i + 1)}, 1);
  for (int i = 0; i < 3; i++) {
    now = now + seconds(601);
    take({0, now, static_cast<uint64_t>(5000 + i)}, 1);
  }
  EXPECT_LE(counts.size(), 3u);
}

}  // namespace
}  // namespace carillon::sip::auth
