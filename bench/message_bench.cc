// What a message costs before anybody acts on it, and what printing costs (docs/ARCHITECTURE.md, section 5.7).
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "sip/message/digest.h"
#include "sip/message/message.h"
#include "sip/message/writer.h"
#include "sip/scan.h"

namespace carillon::sip {
namespace {

const std::string kRegister =
    "REGISTER sip:pbx.example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.17:5060;rport;branch=z9hG4bK-524287-1---7a3f0e21c5d94b68\r\n"
    "Max-Forwards: 70\r\n"
    "Contact: <sip:1001@192.0.2.17:5060;rinstance=d91c2a7be04f>;expires=3600;"
    "+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-0004f2aabbcc>\";reg-id=1\r\n"
    "To: \"Ann Example\" <sip:1001@pbx.example.com>\r\n"
    "From: \"Ann Example\" <sip:1001@pbx.example.com>;tag=51c0ad3e\r\n"
    "Call-ID: 96NzE5ODk4YjFkOGQ1MTVkMWQ@192.0.2.17\r\n"
    "CSeq: 2 REGISTER\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO, UPDATE\r\n"
    "User-Agent: Example-Phone/4.2.1 (0004f2aabbcc)\r\n"
    "Authorization: Digest username=\"1001\", realm=\"pbx.example.com\", "
    "nonce=\"AAAAAGVf5LQr8b2Q0n1mZxk4\", uri=\"sip:pbx.example.com\", "
    "response=\"6629fae49393a05397450978507c4ef1\", algorithm=MD5, qop=auth, nc=00000001, "
    "cnonce=\"0a4f113b\"\r\n"
    "Content-Length: 0\r\n\r\n";

const std::string kSdp =
    "v=0\r\no=- 3871 1 IN IP4 192.0.2.17\r\ns=call\r\nc=IN IP4 192.0.2.17\r\nt=0 0\r\n"
    "m=audio 16384 RTP/AVP 9 0 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n";

const std::string kInvite =
    "INVITE sip:2002@pbx.example.com;user=phone SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.17:5060;rport;branch=z9hG4bK-524287-1---7a3f0e21c5d94b68\r\n"
    "Max-Forwards: 70\r\n"
    "Contact: <sip:1001@192.0.2.17:5060;rinstance=d91c2a7be04f>\r\n"
    "To: <sip:2002@pbx.example.com;user=phone>\r\n"
    "From: \"Ann Example\" <sip:1001@pbx.example.com>;tag=51c0ad3e\r\n"
    "Call-ID: 96NzE5ODk4YjFkOGQ1MTVkMWQ@192.0.2.17\r\n"
    "CSeq: 1 INVITE\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO, UPDATE\r\n"
    "Supported: replaces, timer, 100rel\r\n"
    "Session-Expires: 1800;refresher=uac\r\n"
    "User-Agent: Example-Phone/4.2.1 (0004f2aabbcc)\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: " +
    std::to_string(kSdp.size()) + "\r\n\r\n" + kSdp;

void parse(benchmark::State& state, const std::string& text) {
  std::string bytes = text;
  Message m;
  for (auto _ : state) {
    const ParseFault fault = m.parse({bytes.data(), bytes.size()}, Framing::datagram);
    if (fault.kind != ParseFault::Kind::none) state.SkipWithError("not parsed");
    benchmark::DoNotOptimize(m);
  }
}

void check(benchmark::State& state, const std::string& text) {
  std::string bytes = text;
  Message m;
  m.parse({bytes.data(), bytes.size()}, Framing::datagram);
  for (auto _ : state) {
    const ParseFault fault = check_headers(m);
    if (fault.kind != ParseFault::Kind::none) state.SkipWithError("not good");
    benchmark::DoNotOptimize(fault.status);
  }
}

void scan_it(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    Scan s = scan(text);
    if (!s.sip) state.SkipWithError("not SIP");
    benchmark::DoNotOptimize(s);
  }
}

void print(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    Writer w(out);
    w.status_line(200, {});
    w.header(HeaderId::via, "SIP/2.0/UDP 192.0.2.17:5060;rport=5060;branch=z9hG4bK-524287-1---7a3f");
    w.name_addr(HeaderId::from, "Ann Example", "sip:1001@pbx.example.com", "tag=51c0ad3e");
    w.name_addr(HeaderId::to, "", "sip:2002@pbx.example.com", "tag=77aa");
    w.header(HeaderId::call_id, "96NzE5ODk4YjFkOGQ1MTVkMWQ@192.0.2.17").cseq(1, "INVITE");
    w.name_addr(HeaderId::contact, "", "sip:192.0.2.1:5060", "");
    w.header(HeaderId::allow, "INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO, UPDATE");
    w.body("application/sdp", kSdp);
    benchmark::DoNotOptimize(out);
  }
}

void credentials(benchmark::State& state) {
  const size_t at = kRegister.find("Digest ");
  const View value = View(kRegister).substr(at, kRegister.find("\r\n", at) - at);
  for (auto _ : state) {
    auto c = Credentials::parse(value);
    if (!c) state.SkipWithError("not parsed");
    benchmark::DoNotOptimize(c);
  }
}

BENCHMARK_CAPTURE(parse, register, kRegister);
BENCHMARK_CAPTURE(parse, invite, kInvite);
BENCHMARK_CAPTURE(check, register, kRegister);
BENCHMARK_CAPTURE(check, invite, kInvite);
BENCHMARK_CAPTURE(scan_it, register, kRegister);
BENCHMARK_CAPTURE(scan_it, invite, kInvite);
BENCHMARK(print);
BENCHMARK(credentials);

}  // namespace
}  // namespace carillon::sip
