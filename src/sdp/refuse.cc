#include "sdp/refuse.h"

#include "sdp/write.h"

namespace carillon::sdp {

void append_refusal(std::string& out, const Session& offer, OurOrigin& origin) {
  const size_t start = out.size();
  out.append("s=-\r\nc=IN ").append(origin.address.find(':') == View::npos ? "IP4 " : "IP6 ");
  out.append(origin.address).append("\r\nt=0 0\r\n");
  LineMap all;
  for (size_t i = 0; i < offer.size(); i++) all.add(i, offer.media(i));
  for (size_t i = 0; i < offer.size(); i++) out.append(all.line(i)).append("\r\n");
  insert_origin(out, start, origin);
}

}  // namespace carillon::sdp
