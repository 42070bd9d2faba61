#include "codecs.h"

#include <algorithm>

#include "base/text.h"

namespace carillon::sim {
namespace {

struct Known {
  const char *name, *number, *clock;
};
constexpr Known kKnown[] = {
    {"PCMU", "0", "8000"},   {"GSM", "3", "8000"},    {"G723", "4", "8000"},   {"PCMA", "8", "8000"},
    {"G722", "9", "8000"},   {"G728", "15", "8000"},  {"G729", "18", "8000"},  {"CN", "13", "8000"},
    {"H261", "31", "90000"}, {"H263", "34", "90000"}, {"opus", "", "48000/2"}, {"telephone-event", "101", "8000"},
    {"H264", "", "90000"},   {"H265", "", "90000"},   {"VP8", "", "90000"},    {"H263-1998", "", "90000"},
};

std::vector<std::string> words_of(const std::string& formats) {
  std::vector<std::string> words;
  size_t at = 0;
  while (at < formats.size()) {
    const size_t end = std::min(formats.find(' ', at), formats.size());
    if (end > at) words.push_back(formats.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

PhoneCodec read_one(std::string text) {
  PhoneCodec c;
  if (const size_t brace = text.find('{'); brace != std::string::npos) {
    c.parameters = text.substr(brace + 1, text.find('}') - brace - 1);
    text.resize(brace);
  }
  const size_t colon = text.find(':');
  c.name = text.substr(0, colon);
  c.clock = "8000";
  for (const Known& k : kKnown) {
    if (k.name == c.name) c.number = k.number, c.clock = k.clock;
  }
  if (colon != std::string::npos) c.number = text.substr(colon + 1);
  return c;
}

const PhoneCodec* named(const std::vector<PhoneCodec>& own, const std::string& name, const std::string& clock) {
  for (const PhoneCodec& c : own) {
    if (iequals(c.name, name) && c.clock == clock) return &c;
  }
  return nullptr;
}

// RFC 6184 §8.2.2: these must be the same on both sides.
std::string mode_of(const std::string& parameters) {
  const std::string key = "packetization-mode=";
  const size_t at = parameters.find(key);
  return at == std::string::npos ? "0" : parameters.substr(at + key.size(), 1);
}

}  // namespace

std::vector<PhoneCodec> read_codecs(const std::string& list) {
  std::vector<PhoneCodec> codecs;
  size_t at = 0;
  while (at < list.size()) {
    const size_t end = std::min(list.find(',', at), list.size());
    codecs.push_back(read_one(list.substr(at, end - at)));
    at = end + 1;
  }
  return codecs;
}

FormatMap static_map(const std::string& number) {
  for (const Known& k : kKnown) {
    if (*k.number != '\0' && number == k.number && std::stoi(number) < 96) return {k.name, k.clock, ""};
  }
  return {};
}

void offer_codecs(MediaLine& line, const std::vector<PhoneCodec>& own) {
  line.formats.clear();
  line.maps.clear();
  for (const PhoneCodec& c : own) {
    line.formats += (line.formats.empty() ? "" : " ") + c.number;
    line.maps[c.number] = {c.name, c.clock, c.parameters};
  }
}

bool answer_codecs(MediaLine& answer, const MediaLine& offer, const std::vector<PhoneCodec>& own, bool own_numbers) {
  bool conversation = false;
  std::string formats;
  std::map<std::string, FormatMap> maps;
  for (const std::string& number : words_of(offer.formats)) {
    const auto map = offer.maps.find(number);
    if (map == offer.maps.end()) continue;
    const PhoneCodec* c = named(own, map->second.name, map->second.clock);
    if (c == nullptr || (c->name == "H264" && mode_of(c->parameters) != mode_of(map->second.parameters))) continue;
    const std::string& ours = own_numbers ? c->number : number;
    if (maps.count(ours) != 0) continue;
    formats += (formats.empty() ? "" : " ") + ours;
    maps[ours] = {c->name, c->clock, c->parameters};
    conversation |= !c->aid();
  }
  answer.formats = formats.empty() ? offer.formats : formats;
  answer.maps = formats.empty() ? offer.maps : maps;
  return conversation;
}

bool understood(const MediaLine& target, const std::vector<PhoneCodec>& own, const MediaLine& ear, bool tones) {
  for (const std::string& number : words_of(target.formats)) {
    const auto sent = target.maps.find(number);
    if (sent == target.maps.end()) continue;
    const PhoneCodec* c = named(own, sent->second.name, sent->second.clock);
    if (c == nullptr || c->aid() != tones) continue;
    const auto heard = ear.maps.find(number);  // the first that it can send is what it sends
    return heard != ear.maps.end() && iequals(heard->second.name, c->name);
  }
  return false;
}

}  // namespace carillon::sim
