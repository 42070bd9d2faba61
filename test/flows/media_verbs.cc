// Regions and locations of the world, and what phones can do with media.

#include "base/text.h"
#include "interpreter.h"

namespace carillon::flows {

namespace {

std::string value_of(const std::vector<std::string>& w, const std::string& key, const std::string& otherwise) {
  for (const std::string& word : w) {
    if (word.substr(0, key.size() + 1) == key + "=") return word.substr(key.size() + 1);
  }
  return otherwise;
}

// audio=8 video=384 prefer=G729,PCMU unknown=off
config::MediaLimit limit_of(const std::vector<std::string>& w) {
  config::MediaLimit limit;
  limit.audio = static_cast<uint32_t>(std::stoul(value_of(w, "audio", "0")));
  limit.video = std::stoi(value_of(w, "video", "0"));
  limit.unknown_codecs = value_of(w, "unknown", "on") != "off";
  const std::string preferred = value_of(w, "prefer", "");
  for (View v : sim::split_list(preferred)) limit.preference.emplace_back(v);
  return limit;
}

}  // namespace

// bandwidth NAME [OTHER] AUDIO VIDEO: what every shard thinks that calls take.
std::string Interpreter::bandwidth_verb(const Words& w) {
  const size_t numbers = w.size() - 2;
  const auto one = scenario_.directory.location_id(w[1]);
  const auto other = numbers == 3 ? scenario_.directory.location_id(w[2]) : one;
  const config::Place place{std::min(one, other), std::max(one, other)};
  std::string found;
  const auto matches = [&] {
    if (!scenario_.server->alive()) return false;
    for (uint16_t i = 0; i < variant_.shards; i++) {
      const auto use = scenario_.server->shard(i).calls().bandwidth().of(place);
      found = std::to_string(use.audio) + " " + std::to_string(use.video);
      if (found != w[w.size() - 2] + " " + w[w.size() - 1]) return false;
    }
    return true;
  };
  const std::string wrong = ensure(matches, "never so much");
  return wrong.empty() ? "" : "it is " + found;
}

// region NAME [OTHER] …, location NAME [OTHER] …
std::string Interpreter::media_verb(const Words& w, bool& known) {
  known = w[0] == "bandwidth" && w.size() >= 4;
  if (known) {
    if (!started_) start();
    return bandwidth_verb(w);
  }
  known = (w[0] == "region" || w[0] == "location") && w.size() > 1;
  if (!known) return "";
  const bool two = w.size() > 2 && w[2].find('=') == std::string::npos;
  const config::MediaLimit limit = limit_of(w);
  if (w[0] == "region") {
    two ? scenario_.directory.relate(w[1], w[2], limit) : scenario_.directory.region(w[1], limit);
  } else if (two) {
    scenario_.directory.link(w[1], w[2], limit.audio, limit.video);
  } else {
    scenario_.directory.location(w[1], limit.audio, limit.video);
  }
  if (started_) scenario_.configure();
  return "";
}

bool Interpreter::set_media_option(Draft& d, const std::string& key, const std::string& value) {
  using Bandwidth = config::SipProfileView::SdpBandwidth;
  const bool on = value != "off";
  if (key == "region") return d.entry.region = value, true;
  if (key == "location") return d.entry.location = value, true;
  if (key == "retry-video-as-audio") return d.entry.retry_video_as_audio = on, true;
  if (key == "rfc2543-hold") return d.entry.rfc2543_hold = on, true;
  if (key == "bandwidth-lines") {
    d.entry.bandwidth = value == "AS"     ? Bandwidth::as
                        : value == "TIAS" ? Bandwidth::tias
                        : value == "both" ? Bandwidth::both
                                          : Bandwidth::as_received;
    return true;
  }
  if (key == "codecs") return d.manners.codecs = value, true;
  if (key == "video-codecs") return d.manners.video_codecs = value, d.manners.video = true, true;
  if (key == "video-bandwidth") return d.manners.video_bandwidth = static_cast<uint32_t>(std::stoul(value)), true;
  if (key == "own-numbers") return d.manners.own_numbers = on, true;
  if (key == "image") return d.manners.image = on, true;
  if (key == "refuses-reinvite") return d.manners.refuses_reinvite = on ? std::stoi(value) : 0, true;
  if (key == "prack-offers") return d.manners.prack_offers = on, true;
  if (key == "other-answer") return d.manners.other_answer = on, true;
  if (key == "multipart") return d.manners.multipart = on, true;
  if (key == "mixes") return d.manners.mixes = on, true;
  if (key == "refuses-video") return d.manners.refuses_video = on, true;
  return false;
}

}  // namespace carillon::flows
