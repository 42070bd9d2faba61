#include "call/connect.h"

#include "call/cdr.h"
#include "call/media.h"
#include "sdp/fit.h"
#include "sdp/marry.h"
#include "sdp/refuse.h"

namespace carillon::call {

namespace {

// Before one callee has won, each sees the caller's lines by its own policy.
sdp::LineMap& lines_of(Turn& t, Leg& leg, Leg& other) {
  const bool open = t.call.callee != other.self && !t.is_caller(other);
  return t.is_caller(leg) && open ? other.peer_lines : leg.lines;
}

// Reads what `from` says. An answer with more or fewer lines than we have offered it is made to fit.
bool read_shown(Turn& t, const Leg& from, std::string_view text) {
  sdp::SessionReader& session = t.core.session;
  if (session.parse(text) != sdp::Session::Fault::none) return false;
  if (from.offer != OfferAnswer::offer_sent || sdp::count_media(from.sent_sdp) == session->size()) return true;
  sdp::Session offer;
  if (offer.parse(from.sent_sdp) != sdp::Session::Fault::none) return true;
  return session.parse(sdp::fit_answer(*session, offer)) == sdp::Session::Fault::none;
}

}  // namespace

std::string_view bare_host(std::string_view host) {
  if (host.empty()) return host;
  if (host.front() == '[') return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

Shown show(Turn& t, Leg& from, Leg& to, std::string_view text, std::string& to_body) {
  if (!read_shown(t, from, text)) return Shown::unreadable;
  const sdp::Session& session = *t.core.session;
  to.origin.address = bare_host(to.host);
  const size_t at = to_body.size();
  if (!sdp::relay(session, lines_of(t, from, to), lines_of(t, to, from), relay_options(t, from, to, session), to.origin,
                  to_body)) {
    note_incompatible(t, from, text, to, {});
    return Shown::refused;
  }
  to.sent_sdp.assign(to_body, at);
  return Shown::ok;
}

void show_refusal(Turn& t, Leg& to, std::string_view offer, std::string& to_body) {
  if (t.core.session.parse(offer) != sdp::Session::Fault::none) return;
  to.origin.address = bare_host(to.host);
  const size_t at = to_body.size();
  sdp::append_refusal(to_body, *t.core.session, to.origin);
  to.sent_sdp.assign(to_body, at);
}

Shown marry(Turn& t, Leg& callee, std::string_view text, std::string& to_caller, std::string& to_callee) {
  Leg& caller = *t.caller();
  sdp::Session first;
  if (first.parse(t.call.offer) != sdp::Session::Fault::none) return Shown::unreadable;
  if (t.core.session.parse(text) != sdp::Session::Fault::none) return Shown::unreadable;
  const sdp::Session& second = *t.core.session;
  const auto pairs = sdp::marry(first, second, policy_between(t, caller, callee, &second));
  if (pairs.empty()) return note_incompatible(t, caller, t.call.offer, callee, text), Shown::refused;
  caller.origin.address = bare_host(caller.host);
  callee.origin.address = bare_host(callee.host);
  caller.lines = {}, callee.lines = {};
  sdp::append_answer(to_caller, first, second, pairs, sdp::Spouse::first, caller.lines, caller.origin);
  sdp::append_answer(to_callee, first, second, pairs, sdp::Spouse::second, callee.lines, callee.origin);
  caller.sent_sdp = to_caller;
  callee.sent_sdp = to_callee;
  return Shown::ok;
}

void note_media(Turn& t, const Leg& from, std::string_view text) {
  if (t.core.session.parse(text) == sdp::Session::Fault::none) note_media_read(t, from);
}

void note_media_read(Turn& t, const Leg& from) {
  sdp::MediaSummary audio = sdp::summary_of(*t.core.session, "audio");
  sdp::MediaSummary video = sdp::summary_of(*t.core.session, "video");
  state::Cdr& cdr = t.call.cdr;
  const bool calling = cdr.calling_leg == leg_name(from);
  if (!audio.address.empty()) {
    (calling ? cdr.calling_media : cdr.called_media) = std::move(audio.address);
    if (!calling) cdr.codec = std::move(audio.codec);
  }
  (calling ? cdr.calling_video : cdr.called_video) = std::move(video.address);
  if (!calling) cdr.video_codec = std::move(video.codec);
}

}  // namespace carillon::call
