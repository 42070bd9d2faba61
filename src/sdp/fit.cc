#include "sdp/fit.h"

namespace carillon::sdp {

size_t count_media(View text) {
  size_t count = 0;
  for (size_t at = text.find("\nm="); at != View::npos; at = text.find("\nm=", at + 3)) count++;
  return count;
}

std::string fit_answer(const Session& answer, const Session& offer) {
  std::string text(answer.head());
  const auto put = [&text](const Media& m, View port, View formats, View lines) {
    text.append("m=").append(m.type).append(" ").append(port).append(" ").append(m.protocol).append(" ");
    text.append(formats).append("\r\n").append(lines);
    if (!lines.empty() && lines.back() != '\n' && lines.back() != '\r') text.append("\r\n");
  };
  for (size_t i = 0; i < offer.size(); i++) {
    if (i < answer.size()) {
      const Media& m = answer.media(i);
      put(m, m.port_text, m.formats, m.lines);
    } else {
      const Media& m = offer.media(i);
      put(m, "0", m.formats.substr(0, m.formats.find(' ')), {});
    }
  }
  return text;
}

}  // namespace carillon::sdp
