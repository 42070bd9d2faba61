// Who is shown to whom (system.md 2.8): the matrix of restrictions, audiences and headers; and what of it crosses a
// call.

#include "call/identity.h"

#include <gmock/gmock.h>

#include "call/test_world.h"
#include "sip/message/remote_party_id.h"

namespace carillon::call::test {
namespace {

using config::Presentation;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHidden = "<sip:anonymous@anonymous.invalid>";

struct Wanted {
  Hides hides;
  const char *from, *rpid, *pai;  // pai: "" for none
  const char* privacy;            // of Remote-Party-ID
  bool id;                        // Privacy: id
};

void check(const Audience& audience, const Wanted& w) {
  SCOPED_TRACE(testing::Message() << "hides " << static_cast<int>(w.hides) << " rpid " << audience.rpid << " pai "
                                  << audience.pai << " trusted " << audience.sees_hidden);
  const Party party{"1001", "Alice", w.hides};
  std::string from;
  append_from(from, audience, party);
  EXPECT_EQ(from, w.from);
  for (const char* role : {"calling", "called"}) {
    std::string expected;
    if (audience.rpid) {
      expected += std::string("Remote-Party-ID: ") + w.rpid + ";party=" + role +
                  ";id-type=subscriber;privacy=" + w.privacy + ";screen=yes\r\n";
    }
    if (audience.pai && *w.pai != 0) expected += std::string("P-Asserted-Identity: ") + w.pai + "\r\n";
    if (w.id) expected += "Privacy: id\r\n";
    std::string lines;
    append_identity(lines, audience, party, role);
    EXPECT_EQ(lines, expected);
  }
}

// RFC 3325 §7, RFC 3323 §4.1.1.3, draft-ietf-sip-privacy-04 §5.
TEST(IdentityMatrix, WhatIsWithheldFromWhom) {
  const char *shown = "\"Alice\" <sip:1001@pbx>", *nameless = "\"Anonymous\" <sip:1001@pbx>",
             *numberless = "\"Alice\" <sip:anonymous@anonymous.invalid>",
             *nobody = "\"Anonymous\" <sip:anonymous@anonymous.invalid>", *bare = "<sip:1001@pbx>";
  const Wanted plain[] = {{Hides::nothing, shown, shown, shown, "off", false},
                          {Hides::name, nameless, nameless, bare, "name", false},
                          {Hides::number, numberless, numberless, "", "uri", true},
                          {Hides::both, nobody, nobody, "", "full", true}};
  const Wanted trusted[] = {{Hides::nothing, shown, shown, shown, "off", false},
                            {Hides::name, nameless, shown, bare, "name", false},
                            {Hides::number, numberless, shown, shown, "uri", true},
                            {Hides::both, nobody, shown, shown, "full", true}};
  for (int switches = 0; switches < 4; switches++) {
    Audience a{.host = "pbx", .rpid = (switches & 1) != 0, .pai = (switches & 2) != 0};
    for (const Wanted& w : plain) check(a, w);
    a.sees_hidden = true;
    for (const Wanted& w : trusted) check(a, w);
    a.ignores = true;
    for (const Hides h : {Hides::nothing, Hides::name, Hides::number, Hides::both}) {
      check(a, {h, shown, shown, shown, "off", false});
    }
  }
}

TEST(IdentityMatrix, PartiesWithoutAName) {
  std::string lines;
  append_identity(lines, {.host = "pbx"}, {"1001", "", Hides::nothing}, "called");
  EXPECT_EQ(lines,
            "Remote-Party-ID: <sip:1001@pbx>;party=called;id-type=subscriber;privacy=off;screen=yes\r\n"
            "P-Asserted-Identity: <sip:1001@pbx>\r\n");
}

// Each field by itself, on each side, with all that a phone may ask for.
TEST(IdentityMatrix, TheFieldsOfALine) {
  using P = Presentation;
  const Hides all[] = {Hides::nothing, Hides::name, Hides::number, Hides::both};
  for (const P number : {P::by_default, P::allowed, P::restricted}) {
    for (const P name : {P::by_default, P::allowed, P::restricted}) {
      for (const Hides asked : all) {
        const bool hides_it = number == P::restricted || (number == P::by_default && hides_number(asked));
        const bool hides_its_name = name == P::restricted || (name == P::by_default && hides_name(asked));
        config::LineView line;
        line.presentations.calling_line = number, line.presentations.calling_name = name;
        Hides got = hides_of(&line, call::Side::calling, asked);
        EXPECT_EQ(hides_number(got), hides_it);
        EXPECT_EQ(hides_name(got), hides_its_name);
        EXPECT_EQ(hides_of(&line, call::Side::connected, asked), asked) << "its fields say nothing";
        line.presentations = {};
        line.presentations.connected_line = number, line.presentations.connected_name = name;
        got = hides_of(&line, call::Side::connected, asked);
        EXPECT_EQ(hides_number(got), hides_it);
        EXPECT_EQ(hides_name(got), hides_its_name);
        EXPECT_EQ(hides_of(&line, call::Side::calling, asked), asked);
        EXPECT_EQ(hides_of(nullptr, call::Side::calling, asked), asked);
      }
    }
  }
}

TEST(IdentityMatrix, ExternalMasks) {
  const struct {
    const char *mask, *number, *external;
  } kRows[] = {{"", "1001", "1001"},           {"+4930555XXXX", "1001", "+49305551001"},
               {"555XX", "1001", "55501"},     {"030555000", "1001", "030555000"},
               {"XXXXXX", "1001", "1001"},     {"X5XX", "1001", "0501"},
               {"+49XX30XX", "01", "+493001"}, {"XXXX", "*21#", "*21#"}};
  for (const auto& row : kRows) EXPECT_EQ(masked_number(row.mask, row.number), row.external) << row.mask;
}

struct Asking {
  const char* lines;
  Hides asked;
};

// RFC 3323 §4.2, RFC 3325 §9.3; system.md 2.8: of a received Remote-Party-ID the privacy matters, whatever its party.
TEST(IdentityMatrix, WhatAPhoneAsksFor) {
  const char* rpid = "Remote-Party-ID: <sip:9@h>;party=called;privacy=";
  const Asking kRows[] = {{"", Hides::nothing},
                          {"Privacy: id\r\n", Hides::both},
                          {"Privacy: user;critical\r\n", Hides::both},
                          {"Privacy: header\r\n", Hides::both},
                          {"Privacy: ID ; session\r\n", Hides::both},
                          {"Privacy: session\r\n", Hides::nothing},
                          {"Privacy: history\r\n", Hides::nothing},
                          {"Privacy: none\r\n", Hides::nothing},
                          {"Privacy: id;none\r\n", Hides::nothing},
                          {"~full\r\n", Hides::both},
                          {"~\"full\"\r\n", Hides::both},
                          {"~name\r\n", Hides::name},
                          {"~uri\r\n", Hides::number},
                          {"~off\r\n", Hides::nothing},
                          {"~everything\r\n", Hides::nothing},
                          {"~name\r\n~uri\r\n", Hides::both},
                          {"Privacy: none\r\n~full\r\n", Hides::nothing},
                          {"Privacy: session\r\n~name\r\n", Hides::name}};
  for (const Asking& row : kRows) {
    std::string lines = row.lines;
    for (size_t at = lines.find('~'); at != std::string::npos; at = lines.find('~')) lines.replace(at, 1, rpid);
    for (const char* from : {"<sip:1001@h>", "Anonymous <sip:anonymous@anonymous.invalid>"}) {
      std::string text = std::string(
                             "INVITE sip:2@h SIP/2.0\r\nVia: SIP/2.0/UDP "
                             "10.0.0.1:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: ") +
                         from + ";tag=1\r\nTo: <sip:2@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n" + lines +
                         "Content-Length: 0\r\n\r\n";
      sip::Message m;
      ASSERT_EQ(m.parse({text.data(), text.size()}, sip::Framing::datagram).kind, sip::ParseFault::Kind::none) << text;
      const bool none = lines.find("none") != std::string::npos;
      const bool anonymous = std::string(from).find("invalid") != std::string::npos;
      EXPECT_EQ(asked_privacy(m), anonymous && !none ? Hides::both : row.asked) << text;
    }
  }
}

class Shown : public TwoPhones {
 protected:
  void line(const std::string& number, const config::PresentationsView& p, const std::string& alerting = {}) {
    config::LineView v;
    v.id = w.lines[number];
    v.number = number;
    v.alerting_name = alerting;
    v.presentations = p;
    w.builder.put(v);
    w.publish();
  }
  // alice's or bob's phone again, with other switches.
  void phone(int host, bool trusted, bool ignores, const std::string& mask = {}) {
    config::PhoneView p = *w.snapshot->phone(host);
    p.trusted = trusted, p.ignores_presentation = ignores;
    p.lines.at(0).external_mask = mask;
    w.builder.put(p, 1, 1);
    w.publish();
  }
  // alice calls bob, who turns it down.
  GotPtr call(const std::string& extra = {}) {
    alice.invite("1002", kOffer, extra);
    GotPtr i = ring();
    bob.answer(*i, 486);
    w.heard(2);
    alice.ack_failure(*w.heard(1));
    return i;
  }
};

TEST_F(Shown, ARestrictedLineWhateverItsPhoneAsksFor) {
  line("1001", {.calling_line = Presentation::restricted, .calling_name = Presentation::restricted});
  for (const char* asks : {"", "Privacy: none\r\n", "Privacy: id\r\n"}) {
    const GotPtr i = call(asks);
    EXPECT_THAT(i->text, Not(HasSubstr("1001")));
    EXPECT_THAT(i->text, Not(HasSubstr("Name 1")));
    EXPECT_EQ(i->value("From").substr(0, i->value("From").find(';')), std::string("\"Anonymous\" ") + kHidden);
    EXPECT_THAT(i->value("Contact"), HasSubstr("<sip:anonymous@192.0.2.1>"));
    EXPECT_THAT(i->value("Remote-Party-ID"), HasSubstr(";privacy=full;"));
    EXPECT_EQ(i->value("Privacy"), "id");
  }
  EXPECT_EQ(w.cdrs.at(0).calling_number, "1001") << "the records know";
  EXPECT_EQ(w.cdrs.at(0).calling_name, "Name 1");
}

TEST_F(Shown, AnAllowedLineWhateverItsPhoneAsksFor) {
  line("1001", {.calling_line = Presentation::allowed, .calling_name = Presentation::allowed});
  EXPECT_THAT(call("Privacy: id\r\n")->value("From"), HasSubstr("\"Name 1\" <sip:1001@192.0.2.1>"));
}

TEST_F(Shown, NameOrNumberAlone) {
  line("1001", {.calling_name = Presentation::restricted});
  GotPtr i = call();
  EXPECT_THAT(i->value("From"), HasSubstr("\"Anonymous\" <sip:1001@"));
  EXPECT_THAT(i->value("P-Asserted-Identity"), HasSubstr("<sip:1001@"));
  EXPECT_THAT(i->text, Not(HasSubstr("Name 1")));
  line("1001", {.calling_line = Presentation::restricted});
  i = call();
  EXPECT_THAT(i->value("From"), HasSubstr(std::string("\"Name 1\" ") + kHidden));
  EXPECT_THAT(i->text, Not(HasSubstr("1001")));
}

// The phone asks in what it answers (RFC 3323 §4.2 knows no difference); each response of it counts.
TEST_F(Shown, TheConnectedPartyIsWithheld) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 180, "Privacy: id\r\n");
  const GotPtr ringing = w.heard(1);
  EXPECT_THAT(ringing->value("Remote-Party-ID"), HasSubstr(std::string("\"Anonymous\" ") + kHidden + ";party=called"));
  EXPECT_EQ(ringing->value("Privacy"), "id");
  EXPECT_FALSE(ringing->has("P-Asserted-Identity"));
  bob.answer(*i, 200, {}, kAnswer);
  w.heard(2);
  const GotPtr answer = w.heard(1);
  EXPECT_THAT(answer->value("Remote-Party-ID"), HasSubstr(";party=called;id-type=subscriber;privacy=full;screen=yes"));
  EXPECT_FALSE(answer->has("Name 2"));
  alice.take(*answer);
  alice.ack(alice.invite_cseq);
  hang_up();
  EXPECT_EQ(w.cdrs.at(0).called_number, "1002");
}

TEST_F(Shown, TheAlertingNameWhileItRingsTheDisplayAfterwards) {
  line("1002", {}, "The bakery");
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 183);
  EXPECT_THAT(w.heard(1)->value("P-Asserted-Identity"), HasSubstr("\"The bakery\" <sip:1002@"));
  bob.answer(*i, 180);
  EXPECT_THAT(w.heard(1)->value("Remote-Party-ID"), HasSubstr("\"The bakery\" <sip:1002@192.0.2.1>;party=called"));
  bob.answer(*i, 200, {}, kAnswer);
  w.heard(2);
  const GotPtr answer = w.heard(1);
  EXPECT_THAT(answer->value("Remote-Party-ID"), HasSubstr("\"Name 2\" <sip:1002@192.0.2.1>;party=called"));
  alice.take(*answer);
  alice.ack(alice.invite_cseq);
  hang_up();
}

TEST_F(Shown, NothingIsWithheldFromWhoIgnoresIt) {
  phone(2, false, true);
  GotPtr i = call("Privacy: id\r\n");
  EXPECT_THAT(i->value("From"), HasSubstr("\"Name 1\" <sip:1001@"));
  EXPECT_THAT(i->value("Remote-Party-ID"), HasSubstr(";privacy=off;"));
  EXPECT_FALSE(i->has("Privacy:"));
  w.options.callers_from_outside = true;  // on internal calls only
  w.restart();
  EXPECT_THAT(call("Privacy: id\r\n")->text, Not(HasSubstr("1001")));
}

TEST_F(Shown, ATrustedPhoneIsToldAndMarked) {
  phone(2, true, false);
  const GotPtr i = call("Privacy: id\r\n");
  EXPECT_THAT(i->value("From"), HasSubstr(kHidden));
  EXPECT_THAT(i->value("Remote-Party-ID"), HasSubstr("\"Name 1\" <sip:1001@192.0.2.1>;party=calling"));
  EXPECT_THAT(i->value("Remote-Party-ID"), HasSubstr(";privacy=full;"));
  EXPECT_THAT(i->value("P-Asserted-Identity"), HasSubstr("\"Name 1\" <sip:1001@192.0.2.1>"));
  EXPECT_EQ(i->value("Privacy"), "id");
}

constexpr const char* kClaims =
    "P-Asserted-Identity: \"Rome\" <sip:+39066@vatican.example>, <tel:+39-066>\r\n"
    "Remote-Party-ID: \"Pope\" <sip:777@vatican.example>;party=calling;screen=yes;privacy=off\r\n";

TEST_F(Shown, WhatAPhoneSaysOfItselfIsNotBelieved) {
  const GotPtr i = call(kClaims);
  for (const char* claim : {"vatican", "777", "39066", "Rome", "Pope", "pope"}) EXPECT_FALSE(i->has(claim)) << claim;
  EXPECT_EQ(w.cdrs.at(0).calling_number, "1001");
}

TEST_F(Shown, ATrustedPhoneIsBelieved) {
  phone(1, true, false);
  GotPtr i = call(kClaims);
  EXPECT_THAT(i->value("From"), HasSubstr("\"Rome\" <sip:+39066@192.0.2.1>"));
  EXPECT_EQ(w.cdrs.at(0).calling_number, "+39066");
  EXPECT_EQ(w.cdrs.at(0).calling_device, "SEP1");
  i = call("Remote-Party-ID: \"Pope\" <sip:777@vatican.example>;privacy=name\r\n");
  EXPECT_THAT(i->value("From"), HasSubstr("\"Anonymous\" <sip:777@192.0.2.1>"));
  EXPECT_EQ(w.cdrs.at(1).calling_name, "Pope");
  i = call("P-Asserted-Identity: <tel:+39-066>\r\n");
  EXPECT_THAT(i->value("From"), HasSubstr("<sip:+39066@"));
  // What cannot be a number is passed over (RFC 5876 §4.5), and what is too long.
  for (const std::string& bad :
       {std::string("<urn:service:sos>"), std::string("<sip:vatican.example>"), "<sip:" + std::string(129, '7') + "@h>",
        std::string("<sip:%00%01@h>"), std::string("<sip:anonymous@anonymous.invalid>")}) {
    EXPECT_THAT(call("P-Asserted-Identity: " + bad + "\r\n")->value("From"), HasSubstr("\"Name 1\" <sip:1001@")) << bad;
  }
  i = call("P-Asserted-Identity: \"" + std::string(200, 'x') + "\" <sip:5@h>\r\n");
  EXPECT_THAT(i->value("From"), HasSubstr("<sip:5@192.0.2.1>"));
  EXPECT_THAT(i->text, Not(HasSubstr("xxx")));
}

// RFC 5876 §4.1: UPDATE without a description may say that it has become another.
TEST_F(Shown, ATrustedPhoneBecomesAnother) {
  phone(2, true, false);
  talk("Allow: INVITE, UPDATE\r\n", "P-Asserted-Identity: \"Rome\" <sip:39066@vatican.example>\r\n");
  EXPECT_THAT(ok->value("Remote-Party-ID"), HasSubstr("\"Rome\" <sip:39066@192.0.2.1>;party=called"));
  bob.say("UPDATE", "P-Asserted-Identity: \"Avignon\" <sip:33490@vatican.example>\r\n");
  const GotPtr told = w.heard(2);
  EXPECT_EQ(told->status(), 200);
  EXPECT_THAT(told->value("Remote-Party-ID"), HasSubstr("\"Name 1\" <sip:1001@192.0.2.1>;party=called"));
  GotPtr update = w.heard(1);
  ASSERT_TRUE(update->request("UPDATE")) << update->text;
  EXPECT_THAT(update->value("Remote-Party-ID"), HasSubstr("\"Avignon\" <sip:33490@192.0.2.1>;party=calling"));
  EXPECT_EQ(update->body(), "");
  alice.answer(*update, 491);
  EXPECT_TRUE(w.quiet(1));
  for (int i = 0; i < 50 && w.quiet(1); i++) w.pass(milliseconds(100));
  update = w.heard(1);
  ASSERT_TRUE(update->request("UPDATE")) << "again, RFC 3261 14.1";
  alice.answer(*update, 200);
  bob.say("UPDATE", "P-Asserted-Identity: \"Avignon\" <sip:33490@vatican.example>\r\n");
  EXPECT_EQ(w.heard(2)->status(), 200);
  EXPECT_TRUE(w.quiet(1)) << "nothing new";
  hang_up();
}

TEST_F(Shown, SessionPrivacyCannotBeCritical) {
  alice.invite("1002", kOffer, "Privacy: session;critical\r\n");
  const GotPtr refused = w.heard(1);
  EXPECT_EQ(refused->status(), 500);
  EXPECT_THAT(refused->value("Warning"), HasSubstr("session"));
  alice.ack_failure(*refused);
  EXPECT_TRUE(w.quiet(2));
}

TEST_F(Shown, WhatAWithheldCallerHasWrittenStaysBehind) {
  EXPECT_TRUE(call("Subject: from 1001\r\nPriority: urgent\r\n")->has("Subject: from 1001"));
  const GotPtr i = call("Subject: from 1001\r\nPriority: urgent\r\nPrivacy: user\r\n");
  EXPECT_FALSE(i->has("Subject"));
  EXPECT_TRUE(i->has("Priority: urgent"));
}

TEST_F(Shown, TheWorldOutsideSeesNumbersThroughTheMask) {
  phone(1, false, false, "+4930555XXXX");
  phone(2, false, false, "+4940666XXXX");
  EXPECT_THAT(call()->value("From"), HasSubstr("<sip:1001@")) << "not inside";
  w.options.phones_are_outside = true;
  w.restart();
  talk();
  EXPECT_THAT(invite->value("From"), HasSubstr("\"Name 1\" <sip:+49305551001@192.0.2.1>"));
  EXPECT_THAT(invite->value("P-Asserted-Identity"), HasSubstr("<sip:+49305551001@"));
  EXPECT_THAT(invite->value("Contact"), HasSubstr("<sip:+49305551001@"));
  EXPECT_THAT(ok->value("Remote-Party-ID"), HasSubstr("<sip:+49406661002@192.0.2.1>;party=called"));
  hang_up();
  EXPECT_EQ(w.cdrs.at(1).calling_number, "1001");
}

TEST_F(Shown, AForwardToTheWorldOutsideGoesThroughTheMask) {
  w.phone(3, "1003");
  phone(2, false, false, "+4940666XXXX");
  config::LineView v = *w.snapshot->line(w.lines["1002"]);
  config::ForwardsView f;
  f.all = {"1003", "1003", 0};
  v.forwards = std::make_shared<const config::ForwardsView>(f);
  w.builder.put(v);
  w.publish();
  w.options.phones_are_outside = true;
  w.restart();
  alice.invite("1002", kOffer);
  const GotPtr i = w.heard(3);
  EXPECT_THAT(i->value("Diversion"), HasSubstr("<sip:+49406661002@192.0.2.1>;reason=unconditional;privacy=off"));
  EXPECT_THAT(i->value("History-Info"), HasSubstr("<sip:+49406661002@"));
  Side carol{w, 3, "1003"};
  carol.take_invite(*i);
  carol.answer(*i, 486);
  w.heard(3);
  alice.ack_failure(*w.heard(1));
}

TEST_F(Shown, AWithheldForwarderIsNotNamed) {
  w.phone(3, "1003");
  for (const bool trusted : {false, true}) {
    line("1002", {.connected_line = Presentation::restricted, .connected_name = Presentation::restricted}, "Secret");
    config::LineView v = *w.snapshot->line(w.lines["1002"]);
    config::ForwardsView f;
    f.all = {"1003", "1003", 0};
    v.forwards = std::make_shared<const config::ForwardsView>(f);
    w.builder.put(v);
    w.publish();
    phone(3, trusted, false);
    alice.invite("1002", kOffer);
    const GotPtr i = w.heard(3);
    EXPECT_THAT(i->value("Diversion"), HasSubstr(trusted ? "\"Secret\" <sip:1002@" : kHidden));
    EXPECT_THAT(i->value("Diversion"), HasSubstr(";privacy=full;"));
    EXPECT_THAT(i->value("History-Info"),
                HasSubstr(trusted ? "<sip:1002@192.0.2.1?Privacy=history>;index=1" : kHidden));
    EXPECT_EQ(i->has("1002"), trusted) << i->text;
    Side carol{w, 3, "1003"};
    carol.take_invite(*i);
    carol.answer(*i, 486);
    w.heard(3);
    alice.ack_failure(*w.heard(1));
  }
}

TEST_F(Shown, WhatIsWithheldOutlivesTheServer) {
  line("1002", {.connected_name = Presentation::restricted});
  talk("Privacy: id\r\n");
  w.restart();
  ASSERT_TRUE(w.restore_all());
  alice.say("INVITE", {}, kHeld);
  GotPtr i = w.heard(2);
  ASSERT_TRUE(i->request("INVITE"));
  EXPECT_THAT(i->value("Remote-Party-ID"), HasSubstr(";party=calling;id-type=subscriber;privacy=full"));
  EXPECT_FALSE(i->has("P-Asserted-Identity"));
  bob.answer(*i, 200, {}, kAnswer);
  w.heard(2);
  const GotPtr held = w.heard(1);
  EXPECT_EQ(held->status(), 200);
  EXPECT_THAT(held->value("Remote-Party-ID"), HasSubstr("\"Anonymous\" <sip:1002@192.0.2.1>;party=called"));
  alice.ack(alice.cseq);
  hang_up();
}

}  // namespace
}  // namespace carillon::call::test
