// What a phone offers, answers and hears (RFC 3264).

#include "codecs.h"
#include "phone.h"

namespace carillon::sim {

Sdp Phone::make_offer(PhoneCall& call) {
  if (call.port == 0) call.port = next_port_ = static_cast<uint16_t>(next_port_ + 4);
  const Manners& manners = options_.manners;
  Sdp s;
  const std::string ip = call.zero_hold ? "0.0.0.0" : options_.address.ip_text();
  const Direction direction = call.zero_hold ? Direction::sendrecv : call.wish;
  const auto line = [&](const char* type, uint16_t port) -> MediaLine& {
    s.lines.emplace_back();
    MediaLine& m = s.lines.back();
    m.type = type, m.ip = ip, m.port = port, m.direction = direction;
    return m;
  };
  offer_codecs(line("audio", call.port), read_codecs(manners.codecs));
  if (manners.image) {
    MediaLine& m = line("image", static_cast<uint16_t>(call.port + 1));
    m.protocol = "udptl", m.formats = "t38";
  }
  if (manners.video || call.local_sdp.video() != nullptr) {
    MediaLine& m = line("video", manners.video ? static_cast<uint16_t>(call.port + 2) : 0);
    offer_codecs(m, read_codecs(manners.video_codecs));
    m.bandwidth = manners.video_bandwidth;
  }
  return s;
}

MediaLine Phone::answer_line(PhoneCall& call, const MediaLine& offered) {
  const Manners& manners = options_.manners;
  MediaLine a = offered;
  a.ip = options_.address.ip_text();
  const Direction direction = offered.ip == "0.0.0.0" ? Direction::recvonly : offered.direction;
  a.direction = narrowed(mirrored(direction), call.wish);
  a.bandwidth = offered.type == "video" ? manners.video_bandwidth : 0;
  const bool video = offered.type == "video" && manners.video, image = offered.type == "image" && manners.image;
  bool good = image;
  if (offered.type == "audio" || video) {
    good = answer_codecs(a, offered, read_codecs(video ? manners.video_codecs : manners.codecs), manners.own_numbers);
  }
  const auto port = static_cast<uint16_t>(call.port + (video ? 2 : image ? 1 : 0));
  a.port = offered.alive() && good ? port : 0;
  return a;
}

Sdp Phone::make_answer(PhoneCall& call, const Sdp& offer) {
  if (call.port == 0) call.port = next_port_ = static_cast<uint16_t>(next_port_ + 4);
  Sdp s;
  for (const MediaLine& o : offer.lines) s.lines.push_back(answer_line(call, o));
  call.remote_sdp = offer;
  return s;
}

std::string Phone::with_body(const std::string& type, const std::string& body) const {
  const bool parts = options_.manners.multipart && type == "application/sdp" && !body.empty();
  const std::string whole = !parts ? body
                                   : "--cut\r\nContent-Type: application/isup;version=itu-t92+\r\n"
                                     "Content-Disposition: signal;handling=optional\r\n\r\n\x01\x02\r\n--cut\r\n"
                                     "Content-Type: application/sdp\r\n\r\n" +
                                         body + "\r\n--cut--\r\n";
  std::string s;
  if (!body.empty()) s = "Content-Type: " + (parts ? std::string("multipart/mixed;boundary=cut") : type) + "\r\n";
  return s + "Content-Length: " + std::to_string(whole.size()) + "\r\n\r\n" + whole;
}

// RFC 3262 §5: the answer to an offer that came in the provisional; or, after the answer to ours, a new offer.
std::string Phone::prack_body(PhoneCall& call, const Msg& m) {
  const auto sdp = Sdp::read(m.body);
  if (!sdp) return {};
  if (!call.offer_out && !call.remote_sdp) return print(call, make_answer(call, *sdp));
  return call.offer_out && options_.manners.prack_offers ? print(call, make_offer(call)) : std::string();
}

// Does what the other sends arrive here, under a number that means the same here?
bool Phone::reaches(Phone& other, const char* type, bool tones) {
  const bool video = std::string_view(type) == "video";
  const auto line_of = [video](const Sdp& s) { return video ? s.video() : s.audio(); };
  const auto codecs = read_codecs(video ? other.manners().video_codecs : other.manners().codecs);
  for (PhoneCall& mine : calls_) {
    const MediaLine* ear = line_of(mine.local_sdp);
    if (!mine.live() || ear == nullptr || !ear->alive() || !receives(ear->direction)) continue;
    for (PhoneCall& theirs : other.calls_) {
      if (!theirs.live() || !theirs.remote_sdp) continue;
      const MediaLine* mouth = line_of(theirs.local_sdp);
      const MediaLine* target = line_of(*theirs.remote_sdp);
      if (mouth == nullptr || target == nullptr || !mouth->alive() || !sends(mouth->direction)) continue;
      if (!target->alive() || !receives(target->direction) || target->ip == "0.0.0.0") continue;
      if (target->ip == ear->ip && target->port == ear->port && understood(*target, codecs, *ear, tones)) return true;
    }
  }
  return false;
}

bool Phone::hears(Phone& other, const char* type) { return reaches(other, type, false); }
bool Phone::takes_digits(Phone& other) { return reaches(other, "audio", true); }

}  // namespace carillon::sim
