#include "call/admission.h"

#include <algorithm>

#include "base/text.h"
#include "sdp/codec.h"

namespace carillon::call {

namespace {

using config::EntityId;
using config::PlaceLimit;

constexpr uint32_t kUnknownWire = 80;    // a codec that we do not know counts as G.711
constexpr uint32_t kUnknownVideo = 384;  // video without b=
constexpr uint32_t kLeast = 24;          // there is room for some codec

const config::MediaPlan& plan_of(const Turn& t) { return t.context.snapshot->media(); }

EntityId location_of(const Turn& t, const Leg& leg) {
  const config::PhoneView* p = t.phone(leg);
  if (p != nullptr && p->location != 0) return p->location;
  return plan_of(t).location_of(p == nullptr ? 0 : p->device_pool);
}

std::vector<PlaceLimit> way_between(const Turn& t, const Leg& a, const Leg& b) {
  return plan_of(t).way(location_of(t, a), location_of(t, b));
}

// Of two legs the one that holds what the call takes: not the caller's, which may ring several phones.
const Leg& holder(const Turn& t, const Leg& a, const Leg& b) { return t.is_caller(a) ? b : a; }

// What is free for these two at a place; what they hold there counts as free.
uint32_t free_of(int64_t limit, int64_t used, int64_t held) {
  return static_cast<uint32_t>(std::clamp<int64_t>(limit - used + held, 0, 1'000'000'000));
}

bool holds(const Reservation& r, config::Place place) {
  return std::find(r.places.begin(), r.places.end(), place) != r.places.end();
}

uint32_t free_audio(const Turn& t, const PlaceLimit& p, const Reservation& r) {
  return free_of(p.audio, t.core.bandwidth.of(p.place).audio, holds(r, p.place) ? r.audio : 0);
}

uint32_t free_video(const Turn& t, const PlaceLimit& p, const Reservation& r) {
  if (p.video < 0) return 0;
  return free_of(p.video, t.core.bandwidth.of(p.place).video, holds(r, p.place) ? r.video : 0);
}

// Of one media line: b=AS in kbit/s or b=TIAS in bit/s.
uint32_t bandwidth_line(const sdp::Media& m) {
  View rest = m.lines, line;
  bool crlf = false;
  while (sdp::next_line(rest, line, crlf)) {
    const bool as = line.substr(0, 5) == "b=AS:", tias = line.substr(0, 7) == "b=TIAS:";
    if (!as && !tias) continue;
    const auto number = to_number<uint32_t>(line.substr(as ? 5 : 7));
    if (number) return std::min(as ? *number : (*number + 999) / 1000, 10'000'000u);
  }
  return 0;
}

uint32_t video_rate(const sdp::Session& s, const sdp::Policy& policy) {
  uint32_t sum = 0;
  for (const sdp::Media& m : s) {
    if (m.type != "video" || m.port == 0 || policy.no_video) continue;
    const uint32_t said = bandwidth_line(m);
    const uint32_t wanted = said != 0 ? said : kUnknownVideo;
    sum += policy.video_kbit == 0 ? wanted : std::min(wanted, policy.video_kbit);
  }
  return sum;
}

// Audio with headers: of the heaviest codec of each line, or of the first.
uint32_t audio_rate(const sdp::Session& s, bool heaviest) {
  uint32_t sum = 0;
  for (const sdp::Media& m : s) {
    if (m.type != "audio" || m.port == 0) continue;
    uint32_t rate = 0;
    View rest = m.formats;
    for (View number = sdp::next_token(rest); !number.empty(); number = sdp::next_token(rest)) {
      const sdp::Format f = sdp::is_rtp(m) ? sdp::format_of(m, number) : sdp::Format{};
      if (!f.conversation()) continue;
      rate = std::max(rate, sdp::wire_rate(f).value_or(kUnknownWire));
      if (!heaviest) break;
    }
    sum += rate;
  }
  return sum;
}

std::vector<config::Place> places_of(const std::vector<PlaceLimit>& way) {
  std::vector<config::Place> places;
  for (const PlaceLimit& p : way) places.push_back(p.place);
  return places;
}

// An answer has no more codecs than its offer: of two descriptions the shorter list is the agreed one.
size_t audio_formats(const sdp::Session& s) {
  for (const sdp::Media& m : s) {
    if (m.type == "audio" && m.port != 0) return m.formats.size();
  }
  return 0;
}

}  // namespace

void limit_by_bandwidth(const Turn& t, const Leg& from, const Leg& to, const sdp::Session* session,
                        sdp::Policy& policy) {
  if (!plan_of(t).has_locations()) return;
  const Reservation& held = holder(t, from, to).reserved;
  const auto way = way_between(t, from, to);
  const uint32_t video = session == nullptr ? 0 : video_rate(*session, policy);
  const config::PhoneView* called = t.phone(holder(t, from, to));
  const bool as_audio = called == nullptr || called->retry_video_call_as_audio;
  for (const PlaceLimit& p : way) {
    if (p.audio != 0) {
      const uint32_t room = std::max(free_audio(t, p, held), 1u);
      policy.wire_kbit = policy.wire_kbit == 0 ? room : std::min(policy.wire_kbit, room);
    }
    if (p.video == 0 || video == 0 || free_video(t, p, held) >= video) continue;
    policy.no_video = true;
    if (!as_audio && p.video > 0) policy.wire_kbit = 1;  // all or nothing
  }
}

bool has_room(const Turn& t, const Leg& a, const Leg& b) {
  if (!plan_of(t).has_locations()) return true;
  const Reservation& held = holder(t, a, b).reserved;
  const auto way = way_between(t, a, b);
  return std::all_of(way.begin(), way.end(),
                     [&](const PlaceLimit& p) { return p.audio == 0 || free_audio(t, p, held) >= kLeast; });
}

void reserve(Turn& t, Leg& from, Leg& to, View sdp) {
  if (!plan_of(t).has_locations()) return;
  const auto way = way_between(t, from, to);
  Leg& leg = t.is_caller(from) ? to : from;
  uint32_t audio = 0, video = 0;
  if (sdp.empty()) {
    audio = kUnknownWire;
    for (const PlaceLimit& p : way) {
      if (p.audio != 0) audio = std::min(audio, free_audio(t, p, leg.reserved));
    }
  } else if (t.core.session.parse(sdp) == sdp::Session::Fault::none) {
    audio = audio_rate(*t.core.session, true);
    video = video_rate(*t.core.session, {});
  }
  t.core.bandwidth.set(leg.reserved, places_of(way), std::max(audio, leg.reserved.audio),
                       std::max(video, leg.reserved.video));
}

void adjust_reservation(Turn& t) {
  const bool counted = plan_of(t).has_locations() || t.core.bandwidth.held() != 0;
  if (!counted || t.call.stage != Stage::answered) return;
  Leg *caller = t.caller(), *callee = t.callee();
  t.each_leg([&](Leg& leg) {
    if (&leg != callee && (leg.over() || leg.established())) give_back(t, leg);
  });
  if (caller == nullptr || callee == nullptr || callee->over() || callee->offering.valid() || caller->offering.valid())
    return;
  if (caller->sent_sdp.empty() || callee->sent_sdp.empty()) return;
  sdp::Session one, other;
  if (one.parse(caller->sent_sdp) != sdp::Session::Fault::none) return;
  if (other.parse(callee->sent_sdp) != sdp::Session::Fault::none) return;
  const sdp::Session& agreed = audio_formats(one) <= audio_formats(other) ? one : other;
  const uint32_t video = std::min(video_rate(one, {}), video_rate(other, {}));
  auto places = places_of(way_between(t, *caller, *callee));
  t.core.bandwidth.set(callee->reserved, std::move(places), audio_rate(agreed, false), video);
}

void give_back(Turn& t, Leg& leg) { t.core.bandwidth.give_back(leg.reserved); }

void append_room(std::string& words, const Turn& t, const Leg& a, const Leg& b) {
  const config::MediaPlan& plan = plan_of(t);
  const Reservation& held = holder(t, a, b).reserved;
  const PlaceLimit* fullest = nullptr;
  const auto way = way_between(t, a, b);
  for (const PlaceLimit& p : way) {
    if (p.audio == 0) continue;
    if (fullest == nullptr || free_audio(t, p, held) < free_audio(t, *fullest, held)) fullest = &p;
  }
  if (fullest == nullptr) return;
  const bool link = fullest->place.a != fullest->place.b;
  words.append(link ? "the link of " : "location ").append(plan.location_name(fullest->place.a));
  if (link) words.append(" and ").append(plan.location_name(fullest->place.b));
  words += " has room for ";
  append_number(words, free_audio(t, *fullest, held));
  words += " of ";
  append_number(words, fullest->audio);
  words += " kbit/s of audio";
}

}  // namespace carillon::call
