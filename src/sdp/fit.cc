#include "sdp/fit.h"

#include "sdp/relay.h"

namespace carillon::sdp {

size_t count_media(View text) {
  size_t count = 0;
  for (size_t at = text.find("\nm="); at != View::npos; at = text.find("\nm=", at + 3)) count++;
  return count;
}

std::string fit_answer(const Session& answer, const Session& offer) {
  std::string text(answer.head());
  LineMap refused;
  for (size_t i = 0; i < offer.size(); i++) {
    if (i >= answer.size()) {
      refused.add(i, offer.media(i));
      text.append(refused.line(i)).append("\r\n");
      continue;
    }
    const Media& m = answer.media(i);
    text.append("m=").append(m.type).append(" ").append(m.port_text).append(" ").append(m.protocol).append(" ");
    text.append(m.formats).append("\r\n").append(m.lines);
    if (!m.lines.empty() && m.lines.back() != '\n' && m.lines.back() != '\r') text.append("\r\n");
  }
  return text;
}

}  // namespace carillon::sdp
