// What watchers are sent, to the letter; and what is understood of what phones publish.

#include "lines/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace carillon::lines {
namespace {

using testing::HasSubstr;
using testing::Not;

const Entity kBob{"1002", "pbx.example"};

call::LineLeg leg(const std::string& id, call::LineLeg::State state) {
  call::LineLeg l;
  l.id = id, l.our_tag = id, l.call_id = "call-" + id, l.phone_tag = "theirs";
  l.state = state;
  l.number = "1001", l.name = "Alice \"<&> Liddell";
  return l;
}

std::string dialogs(uint32_t version, const std::vector<call::LineLeg>& legs, const std::vector<call::LineLeg>& gone) {
  std::vector<const call::LineLeg*> all;
  for (const auto& l : legs) all.push_back(&l);
  std::string text;
  append_dialog_info_head(text, kBob, version);
  append_dialogs(text, kBob, all, gone);
  return text;
}

TEST(MessageSummary, AsRfc3842Section52Says) {
  std::string text;
  append_message_summary(text, kBob, {true, true, 2, 8, 0, 2});
  EXPECT_EQ(text, "Messages-Waiting: yes\r\nMessage-Account: sip:1002@pbx.example\r\nVoice-Message: 2/8 (0/2)\r\n");
  text.clear();
  append_message_summary(text, kBob, {});
  EXPECT_EQ(text, "Messages-Waiting: no\r\nMessage-Account: sip:1002@pbx.example\r\nVoice-Message: 0/0 (0/0)\r\n");
  text.clear();
  append_message_summary(text, kBob, {.waiting = true});  // a lamp without counts
  EXPECT_EQ(text, "Messages-Waiting: yes\r\nMessage-Account: sip:1002@pbx.example\r\n");
}

TEST(DialogInfo, IsFullStateThatAnXmlReaderUnderstands) {
  auto talking = leg("a", call::LineLeg::State::confirmed);
  talking.holds = true;
  const auto text = dialogs(7, {talking, leg("b", call::LineLeg::State::early)}, {leg("c", {})});
  pugi::xml_document d;
  ASSERT_TRUE(d.load_buffer(text.data(), text.size())) << text;
  const auto root = d.document_element();
  EXPECT_STREQ(root.name(), "dialog-info");
  EXPECT_STREQ(root.attribute("xmlns").value(), "urn:ietf:params:xml:ns:dialog-info");
  EXPECT_STREQ(root.attribute("version").value(), "7");
  EXPECT_STREQ(root.attribute("state").value(), "full");
  EXPECT_STREQ(root.attribute("entity").value(), "sip:1002@pbx.example");
  const auto gone = root.first_child(), first = gone.next_sibling(), second = first.next_sibling();
  EXPECT_STREQ(gone.child("state").child_value(), "terminated");
  EXPECT_STREQ(first.child("state").child_value(), "confirmed");
  EXPECT_STREQ(first.attribute("call-id").value(), "call-a");
  EXPECT_STREQ(first.attribute("local-tag").value(), "theirs");
  EXPECT_STREQ(first.attribute("remote-tag").value(), "a");
  EXPECT_STREQ(first.attribute("direction").value(), "recipient");
  EXPECT_STREQ(first.child("remote").child("identity").attribute("display").value(), "Alice \"<&> Liddell");
  EXPECT_STREQ(first.child("remote").child("identity").child_value(), "sip:1001@pbx.example");
  const auto param = first.child("local").child("target").child("param");
  EXPECT_STREQ(param.attribute("pname").value(), "+sip.rendering");
  EXPECT_STREQ(param.attribute("pval").value(), "no");
  EXPECT_STREQ(second.child("state").child_value(), "early");
  EXPECT_FALSE(second.child("local").child("target").child("param"));
  EXPECT_FALSE(second.next_sibling());
}

TEST(DialogInfo, WhoeverIsWithheldStaysSo) {
  auto l = leg("a", call::LineLeg::State::early);
  l.number.clear(), l.name.clear();
  const auto text = dialogs(0, {l}, {});
  EXPECT_THAT(text, HasSubstr("sip:anonymous@anonymous.invalid"));
  EXPECT_THAT(text, Not(HasSubstr("1001")));
}

TEST(Presence, WrittenAndReadAgain) {
  Presence p;
  p.open = true, p.note = "Out <to> lunch & back", p.activities = {"meal", "on-the-phone"};
  std::string text;
  append_presence(text, kBob, p);
  const auto back = read_pidf(text);
  ASSERT_TRUE(back) << text;
  EXPECT_EQ(back->open, true);
  EXPECT_EQ(back->note, p.note);
  EXPECT_EQ(back->activities, p.activities);
}

TEST(Pidf, OfOtherMakers) {
  const auto p = read_pidf(
      "<?xml version='1.0'?><impp:presence xmlns:impp='urn:ietf:params:xml:ns:pidf' "
      "xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' entity='pres:a@b'><impp:tuple id='x'><impp:status><impp:basic> "
      "closed "
      "</impp:basic></impp:status></impp:tuple><dm:person xmlns:dm='u'><r:activities><r:busy/><r:busy/><r:nonsense/>"
      "</r:activities><dm:note>Gone</dm:note></dm:person></impp:presence>");
  ASSERT_TRUE(p);
  EXPECT_EQ(p->open, false);
  EXPECT_EQ(p->note, "Gone");
  EXPECT_EQ(p->activities, std::vector<std::string>{"busy"});
}

TEST(Pidf, WhatIsNoneOrSaysNothing) {
  EXPECT_FALSE(read_pidf(""));
  EXPECT_FALSE(read_pidf("open"));
  EXPECT_FALSE(read_pidf("<presence><tuple></presence>"));
  EXPECT_FALSE(read_pidf("<dialog-info/>"));
  const auto empty = read_pidf("<presence/>");
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->open.has_value());
}

TEST(Pidf, NothingOfTheSendersBecomesMarkupOrGrowsWithoutBound) {
  std::string deep = "<presence>";
  for (int i = 0; i < 4000; i++) deep += "<a>";
  EXPECT_FALSE(read_pidf(deep));
  const auto laughs = read_pidf(
      "<!DOCTYPE p [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><presence><tuple><status><basic>open</basic>"
      "</status><note>&b;&lt;x/&gt;</note></tuple></presence>");
  ASSERT_TRUE(laughs);
  EXPECT_EQ(laughs->note, "&b;<x/>");  // not expanded
  std::string text;
  append_presence(text, kBob, {true, laughs->note, {}});
  EXPECT_THAT(text, HasSubstr("&amp;b;&lt;x/&gt;"));
  const auto wordy = read_pidf("<presence><note>" + std::string(127, 'x') + "äöü</note></presence>");
  ASSERT_TRUE(wordy);
  EXPECT_EQ(wordy->note, std::string(127, 'x'));
}

}  // namespace
}  // namespace carillon::lines
