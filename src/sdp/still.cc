#include "sdp/still.h"

#include "sdp/write.h"

namespace carillon::sdp {

namespace {

void append_head(std::string& out, const OurOrigin& origin) {
  const bool v6 = origin.address.find(':') != View::npos;
  out.append("s=-\r\nc=IN IP").append(v6 ? "6 " : "4 ").append(origin.address).append("\r\nt=0 0\r\n");
}

// What names the formats: a=rtpmap and a=fmtp.
void append_formats(std::string& out, View lines) {
  View line;
  bool crlf = false;
  while (next_line(lines, line, crlf)) {
    if (line.substr(0, 9) == "a=rtpmap:" || line.substr(0, 7) == "a=fmtp:") out.append(line).append("\r\n");
  }
}

}  // namespace

void append_still_answer(std::string& out, const Session& offer, OurOrigin& origin) {
  const size_t at = out.size();
  append_head(out, origin);
  for (const Media& m : offer) {
    const bool taken = m.type == "audio" && m.protocol == "RTP/AVP" && m.port != 0;
    out.append("m=").append(m.type).append(taken ? " 9 " : " 0 ").append(m.protocol).append(" ").append(m.formats);
    out.append("\r\n");
    if (!taken) continue;
    append_formats(out, m.lines);
    out.append("a=inactive\r\n");
  }
  insert_origin(out, at, origin);
}

void append_still_offer(std::string& out, OurOrigin& origin) {
  const size_t at = out.size();
  append_head(out, origin);
  out.append("m=audio 9 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=inactive\r\n");
  insert_origin(out, at, origin);
}

}  // namespace carillon::sdp
