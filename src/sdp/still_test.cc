// Descriptions in which nothing flows.
#include "sdp/still.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace carillon::sdp {
namespace {

using testing::HasSubstr;
using testing::Not;

OurOrigin ours(View address = "192.0.2.99") { return {.id = 77, .version = 0, .shown = 0, .address = address}; }

std::string answer(std::string_view offer, OurOrigin& origin) {
  Session s;
  EXPECT_EQ(s.parse(offer), Session::Fault::none);
  std::string out;
  append_still_answer(out, s, origin);
  Session again;
  EXPECT_EQ(again.parse(out), Session::Fault::none) << out;
  EXPECT_EQ(again.size(), s.size());
  return out;
}

constexpr const char* kOffer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    "a=ptime:20\r\na=sendrecv\r\n"
    "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 4004 RTP/SAVP 0\r\nm=audio 0 RTP/AVP 8\r\n";

// RFC 3264 §6: as many lines as the offer, in its order; what is not taken has port 0.
TEST(Still, AnswersPlainAudioInactiveAndRefusesTheRest) {
  OurOrigin origin = ours();
  const std::string text = answer(kOffer, origin);
  EXPECT_THAT(text, HasSubstr("c=IN IP4 192.0.2.99\r\n"));
  EXPECT_THAT(text, HasSubstr("m=audio 9 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
                              "a=fmtp:101 0-15\r\na=inactive\r\nm=video 0 RTP/AVP 96\r\nm=audio 0 RTP/SAVP 0\r\n"
                              "m=audio 0 RTP/AVP 8\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("ptime")));
  Session s;
  ASSERT_EQ(s.parse(text), Session::Fault::none);
  EXPECT_EQ(hold_of(s), Hold::inactive);
}

// RFC 3264 §8: the version rises only with a change.
TEST(Still, TheOriginIsOurs) {
  OurOrigin origin = ours("2001:db8::9");
  const std::string first = answer(kOffer, origin);
  EXPECT_THAT(first, HasSubstr("o=- 77 1 IN IP6 2001:db8::9\r\n"));
  EXPECT_THAT(first, HasSubstr("c=IN IP6 2001:db8::9\r\n"));
  EXPECT_EQ(answer(kOffer, origin), first);
}

TEST(Still, NothingToTake) {
  OurOrigin origin = ours();
  EXPECT_THAT(answer("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n", origin),
              Not(HasSubstr("m=")));
}

TEST(Still, OffersG711) {
  OurOrigin origin = ours();
  std::string text;
  append_still_offer(text, origin);
  Session s;
  ASSERT_EQ(s.parse(text), Session::Fault::none);
  ASSERT_EQ(s.size(), 1u);
  EXPECT_EQ(s.media(0).formats, "0 8");
  EXPECT_EQ(hold_of(s), Hold::inactive);
}

}  // namespace
}  // namespace carillon::sdp
