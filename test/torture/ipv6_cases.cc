// RFC 5118 §4: IPv6 in SIP messages.
#include "torture.h"

namespace carillon::torture {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Case passes(const char* point, const char* name, std::string_view start, const std::string& lines,
            Fields fields) {
  return {std::string("5118 4.") + point, name, request(start, lines), Verdict::accept, 0,
          std::move(fields), ""};
}

std::string with_body(const std::string& lines, const std::string& body) {
  const std::string length = "Content-Length: " + std::to_string(sip(body).size()) + "\n";
  return request("INVITE sip:otto@[2001:db8::10] SIP/2.0", lines + length) + sip(body);
}

}  // namespace

std::vector<Case> ipv6_cases() {
  const std::string via = "Via: SIP/2.0/UDP [2001:db8::9:1];";
  const std::string sdp = "v=0\no=c 0 0 IN IP6 2001:db8::20\ns=-\nt=0 0\nc=IN IP6 2001:db8::20\n"
                          "m=audio 6000 RTP/AVP 0\n";
  const std::string mixed = "v=0\no=c 0 0 IN IP4 198.51.100.4\ns=-\nt=0 0\nm=audio 6000 RTP/AVP 0\n"
                            "c=IN IP6 2001:db8::1\nm=video 6002 RTP/AVP 31\nc=IN IP4 198.51.100.4\n";
  return {
      passes("1", "IPv6 references in brackets", "REGISTER sip:[2001:db8::10] SIP/2.0",
             "To: sip:otto@test.example\nVia: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKg\n"
             "Contact: \"O\" <sip:otto@[2001:db8::1]>\n",
             {{"uri_host", "[2001:db8::10]"}, {"via_host", "[2001:db8::9:1]"}}),
      {"5118 4.2", "IPv6 without brackets", request("REGISTER sip:2001:db8::10 SIP/2.0", ""), Verdict::bad,
       400, {}, ""},
      passes("3", "a port within the brackets is none", "REGISTER sip:[2001:db8::10:5070] SIP/2.0", "",
             {{"uri_host", "[2001:db8::10:5070]"}, {"uri_port", "0"}}),
      passes("4", "a port behind the brackets", "REGISTER sip:[2001:db8::10]:5070 SIP/2.0", "",
             {{"uri_host", "[2001:db8::10]"}, {"uri_port", "5070"}}),
      passes("5", "received with brackets", "BYE sip:otto@test.example SIP/2.0",
             via + "received=[2001:db8::9:255];branch=z9hG4bKr\n", {{"received", "[2001:db8::9:255]"}}),
      passes("5", "received without brackets", "OPTIONS sip:otto@test.example SIP/2.0",
             via + "received=2001:db8::9:255;branch=z9hG4bKr\n",
             {{"received", "2001:db8::9:255"}, {"branch", "z9hG4bKr"}}),
      {"5118 4.6", "IPv6 in SDP", with_body("Content-Type: application/sdp\n", sdp), Verdict::accept, 0,
       {{"body", sip(sdp)}}, ""},
      passes("7", "both families in one message", "BYE sip:otto@host.example SIP/2.0",
             "Via: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bK1\n"
             "Via: SIP/2.0/UDP 198.51.100.4;branch=z9hG4bK2\n"
             "Via: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK3;received=[2001:db8::9:1]\n",
             {{"vias", "3"}, {"via_port", "6050"}}),
      {"5118 4.8", "both families in SDP", with_body("Content-Type: application/sdp\n", mixed),
       Verdict::accept, 0, {{"body", sip(mixed)}}, ""},
      passes("9", "IPv4-mapped addresses", "INVITE sip:otto@test.example SIP/2.0",
             "Via: SIP/2.0/UDP [::ffff:198.51.100.10]:19823;branch=z9hG4bKm\n"
             "Contact: \"C\" <sip:cleo@[::ffff:198.51.100.10]:19823>\n",
             {{"via_host", "[::ffff:198.51.100.10]"}, {"via_port", "19823"}}),
      passes("10", "three colons, as the rule of RFC 3261 has them",
             "OPTIONS sip:otto@[2001:db8:::198.51.100.1] SIP/2.0", "",
             {{"uri_host", "[2001:db8:::198.51.100.1]"}}),
  };
}

}  // namespace carillon::torture
