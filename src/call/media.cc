#include "call/media.h"

#include "base/text.h"
#include "call/admission.h"
#include "call/dial.h"
#include "call/relay.h"
#include "sdp/codec.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

bool is_basic(const Turn& t, const Leg& leg) {
  const config::PhoneView* p = t.phone(leg);
  return p != nullptr && p->product == config::Product::basic;
}

config::EntityId region_of(const Turn& t, const Leg& leg) {
  const config::PhoneView* p = t.phone(leg);
  return t.context.snapshot->media().region_of(p == nullptr ? 0 : p->device_pool);
}

const config::MediaLimit* limit_between(const Turn& t, const Leg& a, const Leg& b) {
  const config::MediaPlan& plan = t.context.snapshot->media();
  return plan.has_regions() ? plan.between(region_of(t, a), region_of(t, b)) : nullptr;
}

void append_warning(std::string& out, View code, View words) {
  sip::Writer(out).begin(sip::HeaderId::warning).text(code).text(" carillon ").quoted(words).end();
}

bool has_audio(const sdp::Session& s) {
  for (const sdp::Media& m : s) {
    if (m.type == "audio" && m.port != 0) return true;
  }
  return false;
}

bool has_video(const sdp::Session& s) {
  for (const sdp::Media& m : s) {
    if (m.type == "video" && m.port != 0) return true;
  }
  return false;
}

void append_limit(std::string& words, const Turn& t, const Leg& from, const Leg& to) {
  const config::MediaLimit* limit = limit_between(t, from, to);
  if (limit == nullptr || limit->audio == 0) return;
  const config::MediaPlan& plan = t.context.snapshot->media();
  const auto one = region_of(t, from), other = region_of(t, to);
  words += one == other ? "; region " : "; regions ";
  words += plan.region_name(one);
  if (one != other) words.append(" and ").append(plan.region_name(other));
  words += " allow audio of at most ";
  append_number(words, limit->audio);
  words += " kbit/s";
}

}  // namespace

namespace {

sdp::Policy policy_of_regions(const Turn& t, const Leg& a, const Leg& b) {
  sdp::Policy policy;
  policy.no_video = a.no_video || b.no_video || is_basic(t, a) || is_basic(t, b);
  const config::MediaLimit* limit = limit_between(t, a, b);
  if (limit == nullptr) return policy;
  policy.audio_kbit = limit->audio;
  policy.no_video |= limit->video < 0;
  policy.video_kbit = limit->video > 0 ? static_cast<uint32_t>(limit->video) : 0;
  policy.unknown_codecs = limit->unknown_codecs;
  policy.preference = limit->preference;
  return policy;
}

// Would anything be left of `session` if there were room?
bool lacks_bandwidth(const Turn& t, const Leg& from, const Leg& to, const sdp::Session& session) {
  sdp::Policy policy = policy_of_regions(t, from, to);
  limit_by_bandwidth(t, from, to, &session, policy);
  if (policy.wire_kbit == 0) return false;
  policy.wire_kbit = 0;
  std::string scratch;
  for (const sdp::Media& m : session) {
    if (m.type == "audio" && m.port != 0 && sdp::choose_formats(m, policy, scratch) != sdp::Choice::nothing)
      return true;
  }
  return false;
}

}  // namespace

sdp::Policy policy_between(const Turn& t, const Leg& a, const Leg& b, const sdp::Session* session) {
  sdp::Policy policy = policy_of_regions(t, a, b);
  limit_by_bandwidth(t, a, b, session, policy);
  return policy;
}

void note_no_room(Turn& t, const Leg& from, const Leg& to) {
  std::string words;
  append_room(words, t, from, to);
  t.call.no_bandwidth = true;
  t.call.warning.clear();
  append_warning(t.call.warning, "370", "Insufficient Bandwidth");
  append_warning(t.call.warning, "399", words);
}

sdp::RelayOptions relay_options(const Turn& t, const Leg& from, const Leg& to, const sdp::Session& session) {
  const config::SipProfileView& profile = t.profile(to);
  sdp::RelayOptions options;
  // An answer has been given room when its offer went.
  const bool answers = from.offer == OfferAnswer::offer_sent;
  options.policy = answers ? policy_of_regions(t, from, to) : policy_between(t, from, to, &session);
  options.zero_connection = profile.rfc2543_hold;
  options.bandwidth = static_cast<sdp::BandwidthLines>(profile.sdp_bandwidth);
  return options;
}

void note_incompatible(Turn& t, const Leg& from, View offer, const Leg& to, View answer) {
  sdp::Session session;
  std::string words = "offered: ";
  bool audio = true;
  t.call.no_bandwidth = false;
  if (session.parse(offer) == sdp::Session::Fault::none) {
    if (answer.empty() && lacks_bandwidth(t, from, to, session)) return note_no_room(t, from, to);
    sdp::append_codec_list(words, session);
    audio = has_audio(session);
  }
  append_limit(words, t, from, to);
  if (!answer.empty() && session.parse(answer) == sdp::Session::Fault::none) {
    words += "; the other side takes: ";
    sdp::append_codec_list(words, session);
  } else if (is_basic(t, to) && !audio) {
    words += "; the other side takes: audio alone";
  }
  std::string& lines = t.call.warning;
  lines.clear();
  audio ? append_warning(lines, "305", "Incompatible media format")
        : append_warning(lines, "304", "Media type not available");
  append_warning(lines, "399", words);
}

bool retry_as_audio(Turn& t, Leg& leg, int status) {
  const bool of_media = status == 415 || status == 488 || status == 606;
  if (!of_media || leg.no_video || leg.delayed || t.call.offer.empty()) return false;
  const config::PhoneView* phone = t.phone(leg);
  const registrar::Binding* binding = t.context.registrar.find(leg.binding);
  if (phone == nullptr || !phone->retry_video_call_as_audio || binding == nullptr) return false;
  if (t.core.session.parse(t.call.offer) != sdp::Session::Fault::none) return false;
  const sdp::Session& offer = *t.core.session;
  if (!has_video(offer) || !has_audio(offer)) return false;
  if (policy_of_regions(t, *t.caller(), leg).no_video) return false;
  give_back(t, leg);
  leg.no_video = true;
  leg.their_reliable = {};
  leg.early_sdp.clear();
  leg.said_early.clear();
  leg.peer_lines = leg.lines = {};
  leg.dialog.remote_tag.clear();
  leg.dialog.early = false;
  aim(leg.dialog, *binding);
  send_invite(t, leg);
  return leg.progress == Progress::calling;
}

}  // namespace carillon::call
