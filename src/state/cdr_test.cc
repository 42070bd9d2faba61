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
  c.global = 77, c.calling_leg = 11, c.called_leg = 0x7fffffff, c.called_status = 486;
  c.calling_partition = 5, c.hunt_partition = -7, c.called_user = "bob", c.hunt_pilot = "2000", c.video_codec = "H264";
  c.original = {"1003", 9, RedirectReason::forward_all, OnBehalfOf::forward};
  c.last = {"1004", 0, RedirectReason::forward_unregistered, OnBehalfOf::forward};
  c.joined_by = OnBehalfOf::transfer, c.ended_for = OnBehalfOf::directed_park, c.split = true;
  c.sip_code = 200, c.cause = 16;
  c.disposition = Cdr::Disposition::answered, c.ended_by = Cdr::EndedBy::callee, c.verified = c.withheld = true;
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
  EXPECT_TRUE(back->split);
  EXPECT_TRUE(back->withheld);
  EXPECT_EQ(back->global, 77u);
  EXPECT_EQ(back->called_status, 486);
  EXPECT_EQ(back->last.reason, RedirectReason::forward_unregistered);
  EXPECT_EQ(back->original.partition, 9);
  EXPECT_EQ(back->hunt_partition, -7);
  EXPECT_EQ(back->joined_by, OnBehalfOf::transfer);
  EXPECT_EQ(back->hunt_pilot, "2000");
  EXPECT_EQ(back->to_blob(), c.to_blob());
}

TEST(Cdr, EveryCutAndEveryAdditionIsRefused) {
  const std::string blob = sample().to_blob();
  for (size_t n = 0; n < blob.size(); n++) EXPECT_FALSE(Cdr::from_blob(blob.substr(0, n))) << n;
  EXPECT_FALSE(Cdr::from_blob(blob + "x"));
}

TEST(Cdr, ForeignVersionsAndEnumerationsAreRefused) {
  const auto with = [](size_t at, char value) {
    std::string blob = sample().to_blob();
    blob[at] = value;
    return Cdr::from_blob(blob);
  };
  constexpr size_t kCodes = 1 + 8 + 8 + 32 + 12 + 8;
  EXPECT_FALSE(with(0, 9));
  EXPECT_TRUE(with(kCodes, 5));
  EXPECT_FALSE(with(kCodes, 6));                       // disposition
  EXPECT_FALSE(with(kCodes + 1, 3));                   // ended by
  EXPECT_FALSE(with(kCodes + 2, 8));                   // a flag that there is not
  EXPECT_FALSE(with(kCodes + 3, 11));                  // a feature that there is not
  EXPECT_FALSE(with(kCodes + 5 + 24 + 6 + 8, 3));      // a redirect reason that there is not
  EXPECT_FALSE(with(kCodes + 5 + 24 + 6 + 8 + 2, 7));  // on behalf of whom
}

TEST(Cdr, EveryCodeHasAName) {
  EXPECT_EQ(text_of(OnBehalfOf::nobody), "");
  EXPECT_EQ(text_of(OnBehalfOf::directed_park), "directed-park");
  EXPECT_EQ(text_of(RedirectReason::none), "");
  EXPECT_EQ(text_of(RedirectReason::redirection), "redirection");
  EXPECT_EQ(text_of(static_cast<RedirectReason>(3)), "");
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
