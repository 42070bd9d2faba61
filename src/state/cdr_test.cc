#include "state/cdr.h"

#include <gtest/gtest.h>

namespace carillon::state {
namespace {

Cdr sample() {
  Cdr c;
  c.id = 0x1234567890abcdefull;
  c.start = {1000}, c.ringing = {2000}, c.answer = {3000}, c.end = {4000};
  c.calling_number = "1001", c.calling_name = "Zoë", c.calling_device = "SEP000000000001", c.calling_user = "alice";
  c.dialled = "1002", c.called_number = "1002", c.called_device = "SEP000000000002";
  c.calling_call_id = "a@b", c.called_call_id = "c@d";
  c.calling_address = "127.0.0.1:5070", c.called_address = "[::1]:5080";
  c.calling_media = "127.0.0.1:4000", c.called_media = "127.0.0.1:4002", c.codec = "PCMU";
  c.sip_code = 200, c.cause = 16;
  c.disposition = Cdr::Disposition::answered, c.ended_by = Cdr::EndedBy::callee, c.verified = true;
  return c;
}

TEST(Cdr, ComesBackFromItsRecord) {
  const Cdr c = sample();
  const auto back = Cdr::from_blob(c.to_blob());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->id, c.id);
  EXPECT_EQ(back->ringing.us, 2000);
  EXPECT_EQ(back->calling_name, "Zoë");
  EXPECT_EQ(back->codec, "PCMU");
  EXPECT_EQ(back->cause, 16);
  EXPECT_EQ(back->ended_by, Cdr::EndedBy::callee);
  EXPECT_TRUE(back->verified);
  EXPECT_EQ(back->to_blob(), c.to_blob());
}

TEST(Cdr, EveryCutAndEveryAdditionIsRefused) {
  const std::string blob = sample().to_blob();
  for (size_t n = 0; n < blob.size(); n++) EXPECT_FALSE(Cdr::from_blob(blob.substr(0, n))) << n;
  EXPECT_FALSE(Cdr::from_blob(blob + "x"));
}

TEST(Cdr, ForeignVersionsAndEnumerationsAreRefused) {
  std::string blob = sample().to_blob();
  blob[0] = 9;
  EXPECT_FALSE(Cdr::from_blob(blob));
  blob = sample().to_blob();
  blob[1 + 8 + 8 + 32 + 8] = 77;  // disposition
  EXPECT_FALSE(Cdr::from_blob(blob));
}

TEST(Cdr, LongTextsAreCut) {
  Cdr c = sample();
  c.calling_name.assign(100'000, 'x');
  const auto back = Cdr::from_blob(c.to_blob());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->calling_name.size(), 4096u);
  EXPECT_EQ(back->codec, "PCMU");
}

}  // namespace
}  // namespace carillon::state
