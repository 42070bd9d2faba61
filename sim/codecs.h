#pragma once
// The codecs of a simulated telephone, and what it can make of another's: by names and payload numbers as RFC 3551 and
// RFC 3264 have them, apart from src/sdp.

#include <string>
#include <vector>

#include "media.h"

namespace carillon::sim {

struct PhoneCodec {
  std::string name;    // "opus"
  std::string number;  // "96": under which it wants to be sent this
  std::string clock;   // "48000/2"
  std::string parameters;
  bool aid() const { return name == "telephone-event" || name == "CN"; }
};

// "PCMU,opus:97,H264:99{profile-level-id=42e01f;packetization-mode=1}". Static types need no number.
std::vector<PhoneCodec> read_codecs(const std::string& list);

// Formats and maps of an offer.
void offer_codecs(MediaLine& line, const std::vector<PhoneCodec>& own);
// What remains of an offer, in its order; under our own numbers, or, as RFC 3264 §6.1 recommends, under the offer's.
// False when no codec remains (tones alone are none).
bool answer_codecs(MediaLine& answer, const MediaLine& offer, const std::vector<PhoneCodec>& own, bool own_numbers);

// Would whoever has `own` codecs, and was told `target`, send something that the owner of `ear` understands? With
// `tones`: telephone-events rather than voice.
bool understood(const MediaLine& target, const std::vector<PhoneCodec>& own, const MediaLine& ear, bool tones);

}  // namespace carillon::sim
