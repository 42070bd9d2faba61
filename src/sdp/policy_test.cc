#include "sdp/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sdp/codec.h"
#include "sdp/relay.h"

namespace carillon::sdp {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kHead = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
constexpr const char* kEverything =
    "m=audio 4000 RTP/AVP 0 96 18 8 101 102\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:96 opus/48000/2\r\n"
    "a=fmtp:96 useinbandfec=1\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\na=rtpmap:102 telephone-event/48000\r\na=ptime:20\r\na=rtcp-fb:* nack\r\n";

struct Rate {
  const char* map;
  const char* parameters;
  int bit_rate, wire_rate;  // -1: not known
};

// The bit rates of system.md 3.8 and of the payload formats.
TEST(Codec, BitRates) {
  constexpr Rate kRates[] = {
      {"PCMU/8000", "", 64, 80},
      {"pcma/8000", "", 64, 80},
      {"G722/8000", "", 64, 80},
      {"G729/8000", "annexb=yes", 8, 24},
      {"G723/8000", "annexa=no", 7, 24},
      {"G728/8000", "", 16, 27},
      {"GSM/8000", "", 13, 29},
      {"iLBC/8000", "mode=20", 16, 24},
      {"iLBC/8000", "", 14, 24},
      {"opus/48000/2", "", 64, 80},
      {"opus/48000/2", "stereo=0; maxaveragebitrate=20000", 20, 36},
      {"L16/16000", "", 256, 272},
      {"X-CCD/8000", "", 64, 80},
      {"CLEARMODE/8000", "", 64, 80},
      {"G7221/16000", "bitrate=24000", 24, 48},
      {"speex/16000", "", 28, 44},
      {"NEWEST/8000", "", -1, -1},
      {"MP4A-LATM/90000", "", -1, -1},
  };
  for (const Rate& r : kRates) {
    const std::string text =
        std::string(kHead) + "m=audio 9 RTP/AVP 99\r\na=rtpmap:99 " + r.map + "\r\na=fmtp:99 " + r.parameters + "\r\n";
    Session s;
    ASSERT_EQ(s.parse(text), Session::Fault::none);
    const Format f = format_of(s.media(0), "99");
    EXPECT_EQ(bit_rate(f) ? static_cast<int>(*bit_rate(f)) : -1, r.bit_rate) << r.map;
    EXPECT_EQ(wire_rate(f) ? static_cast<int>(*wire_rate(f)) : -1, r.wire_rate) << r.map;
  }
}

TEST(Codec, StaticTypesNeedNoMap) {
  Session s;
  const std::string text = std::string(kHead) + "m=audio 9 RTP/AVP 0 3 4 8 9 15 18\r\nm=video 9 RTP/AVP 31 34\r\n";
  ASSERT_EQ(s.parse(text), Session::Fault::none);
  const char* audio[][2] = {{"0", "PCMU"}, {"3", "GSM"},   {"4", "G723"}, {"8", "PCMA"},
                            {"9", "G722"}, {"15", "G728"}, {"18", "G729"}};
  for (const auto& [number, name] : audio) EXPECT_EQ(encoding_of(s.media(0), number), name);
  EXPECT_EQ(encoding_of(s.media(1), "31"), "H261");
  EXPECT_EQ(encoding_of(s.media(1), "34"), "H263");
  EXPECT_EQ(format_of(s.media(1), "34").clock, 90000u);
  std::string list;
  append_codec_list(list, s);
  EXPECT_EQ(list, "audio PCMU GSM G723 PCMA G722 G728 G729, video H261 H263");
}

struct Match {
  const char *one, *other;  // rtpmap, then fmtp
  bool same;
};

TEST(Codec, WhatMustBeOfOneMind) {
  constexpr Match kMatches[] = {
      {"H264/90000 profile-level-id=42e01f;packetization-mode=1",
       "h264/90000 packetization-mode=1; profile-level-id=42E00D", true},
      {"H264/90000 profile-level-id=42e01f;packetization-mode=1", "H264/90000 profile-level-id=42e01f", false},
      {"H264/90000 profile-level-id=42e01f", "H264/90000 profile-level-id=64001f", false},
      {"H264/90000 profile-level-id=42001e", "H264/90000 x=1", true},  // absent means 420010
      {"G729/8000 annexb=yes", "G729/8000 annexb=no", true},
      {"G722/8000 x=1", "G722/16000 x=1", false},
      {"opus/48000/2 x=1", "OPUS/48000/2 maxplaybackrate=8000", true},
      {"opus/48000/2 x=1", "opus/48000 x=1", false},
      {"AMR/8000 octet-align=1", "AMR/8000 x=1", false},
      {"X-CCD/8000 x=1", "CLEARMODE/8000 x=1", true},
      {"telephone-event/8000 0-16", "telephone-event/8000 0-15", true},
      {"iLBC/8000 mode=20", "iLBC/8000 mode=30", true},
      {"H263-1998/90000 CIF=1", "H263-2000/90000 CIF=1", false},
  };
  for (const Match& m : kMatches) {
    const auto text = [](const char* what) {
      const std::string s = what;
      const size_t blank = s.find(' ');
      return std::string(kHead) + "m=audio 9 RTP/AVP 99\r\na=rtpmap:99 " + s.substr(0, blank) + "\r\na=fmtp:99 " +
             s.substr(blank + 1) + "\r\n";
    };
    const std::string one = text(m.one), other = text(m.other);
    Session a, b;
    ASSERT_EQ(a.parse(one), Session::Fault::none);
    ASSERT_EQ(b.parse(other), Session::Fault::none);
    EXPECT_EQ(same_codec(format_of(a.media(0), "99"), format_of(b.media(0), "99")), m.same) << m.one << " " << m.other;
  }
}

std::string relayed(const std::string& media, const Policy& policy, BandwidthLines bandwidth = {}) {
  const std::string text = kHead + media;
  Session s;
  EXPECT_EQ(s.parse(text), Session::Fault::none);
  LineMap from, to;
  OurOrigin origin{.id = 7, .version = 0, .shown = 0, .address = "192.0.2.99"};
  RelayOptions options;
  options.policy = policy;
  options.bandwidth = bandwidth;
  std::string out;
  if (!relay(s, from, to, options, origin, out)) return "refused" + from.dead;
  return out.substr(std::min(out.find("m="), out.size()));
}

TEST(Policy, ABitRateTakesCodecsOutWithAllThatSpeaksOfThem) {
  Policy policy;
  policy.audio_kbit = 8;
  EXPECT_EQ(relayed(kEverything, policy),
            "m=audio 4000 RTP/AVP 18 101\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=rtcp-fb:* nack\r\n");
  policy.audio_kbit = 64;
  EXPECT_EQ(relayed(kEverything, policy), kEverything);
  policy.audio_kbit = 4;
  EXPECT_EQ(relayed(kEverything, policy), "refused");
  EXPECT_EQ(relayed("m=audio 0 RTP/AVP 0\r\n", policy), "m=audio 0 RTP/AVP 0\r\n");
  EXPECT_EQ(relayed("m=image 9 udptl t38\r\n", policy), "m=image 9 udptl t38\r\n");
}

TEST(Policy, PreferencesOrder) {
  const std::vector<std::string> preference{"G729", "pcma"};
  Policy policy;
  policy.preference = preference;
  EXPECT_THAT(relayed(kEverything, policy), HasSubstr("m=audio 4000 RTP/AVP 18 8 0 96 101 102\r\n"));
  EXPECT_EQ(relayed("m=audio 9 RTP/AVP 18 8 0 101\r\n", policy), "m=audio 9 RTP/AVP 18 8 0 101\r\n");
}

TEST(Policy, UnknownCodecsPassUnlessForbidden) {
  const std::string media = "m=audio 9 RTP/AVP 99 18\r\na=rtpmap:99 NEWEST/8000\r\n";
  Policy policy;
  policy.audio_kbit = 8;
  EXPECT_EQ(relayed(media, policy), media);
  policy.unknown_codecs = false;
  EXPECT_EQ(relayed(media, policy), "m=audio 9 RTP/AVP 18\r\n");
  policy.audio_kbit = 0;
  EXPECT_EQ(relayed("m=audio 9 RTP/AVP 99\r\na=rtpmap:99 NEWEST/8000\r\n", policy), "refused");
}

TEST(Policy, VideoIsLimitedByItsBandwidthLine) {
  Policy policy;
  policy.video_kbit = 384;
  EXPECT_EQ(relayed("m=video 9 RTP/AVP 31\r\nb=AS:2000\r\na=sendrecv\r\n", policy),
            "m=video 9 RTP/AVP 31\r\nb=AS:384\r\na=sendrecv\r\n");
  EXPECT_EQ(relayed("m=video 9 RTP/AVP 31\r\nb=TIAS:200000\r\n", policy), "m=video 9 RTP/AVP 31\r\nb=TIAS:200000\r\n");
  EXPECT_EQ(relayed("m=video 9 RTP/AVP 31\r\nc=IN IP4 1.1.1.1\r\na=x\r\na=y\r\n", policy),
            "m=video 9 RTP/AVP 31\r\nc=IN IP4 1.1.1.1\r\nb=AS:384\r\na=x\r\na=y\r\n");
  EXPECT_EQ(relayed("m=audio 9 RTP/AVP 0\r\n", policy), "m=audio 9 RTP/AVP 0\r\n");
  policy = {};
  policy.no_video = true;
  EXPECT_EQ(relayed("m=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 31\r\nm=application 9 UDP/BFCP *\r\n", policy),
            "m=audio 9 RTP/AVP 0\r\n");
  EXPECT_EQ(relayed("m=image 9 udptl t38\r\n", policy), "m=image 9 udptl t38\r\n");
}

TEST(Policy, BandwidthLinesAreWrittenAsTheProfileWants) {
  const std::string media = "m=audio 9 RTP/AVP 0\r\nb=AS:80\r\na=x\r\n";
  EXPECT_EQ(relayed(media, {}, BandwidthLines::as_received), media);
  EXPECT_EQ(relayed(media, {}, BandwidthLines::as), media);
  EXPECT_EQ(relayed(media, {}, BandwidthLines::tias), "m=audio 9 RTP/AVP 0\r\nb=TIAS:80000\r\na=x\r\n");
  EXPECT_EQ(relayed(media, {}, BandwidthLines::both), "m=audio 9 RTP/AVP 0\r\nb=AS:80\r\nb=TIAS:80000\r\na=x\r\n");
  EXPECT_EQ(relayed("m=audio 9 RTP/AVP 0\r\na=x\r\n", {}, BandwidthLines::both), "m=audio 9 RTP/AVP 0\r\na=x\r\n");
}

TEST(Policy, AThatIsRefusedChangesNothing) {
  Session s;
  const std::string text = std::string(kHead) + "m=audio 9 RTP/AVP 0\r\n";
  ASSERT_EQ(s.parse(text), Session::Fault::none);
  LineMap from, to;
  OurOrigin origin{.id = 7, .version = 4, .shown = 5, .address = "192.0.2.99"};
  RelayOptions options;
  options.policy.audio_kbit = 8;
  std::string out;
  EXPECT_FALSE(relay(s, from, to, options, origin, out));
  EXPECT_TRUE(from.dead.empty());
  EXPECT_EQ(origin.version, 4u);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace carillon::sdp
