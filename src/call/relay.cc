#include "call/relay.h"

#include <optional>

#include "base/text.h"
#include "call/cause.h"
#include "sip/message/content_type.h"
#include "sip/message/multipart.h"
#include "sip/message/values.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

using sip::HeaderId;

struct Row {
  HeaderId header;
  bool invite, in_dialog, failure;
};

// Not here, on purpose: all that names hosts or the phone itself (Via, Contact, Call-ID, Record-Route, User-Agent,
// Server, Warning, Organization, Reply-To, In-Reply-To, Call-Info, Error-Info, Date), identity (identity.cc says it
// anew), what we negotiate ourselves (Allow, Supported, Require, Session-Expires, RSeq), and what could make a phone
// answer by itself (Alert-Info, Answer-Mode: only administrators decide that).
constexpr Row kRows[] = {
    {HeaderId::subject, true, false, false},         {HeaderId::priority, true, false, false},
    {HeaderId::accept_language, true, false, false}, {HeaderId::info_package, false, true, false},
    {HeaderId::retry_after, false, false, true},
};

constexpr HeaderId kBodyHeaders[] = {HeaderId::content_disposition, HeaderId::content_language,
                                     HeaderId::content_encoding, HeaderId::mime_version};

void append_line(std::string& out, HeaderId id, std::string_view value) { sip::Writer(out).header(id, value); }

bool crosses(const Row& r, Crossing kind) {
  switch (kind) {
    case Crossing::invite:
      return r.invite;
    case Crossing::withheld_invite:  // RFC 3323 §5.3: what its sender has written may tell who that is
      return r.invite && r.header != HeaderId::subject;
    case Crossing::in_dialog:
      return r.in_dialog;
    case Crossing::failure:
      break;
  }
  return r.failure;
}

// Blanks may stand around the slash (RFC 3261 §25.1).
bool is_sdp(View content_type) {
  const auto type = sip::ContentType::parse(content_type);
  return type && type->is("application", "sdp");
}

// RFC 3261 §20.11: whether a body may be passed over; "" when it does not say.
View handling_of(View disposition) {
  const size_t semicolon = disposition.find(';');
  if (semicolon == View::npos) return {};
  const auto handling = sip::find_param(disposition.substr(semicolon + 1), "handling");
  return !handling ? View() : iequals(*handling, "optional") ? "optional" : "required";
}

// No coding that would have to be undone.
bool is_plain(View encoding) {
  for (const View plain : {"", "identity", "7bit", "8bit", "binary"}) {
    if (iequals(encoding, plain)) return true;
  }
  return false;
}

// Of a body of several parts; nothing when it is none. Parts that we do not know are passed over unless they demand to
// be understood (RFC 5621 §3.2 would have all of them do so that say nothing; those that come with SDP in practice,
// ISUP and the like, mean the other).
std::optional<BodyKind> kind_inside(View content_type, View body) {
  sip::Multipart parts(content_type, body);
  if (!parts.good()) return {};
  bool sdp = false, any = false;
  sip::Part part;
  while (parts.next(part)) {
    any = true;
    if (is_sdp(part.content_type) && is_plain(part.encoding)) {
      sdp = true;
    } else if (is_sdp(part.content_type) || handling_of(part.disposition) == "required") {
      return BodyKind::other;
    }
  }
  return sdp ? BodyKind::sdp : any ? BodyKind::none : BodyKind::other;
}

}  // namespace

void append_crossing(std::string& out, const sip::Message& m, Crossing kind) {
  for (const Row& r : kRows) {
    if (!crosses(r, kind)) continue;
    if (const sip::Header* h = m.find(r.header)) append_line(out, r.header, h->value);
  }
}

void append_body_lines(std::string& out, const sip::Message& m) {
  for (const HeaderId id : kBodyHeaders) {
    if (const sip::Header* h = m.find(id)) append_line(out, id, h->value);
  }
}

BodyKind body_kind(const sip::Message& m) {
  if (m.body().empty()) return BodyKind::none;
  const View value = m.value(HeaderId::content_type);
  if (is_plain(m.value(HeaderId::content_encoding))) {
    if (is_sdp(value)) return BodyKind::sdp;
    if (const auto kind = kind_inside(value, m.body())) return *kind;
  }
  return handling_of(m.value(HeaderId::content_disposition)) == "optional" ? BodyKind::none : BodyKind::other;
}

View sdp_of(const sip::Message& m) {
  if (m.value(HeaderId::content_type) == kSdp && m.find(HeaderId::content_encoding) == nullptr) return m.body();
  if (body_kind(m) != BodyKind::sdp) return {};
  const View value = m.value(HeaderId::content_type);
  if (is_sdp(value)) return m.body();
  sip::Multipart parts(value, m.body());
  sip::Part part;
  while (parts.next(part)) {
    if (is_sdp(part.content_type)) return part.body;
  }
  return {};
}

void append_reason(std::string& out, int cause) {
  if (cause == 0) return;
  out.append("Reason: Q.850;cause=");
  append_number(out, static_cast<uint64_t>(cause));
  if (const std::string_view text = text_of_cause(cause); !text.empty())
    out.append(";text=\"").append(text).append("\"");
  out.append("\r\n");
}

int reason_cause(const sip::Message& m) {
  int q850 = 0, of_sip = 0;
  sip::for_each_value(m, HeaderId::reason, [&](View value) {
    const size_t semicolon = value.find(';');
    if (semicolon == View::npos) return true;
    const View protocol = trim(value.substr(0, semicolon));
    const auto number = sip::find_param(value.substr(semicolon + 1), "cause");
    if (!number) return true;
    if (iequals(protocol, "Q.850") && q850 == 0) q850 = static_cast<int>(to_number<uint8_t>(*number).value_or(0));
    const auto status = iequals(protocol, "SIP") ? to_number<uint16_t>(*number) : std::nullopt;
    // RFC 3326 §3.1: a CANCEL says "SIP;cause=200" for a call that was taken elsewhere.
    if (status && of_sip == 0)
      of_sip = *status == 200 ? cause::kElsewhere : *status >= 300 ? cause_of_status(*status) : 0;
    return true;
  });
  return q850 <= cause::kHighest && q850 != 0 ? q850 : of_sip;
}

}  // namespace carillon::call
