#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sdp/codec.h"
#include "sdp/fit.h"
#include "sdp/relay.h"
#include "sdp/session_reader.h"

namespace carillon::sdp {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kVideoOffer =
    "v=0\r\no=alice 53655765 2353687637 IN IP4 10.1.2.3\r\ns=private title\r\ni=info\r\nu=http://example.com\r\n"
    "e=a@b.example\r\np=+1 2\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE a v\r\n"
    "m=audio 4000 RTP/AVP 0 8 101\r\ni=label\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=sendrecv\r\nm=video 4002 RTP/AVP 96 97\r\na=rtpmap:96 H264/90000\r\n";
constexpr const char* kAudio =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 8\r\n"
    "a=rtpmap:8 PCMA/8000\r\n";

RelayOptions with(bool no_video) {
  RelayOptions options;
  options.policy.no_video = no_video;
  return options;
}

OurOrigin ours() { return {.id = 77, .version = 0, .shown = 0, .address = "192.0.2.99"}; }

std::string shown(const char* text, LineMap& from, const LineMap& to, bool audio_only, OurOrigin& origin) {
  Session s;
  EXPECT_EQ(s.parse(text), Session::Fault::none);
  std::string out;
  relay(s, from, to, with(audio_only), origin, out);
  return out;
}

TEST(Session, ReadsWhatItIsGiven) {
  Session s;
  ASSERT_EQ(s.parse(kVideoOffer), Session::Fault::none);
  EXPECT_EQ(s.origin().username, "alice");
  EXPECT_EQ(s.origin().version, "2353687637");
  EXPECT_EQ(s.connection(), "IN IP4 192.0.2.1");
  ASSERT_EQ(s.size(), 2u);
  EXPECT_EQ(s.media(0).port, 4000);
  EXPECT_EQ(s.media(0).formats, "0 8 101");
  EXPECT_EQ(s.media(1).type, "video");
  EXPECT_EQ(encoding_of(s.media(1), "96"), "H264");
  EXPECT_EQ(encoding_of(s.media(0), "8"), "PCMA");
  EXPECT_EQ(encoding_of(s.media(0), "55"), "");
}

TEST(Session, TakesBareLineEndsAndUnknownLines) {
  Session s;
  ASSERT_EQ(
      s.parse(
          "v=0\no=- 1 1 IN IP4 1.2.3.4\ns=-\nx=odd\nc=IN IP4 1.2.3.4\nt=0 0\nm=audio 9 RTP/AVP 0\nz=odd\na=inactive"),
      Session::Fault::none);
  EXPECT_EQ(hold_of(s), Hold::inactive);
  OurOrigin origin = ours();
  LineMap from, to;
  std::string out;
  ASSERT_TRUE(relay(s, from, to, {}, origin, out));
  EXPECT_EQ(out,
            "v=0\r\no=- 77 1 IN IP4 192.0.2.99\r\ns=-\r\nx=odd\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
            "z=odd\r\na=inactive\r\n");
}

TEST(Session, RefusesWhatCannotBeRead) {
  Session s;
  EXPECT_EQ(s.parse(""), Session::Fault::no_version);
  EXPECT_EQ(s.parse("v=1\r\n"), Session::Fault::no_version);
  EXPECT_EQ(s.parse("v=0\r\ns=-\r\n"), Session::Fault::no_origin);
  EXPECT_EQ(s.parse("v=0\r\no=- 1 1 IN IP4\r\n"), Session::Fault::no_origin);
  EXPECT_EQ(s.parse("hello world\r\n"), Session::Fault::bad_line);
  EXPECT_EQ(s.parse("v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nm=audio 99999 RTP/AVP 0\r\n"), Session::Fault::bad_media);
  EXPECT_EQ(s.parse("v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nm=audio 9 RTP/AVP\r\n"), Session::Fault::bad_media);
  EXPECT_EQ(s.parse(std::string(kMaxSdpBytes + 1, 'a')), Session::Fault::too_long);
  std::string many = "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\n";
  for (size_t i = 0; i <= kMaxMedia; i++) many += "m=audio 9 RTP/AVP 0\r\n";
  EXPECT_EQ(s.parse(many), Session::Fault::too_many_media);
  std::string lines = "v=0\r\n";
  for (size_t i = 0; i <= kMaxSdpLines; i++) lines += "a=x\r\n";
  EXPECT_EQ(s.parse(lines), Session::Fault::too_many_lines);
}

TEST(Hold, HasThreeForms) {
  const std::string base = "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\n";
  const auto hold = [&](const std::string& more) {
    Session s;
    const std::string text = base + more;
    EXPECT_EQ(s.parse(text), Session::Fault::none);
    return hold_of(s);
  };
  EXPECT_EQ(hold("c=IN IP4 1.1.1.1\r\nm=audio 9 RTP/AVP 0\r\n"), Hold::none);
  EXPECT_EQ(hold("c=IN IP4 1.1.1.1\r\na=sendonly\r\nm=audio 9 RTP/AVP 0\r\n"), Hold::sendonly);
  EXPECT_EQ(hold("c=IN IP4 1.1.1.1\r\na=sendonly\r\nm=audio 9 RTP/AVP 0\r\na=sendrecv\r\n"), Hold::none);
  EXPECT_EQ(hold("c=IN IP4 1.1.1.1\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n"), Hold::inactive);
  EXPECT_EQ(hold("c=IN IP4 0.0.0.0\r\nm=audio 9 RTP/AVP 0\r\n"), Hold::zero_address);
  EXPECT_EQ(hold("c=IN IP4 1.1.1.1\r\nm=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n"), Hold::zero_address);
  EXPECT_EQ(hold("c=IN IP4 1.1.1.1\r\nm=audio 0 RTP/AVP 0\r\na=inactive\r\n"), Hold::none);
}

TEST(Relay, HidesTheWriterAndKeepsTheMedia) {
  OurOrigin origin = ours();
  LineMap from, to;
  const std::string out = shown(kVideoOffer, from, to, false, origin);
  EXPECT_EQ(
      out,
      "v=0\r\no=- 77 1 IN IP4 192.0.2.99\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE a v\r\n"
      "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
      "m=video 4002 RTP/AVP 96 97\r\na=rtpmap:96 H264/90000\r\n");
}

TEST(Relay, VersionRisesOnlyWithChange) {
  OurOrigin origin = ours();
  LineMap a, b;
  shown(kAudio, a, b, false, origin);
  shown(kAudio, a, b, false, origin);
  EXPECT_EQ(origin.version, 1u);
  shown(kVideoOffer, a, b, false, origin);
  EXPECT_EQ(origin.version, 2u);
}

TEST(Relay, BasicPhonesGetAudioOnlyAndAnswersCountAlike) {
  OurOrigin to_bob = ours(), to_alice = ours();
  LineMap alice, bob;
  const std::string offer = shown(kVideoOffer, alice, bob, true, to_bob);
  EXPECT_THAT(offer, Not(HasSubstr("m=video")));
  EXPECT_THAT(offer, Not(HasSubstr("a=group")));
  const std::string answer = shown(kAudio, bob, alice, true, to_alice);
  EXPECT_THAT(answer, HasSubstr("m=audio 5000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\nm=video 0 RTP/AVP 96\r\n"));
  // An offer of bob's in the other direction still has alice's refused line; her answer to it loses it again.
  const std::string reoffer = shown(kAudio, bob, alice, true, to_alice);
  EXPECT_EQ(reoffer, answer);
  EXPECT_THAT(shown(kVideoOffer, alice, bob, true, to_bob), Not(HasSubstr("m=video")));
  EXPECT_EQ(to_bob.version, 1u);
}

TEST(Relay, RefusedLineMayStandFirst) {
  LineMap alice, bob;
  OurOrigin to_bob = ours(), to_alice = ours();
  const std::string offer = shown(
      "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nc=IN IP4 1.1.1.1\r\nt=0 0\r\nm=video 9 RTP/AVP 31\r\nm=audio 9 RTP/AVP "
      "0\r\n",
      alice, bob, true, to_bob);
  EXPECT_THAT(offer, HasSubstr("t=0 0\r\nm=audio 9 RTP/AVP 0\r\n"));
  EXPECT_THAT(shown(kAudio, bob, alice, true, to_alice),
              HasSubstr("t=0 0\r\nm=video 0 RTP/AVP 31\r\nm=audio 5000 RTP/AVP 8\r\n"));
}

TEST(Relay, NothingAllowedIsSaid) {
  Session s;
  ASSERT_EQ(s.parse("v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\nm=video 9 RTP/AVP 31\r\n"), Session::Fault::none);
  LineMap a, b;
  OurOrigin origin = ours();
  std::string out;
  EXPECT_FALSE(relay(s, a, b, with(true), origin, out));
  EXPECT_TRUE(out.empty());
}

TEST(Relay, HoldIsWrittenTheOldWayWhereTheProfileWantsIt) {
  Session s;
  ASSERT_EQ(
      s.parse(
          "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nc=IN IP4 1.1.1.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=sendonly\r\n"),
      Session::Fault::none);
  LineMap a, b;
  OurOrigin origin = ours();
  std::string out;
  RelayOptions old;
  old.zero_connection = true;
  ASSERT_TRUE(relay(s, a, b, old, origin, out));
  EXPECT_THAT(out, HasSubstr("c=IN IP4 0.0.0.0\r\n"));
}

TEST(Summary, NamesAddressAndCodec) {
  Session s;
  ASSERT_EQ(s.parse(kAudio), Session::Fault::none);
  EXPECT_EQ(summary_of(s, "audio").address, "192.0.2.2:5000");
  EXPECT_EQ(summary_of(s, "audio").codec, "PCMA");
  ASSERT_EQ(s.parse("v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"),
            Session::Fault::none);
  EXPECT_EQ(summary_of(s, "audio").address, "[2001:db8::1]:9");
  EXPECT_EQ(summary_of(s, "audio").codec, "PCMU");
}

TEST(SessionReader, KeepsTheTextAndReadsAnotherAnew) {
  SessionReader reader;
  EXPECT_EQ(reader.parse({}), Session::Fault::no_version);
  {
    const std::string gone = kAudio;
    ASSERT_EQ(reader.parse(gone), Session::Fault::none);
  }
  EXPECT_EQ(reader->media(0).formats, "8");
  ASSERT_EQ(reader.parse(kAudio), Session::Fault::none);  // the same again
  EXPECT_EQ(reader->size(), 1u);
  ASSERT_EQ(reader.parse(kVideoOffer), Session::Fault::none);
  EXPECT_EQ((*reader).size(), 2u);
  EXPECT_EQ(reader.parse("v=0\r\nnonsense"), Session::Fault::bad_line);
  EXPECT_EQ(reader.parse("v=0\r\nnonsense"), Session::Fault::bad_line);
  EXPECT_EQ(reader.parse(kAudio), Session::Fault::none);
}

TEST(Fit, RFC3264_6_AnAnswerHasTheLinesOfItsOffer) {
  const std::string head = "v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n";
  const std::string audio = "m=audio 5000 RTP/AVP 8\r\na=sendrecv\r\n", video = "m=video 5002 RTP/AVP 96\r\n";
  Session offer, answer;
  ASSERT_EQ(offer.parse(kVideoOffer), Session::Fault::none);
  EXPECT_EQ(count_media(kVideoOffer), 2u);
  const auto fitted = [&](const std::string& text) {
    EXPECT_EQ(answer.parse(text), Session::Fault::none);
    return fit_answer(answer, offer);
  };
  EXPECT_EQ(fitted(head + audio), head + audio + "m=video 0 RTP/AVP 96\r\n");
  EXPECT_EQ(fitted(head + audio + video), head + audio + video);
  EXPECT_EQ(fitted(head + audio + video + audio), head + audio + video);
  EXPECT_EQ(fitted(head + "m=audio 5000 RTP/AVP 8\na=sendrecv"), head + audio + "m=video 0 RTP/AVP 96\r\n");
}

}  // namespace
}  // namespace carillon::sdp
