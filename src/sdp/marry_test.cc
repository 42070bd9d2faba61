// Two offers married: what each of the two is answered.

#include "sdp/marry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace carillon::sdp {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Couple {
  const char* name;
  const char* first;   // media lines of the caller's offer
  const char* second;  // of the phone's
  bool audio_only;
  const char* to_first;  // media lines of the answers; "" for both: nothing to share
  const char* to_second;
};

std::string description(const char* who, const char* media) {
  return std::string("v=0\r\no=") + who + " 1 1 IN IP4 192.0.2.1\r\ns=x\r\nc=IN IP4 " + who + "\r\nt=0 0\r\n" + media;
}

constexpr const char* kFirst = "198.51.100.1";
constexpr const char* kSecond = "198.51.100.2";

constexpr Couple kCouples[] = {
    {"same codec", "m=audio 10 RTP/AVP 0\r\n", "m=audio 20 RTP/AVP 0\r\n", false,
     "m=audio 20 RTP/AVP 0\r\na=sendrecv\r\n", "m=audio 10 RTP/AVP 0\r\na=sendrecv\r\n"},
    {"order of the first, numbers of the receiver",
     "m=audio 10 RTP/AVP 96 8 0\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n",
     "m=audio 20 RTP/AVP 0 8 111 9\r\na=rtpmap:9 G722/8000\r\na=rtpmap:111 OPUS/48000/2\r\n", false,
     "m=audio 20 RTP/AVP 111 8 0\r\na=rtpmap:111 OPUS/48000/2\r\na=sendrecv\r\n",
     "m=audio 10 RTP/AVP 96 8 0\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\na=sendrecv\r\n"},
    {"tones keep their numbers", "m=audio 10 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
     "m=audio 20 RTP/AVP 0 97\r\na=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-15\r\n", false,
     "m=audio 20 RTP/AVP 0 97\r\na=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-15\r\na=sendrecv\r\n",
     "m=audio 10 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"},
    {"nothing in common", "m=audio 10 RTP/AVP 0\r\n", "m=audio 20 RTP/AVP 8\r\n", false, "", ""},
    {"tones alone are nothing", "m=audio 10 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
     "m=audio 20 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n", false, "", ""},
    {"clock rates differ", "m=audio 10 RTP/AVP 96\r\na=rtpmap:96 speex/8000\r\n",
     "m=audio 20 RTP/AVP 96\r\na=rtpmap:96 speex/16000\r\n", false, "", ""},
    {"static number and rtpmap are one", "m=audio 10 RTP/AVP 18\r\n",
     "m=audio 20 RTP/AVP 98\r\na=rtpmap:98 G729/8000/1\r\n", false,
     "m=audio 20 RTP/AVP 98\r\na=rtpmap:98 G729/8000/1\r\na=sendrecv\r\n", "m=audio 10 RTP/AVP 18\r\na=sendrecv\r\n"},
    {"one holds", "m=audio 10 RTP/AVP 0\r\na=sendonly\r\n", "m=audio 20 RTP/AVP 0\r\na=sendrecv\r\n", false,
     "m=audio 20 RTP/AVP 0\r\na=recvonly\r\n", "m=audio 10 RTP/AVP 0\r\na=sendonly\r\n"},
    {"both hold", "m=audio 10 RTP/AVP 0\r\na=sendonly\r\n", "m=audio 20 RTP/AVP 0\r\na=sendonly\r\n", false,
     "m=audio 20 RTP/AVP 0\r\na=inactive\r\n", "m=audio 10 RTP/AVP 0\r\na=inactive\r\n"},
    {"video of one side only", "m=audio 10 RTP/AVP 0\r\nm=video 12 RTP/AVP 31\r\n", "m=audio 20 RTP/AVP 0\r\n", false,
     "m=audio 20 RTP/AVP 0\r\na=sendrecv\r\nm=video 0 RTP/AVP 31\r\n", "m=audio 10 RTP/AVP 0\r\na=sendrecv\r\n"},
    {"video refused by policy", "m=audio 10 RTP/AVP 0\r\nm=video 12 RTP/AVP 31\r\n",
     "m=video 22 RTP/AVP 31\r\nm=audio 20 RTP/AVP 0\r\n", true,
     "m=audio 20 RTP/AVP 0\r\na=sendrecv\r\nm=video 0 RTP/AVP 31\r\n",
     "m=video 0 RTP/AVP 31\r\nm=audio 10 RTP/AVP 0\r\na=sendrecv\r\n"},
    {"other order: the first pair decides",
     "m=audio 10 RTP/AVP 0\r\nm=video 12 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\n",
     "m=video 22 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\nm=audio 20 RTP/AVP 0\r\n", false,
     "m=audio 20 RTP/AVP 0\r\na=sendrecv\r\nm=video 0 RTP/AVP 31\r\n",
     "m=video 0 RTP/AVP 31\r\nm=audio 10 RTP/AVP 0\r\na=sendrecv\r\n"},
    {"a line that was dead stays dead", "m=audio 0 RTP/AVP 0\r\nm=audio 10 RTP/AVP 0\r\n", "m=audio 20 RTP/AVP 0\r\n",
     false, "m=audio 0 RTP/AVP 0\r\nm=audio 20 RTP/AVP 0\r\na=sendrecv\r\n", "m=audio 10 RTP/AVP 0\r\na=sendrecv\r\n"},
    {"protocols differ", "m=audio 10 RTP/AVP 0\r\n", "m=audio 20 RTP/SAVP 0\r\n", false, "", ""},
    {"keys of the line are not ours", "m=audio 10 RTP/SAVP 0\r\na=crypto:1 AES inline:a\r\n",
     "m=audio 20 RTP/SAVP 0\r\na=crypto:1 AES inline:b\r\n", false, "", ""},
    {"one of two begins", "m=audio 10 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\n",
     "m=audio 20 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\n", false,
     "m=audio 20 UDP/TLS/RTP/SAVP 0\r\na=setup:active\r\na=sendrecv\r\n",
     "m=audio 10 UDP/TLS/RTP/SAVP 0\r\na=setup:passive\r\na=sendrecv\r\n"},
    {"no RTP", "m=image 10 udptl t38\r\na=T38FaxVersion:0\r\n", "m=image 20 udptl t38\r\n", false,
     "m=image 20 udptl t38\r\n", "m=image 10 udptl t38\r\na=T38FaxVersion:0\r\n"},
};

std::string media_of(const std::string& text) { return text.substr(std::min(text.find("m="), text.size())); }

class Marriage : public testing::TestWithParam<Couple> {};

TEST_P(Marriage, AnswersBoth) {
  const Couple& c = GetParam();
  const std::string one = description(kFirst, c.first), two = description(kSecond, c.second);
  Session first, second;
  ASSERT_EQ(first.parse(one), Session::Fault::none);
  ASSERT_EQ(second.parse(two), Session::Fault::none);
  RelayOptions options;
  options.policy.no_video = c.audio_only;
  const auto pairs = marry(first, second, options.policy);
  ASSERT_EQ(pairs.empty(), *c.to_first == '\0');
  if (pairs.empty()) return;
  LineMap first_map, second_map;
  OurOrigin first_origin{.id = 7, .version = 0, .shown = 0, .address = "192.0.2.99"}, second_origin = first_origin;
  std::string to_first, to_second;
  append_answer(to_first, first, second, pairs, Spouse::first, first_map, first_origin);
  append_answer(to_second, first, second, pairs, Spouse::second, second_map, second_origin);
  EXPECT_EQ(media_of(to_first), c.to_first);
  EXPECT_EQ(media_of(to_second), c.to_second);
  // Each hears the address of the other, and nothing else of it.
  EXPECT_THAT(to_first, HasSubstr("o=- 7 1 IN IP4 192.0.2.99\r\ns=-\r\nc=IN IP4 198.51.100.2\r\nt=0 0\r\n"));
  EXPECT_THAT(to_second, HasSubstr("o=- 7 1 IN IP4 192.0.2.99\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"));
  // Answers have as many lines as their offers (RFC 3264 §6), and later offers are relayed over the same maps.
  Session answer;
  ASSERT_EQ(answer.parse(to_first), Session::Fault::none);
  EXPECT_EQ(answer.size(), first.size());
  std::string later;
  ASSERT_TRUE(relay(first, first_map, second_map, options, second_origin, later));
  ASSERT_EQ(answer.parse(later), Session::Fault::none);
  EXPECT_EQ(answer.size(), second.size());
}

INSTANTIATE_TEST_SUITE_P(Every, Marriage, testing::ValuesIn(kCouples), [](const auto& info) {
  std::string name;
  for (const char* c = info.param.name; *c != '\0'; c++)
    name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
  return name;
});

// Each number is that of its reader; what is said of it goes with it.
TEST(Marriage, PayloadNumbersAreThoseOfTheReceiver) {
  const std::string one = description(kFirst,
                                      "m=audio 10 RTP/AVP 96 0 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 "
                                      "telephone-event/8000\r\na=fmtp:101 0-16\r\n"
                                      "m=video 12 RTP/AVP 97 98 99 100\r\na=rtpmap:97 H264/90000\r\n"
                                      "a=fmtp:97 profile-level-id=42e01f;packetization-mode=0\r\na=rtpmap:98 "
                                      "H264/90000\r\na=fmtp:98 profile-level-id=42e01f;packetization-mode=1\r\n"
                                      "a=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\na=rtpmap:100 VP8/90000\r\n");
  const std::string two = description(kSecond,
                                      "m=audio 20 RTP/AVP 0 97 96\r\na=rtpmap:96 telephone-event/8000\r\n"
                                      "a=fmtp:96 0-15\r\na=rtpmap:97 opus/48000/2\r\n"
                                      "m=video 22 RTP/AVP 110 111\r\na=rtpmap:110 rtx/90000\r\na=fmtp:110 apt=111\r\n"
                                      "a=rtpmap:111 H264/90000\r\na=rtcp-fb:111 nack pli\r\n"
                                      "a=fmtp:111 packetization-mode=1;profile-level-id=42e00c\r\n");
  Session first, second;
  ASSERT_EQ(first.parse(one), Session::Fault::none);
  ASSERT_EQ(second.parse(two), Session::Fault::none);
  const auto pairs = marry(first, second, {});
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].first_formats, "96 0 101");
  EXPECT_EQ(pairs[0].second_formats, "97 0 96");
  EXPECT_EQ(pairs[1].first_formats, "98 99");
  EXPECT_EQ(pairs[1].second_formats, "111 110");
  LineMap map;
  OurOrigin origin{.id = 7, .version = 0, .shown = 0, .address = "192.0.2.99"};
  std::string out;
  append_answer(out, first, second, pairs, Spouse::first, map, origin);
  EXPECT_THAT(out, HasSubstr("m=audio 20 RTP/AVP 97 0 96\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\n"
                             "a=rtpmap:97 opus/48000/2\r\n"));
  EXPECT_THAT(out, HasSubstr("m=video 22 RTP/AVP 111 110\r\na=rtpmap:110 rtx/90000\r\na=fmtp:110 apt=111\r\n"));
  EXPECT_THAT(out, HasSubstr("a=rtcp-fb:111 nack pli\r\n"));
}

TEST(Marriage, ThePolicyOrdersAndLimits) {
  const std::string one = description(kFirst, "m=audio 10 RTP/AVP 0 18 8 3\r\n");
  const std::string two = description(kSecond, "m=audio 20 RTP/AVP 8 3 0 18\r\n");
  Session first, second;
  ASSERT_EQ(first.parse(one), Session::Fault::none);
  ASSERT_EQ(second.parse(two), Session::Fault::none);
  const std::vector<std::string> preference{"GSM"};
  Policy policy;
  policy.audio_kbit = 16;
  policy.preference = preference;
  ASSERT_EQ(marry(first, second, policy).size(), 1u);
  EXPECT_EQ(marry(first, second, policy)[0].first_formats, "3 18");
  policy.audio_kbit = 6;
  EXPECT_TRUE(marry(first, second, policy).empty());
}

TEST(Marriage, GroupsOfLinesThatAreGoneAreLeftOut) {
  const std::string one = description(kFirst, "m=audio 10 RTP/AVP 0\r\n");
  const std::string two =
      description(kSecond, "a=group:BUNDLE a v\r\nm=audio 20 RTP/AVP 0\r\nm=video 22 RTP/AVP 31\r\n");
  Session first, second;
  ASSERT_EQ(first.parse(one), Session::Fault::none);
  ASSERT_EQ(second.parse(two), Session::Fault::none);
  const auto pairs = marry(first, second, {});
  LineMap map;
  OurOrigin origin{.id = 7, .version = 0, .shown = 0, .address = "192.0.2.99"};
  std::string out;
  append_answer(out, first, second, pairs, Spouse::first, map, origin);
  EXPECT_THAT(out, Not(HasSubstr("a=group")));
}

}  // namespace
}  // namespace carillon::sdp
