#include "sip/message/uri.h"

#include <gtest/gtest.h>

#include <string>

#include "sip/message/name_addr.h"

namespace carillon::sip {
namespace {

TEST(Uri, ReadsItsParts) {
  const auto u = Uri::parse("SIPS:al%69ce;day=tue:pw@[2001:db8::1]:5061;lr;maddr=x?a=b&c=");
  ASSERT_TRUE(u);
  EXPECT_EQ(u->scheme, Uri::Scheme::sips);
  EXPECT_EQ(u->user, "al%69ce;day=tue");
  EXPECT_EQ(u->password, "pw");
  EXPECT_EQ(u->host, "[2001:db8::1]");
  EXPECT_EQ(u->port, 5061);
  EXPECT_EQ(u->params, "lr;maddr=x");
  EXPECT_EQ(u->headers, "a=b&c=");
  EXPECT_EQ(u->param("LR"), "");
  EXPECT_EQ(u->param("maddr"), "x");
  EXPECT_FALSE(u->param("ttl"));
  EXPECT_TRUE(u->has_user);
}

TEST(Uri, ReadsOtherSchemes) {
  const auto tel = Uri::parse("tel:+1-201-555-0123;phone-context=x");
  ASSERT_TRUE(tel);
  EXPECT_EQ(tel->scheme, Uri::Scheme::tel);
  EXPECT_EQ(tel->host, "+1-201-555-0123");
  EXPECT_EQ(decoded_user(*tel), "+12015550123");
  for (const char* text : {"urn:service:sos", "http://x.example/a?b", "soap.beep://192.0.2.1:3002",
                           "nobodyKnowsThisScheme:opaque", "isbn:2983792873"}) {
    const auto u = Uri::parse(text);
    ASSERT_TRUE(u) << text;
    EXPECT_EQ(u->scheme, Uri::Scheme::other);
  }
}

TEST(Uri, AcceptsTheWholeAlphabet) {
  for (const char* text : {
           "sip:a", "sip:h.example.", "sip:1.2.3.4:5060", "sip:a@1b2c3d4e", "sip:x_y@my_host",
           "sip:-_.!~*'()&=+$,;?/%23@h", "sip:a:@h", "sip:a:&=+$,@h", "sip:%00@h", "sip:h;a=[]/:&+$",
           "sip:h?[]/?:+$=[]/?:+$", "sip:[::]", "sip:[::1]", "sip:[1::]", "sip:[::ffff:192.0.2.1]",
           "sip:[1:2:3:4:5:6:7:8]", "sip:[1:2:3:4:5:6:1.2.3.4]", "sip:[2001:db8:::192.0.2.1]",
           "sip:[2001:db8::10:5070]", "sip:sips%3Auser%40example.com@example.net",
           "sip:user;par=u%40example.net@example.com", "sip:h:05060", "tel:911", "tel:*98#",
       }) {
    EXPECT_TRUE(Uri::parse(text)) << text;
  }
}

TEST(Uri, RefusesWhatIsNone) {
  for (const char* text : {
           "", "sip", "sip:", "sip:@h", "sip::p@h", "sip:a@", "sip:a@@h", "sip:a@h@i", "sip:a b@h",
           "sip:a#b@h", "sip:a%4@h", "sip:a%zz@h", "sip:h:", "sip:h:0", "sip:h:65536", "sip:h:5x",
           "sip:h;", "sip:h;;a", "sip:h;a=", "sip:h;a=b=c", "sip:h;=b", "sip:h?", "sip:h?a", "sip:h?=b",
           "sip:h?a=b&", "sip:2001:db8::10", "sip:[2001:db8::10", "sip:[]", "sip:[:1]", "sip:[1:]",
           "sip:[1::2::3]", "sip:[12345::]", "sip:[1:2:3:4:5:6:7]", "sip:[1:2:3:4:5:6:7:8:9]",
           "sip:[::1.2.3]", "sip:[::1.2.3.4.5]", "sip:[g::]", "sip:-h", "sip:h-", "sip:h..i", "sip:.h",
           "sip:1.2.3", "sip:1.2.3.4.5", "sip:1234.5678", "<sip:h>", "sip:h>", "sip:\"a\"@h",
           "tel:", "tel:+", "tel:abcx", "tel:+1 2", "tel:+12;", "1x:y", "x:", ":x", "http:a b", "a:<b>",
       }) {
    EXPECT_FALSE(Uri::parse(text)) << text;
  }
}

bool same(const char* a, const char* b) {
  const auto x = Uri::parse(a), y = Uri::parse(b);
  EXPECT_TRUE(x && y) << a << " " << b;
  const bool there = same_uri(*x, *y);
  EXPECT_EQ(there, same_uri(*y, *x)) << a << " " << b;
  return there;
}

// The pairs of RFC 3261 §19.1.4.
TEST(SameUri, HoldsForTheExamplesOfTheRfc) {
  EXPECT_TRUE(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                   "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                   "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
  EXPECT_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  EXPECT_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
  EXPECT_FALSE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

TEST(SameUri, HoldsForOtherPairs) {
  EXPECT_FALSE(same("sip:a@h", "sips:a@h"));
  EXPECT_FALSE(same("sip:a@h", "sip:h"));
  EXPECT_FALSE(same("sip:a:x@h", "sip:a@h"));
  EXPECT_FALSE(same("sip:a%40@h", "sip:a%41@h"));
  EXPECT_FALSE(same("sip:a%3Bb@h", "sip:a;b@h"));  // reserved characters are not their escapes
  EXPECT_FALSE(same("sip:a@h;maddr=1.2.3.4", "sip:a@h"));
  EXPECT_FALSE(same("sip:a@h;user=phone", "sip:a@h"));
  EXPECT_FALSE(same("sip:a@h;ttl=1", "sip:a@h"));
  EXPECT_FALSE(same("sip:a@h?x=1&x=1&y=2", "sip:a@h?x=1&y=2&y=2"));
  EXPECT_TRUE(same("sip:a@h;%6cr", "sip:a@h;lr"));
  EXPECT_TRUE(same("tel:+1-201", "tel:+1(20)1"));
  EXPECT_FALSE(same("tel:+1201", "tel:1201"));
  EXPECT_FALSE(same("tel:201;phone-context=a", "tel:201"));
  EXPECT_TRUE(same("URN:service:sos", "urn:service:sos"));
  EXPECT_FALSE(same("urn:service:sos", "urn:service:SOS"));
}

std::string user(const char* text) { return decoded_user(Uri::parse(text).value_or(Uri())); }

TEST(DecodedUser, ResolvesEscapesAndCutsNumbers) {
  EXPECT_EQ(user("sip:+1%32@h"), "+12");
  EXPECT_EQ(user("sip:+12;phone-context=x@h"), "+12");
  EXPECT_EQ(user("sip:ann;x=y@h"), "ann;x=y");
  EXPECT_EQ(user("sip:ann;x=y@h;user=phone"), "ann");
  EXPECT_EQ(user("sip:%2398@h"), "#98");
  EXPECT_EQ(user("sip:h"), "");
}

TEST(EscapeUser, IsUndoneByDecodedUser) {
  for (int byte = 0; byte < 256; byte++) {
    const std::string name = "x" + std::string(1, static_cast<char>(byte)) + "y";
    const std::string text = "sip:" + escape_user(name) + "@h";
    const auto u = Uri::parse(text);
    ASSERT_TRUE(u) << text;
    EXPECT_EQ(decoded_user(*u), name);
  }
}

TEST(FindParam, LooksAtNamesNotAtValues) {
  EXPECT_EQ(find_param("a=\"x;tag=1\" ; TAG = 2;b", "tag"), "2");
  EXPECT_EQ(find_param("b", "b"), "");
  EXPECT_FALSE(find_param("a=\"x;tag=1\"", "tag"));
  EXPECT_FALSE(find_param("", "tag"));
}

TEST(NameAddr, ReadsDisplayNames) {
  const auto a = NameAddr::parse(" \"Ann \\\"; <x> \\\\\"<sip:a@b;x>;tag=1 ; y = \"z;\" ");
  ASSERT_TRUE(a);
  EXPECT_EQ(decoded_display(*a), "Ann \"; <x> \\");
  EXPECT_EQ(a->uri.params, "x");
  EXPECT_EQ(a->params, "tag=1 ; y = \"z;\"");
  EXPECT_EQ(a->tag(), "1");
  EXPECT_EQ(a->param("y"), "\"z;\"");
  const auto b = NameAddr::parse("Ann  B. <sip:a@b>");
  ASSERT_TRUE(b);
  EXPECT_EQ(b->display, "Ann  B.");
  const auto c = NameAddr::parse("sip:a@b;tag=9");
  ASSERT_TRUE(c);
  EXPECT_FALSE(c->brackets);
  EXPECT_EQ(c->uri.params, "");
  EXPECT_EQ(c->tag(), "9");
  EXPECT_FALSE(NameAddr::parse("J\xC3\xBCrgen <sip:a@b>"));  // such a name needs quotes
}

TEST(QuotedDisplay, IsUndoneByDecodedDisplay) {
  for (int byte = 1; byte < 256; byte++) {
    const char ch = static_cast<char>(byte);
    const std::string name = std::string("a") + ch + "b";
    const std::string text = quoted_display(name) + " <sip:a@b>";
    const auto a = NameAddr::parse(text);
    ASSERT_TRUE(a) << byte;
    const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    EXPECT_EQ(decoded_display(*a), control ? "a b" : name);
  }
  EXPECT_EQ(quoted_display(""), "");
}

}  // namespace
}  // namespace carillon::sip
