#include "call/refer_notify.h"

#include <algorithm>

#include "base/text.h"
#include "call/feature.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/modify.h"
#include "call/relay.h"
#include "call/talk.h"
#include "call/transfer.h"
#include "sip/message/event.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

constexpr uint32_t kLongest = 600;  // seconds

void append_event(std::string& h, const ReferNotify& r) {
  h.append("Event: refer");
  if (r.with_id) {
    h.append(";id=");
    append_number(h, r.id);
  }
  h.append("\r\n");
}

void append_state(std::string& h, const ReferNotify& r, Instant now, bool last, View reason) {
  h.append("Subscription-State: ");
  if (last) {
    h.append("terminated;reason=").append(reason);
  } else {
    h.append("active;expires=");
    append_number(h, static_cast<uint64_t>(std::max<int64_t>((r.expires - now).seconds(), 1)));
  }
  h.append("\r\n");
}

void send_notify(Turn& t, Leg& leg, ReferNotify& r, bool last, View reason) {
  Exchange* x = add_exchange(t, leg, nullptr, Exchange::Kind::notify);
  r.told = r.status;
  r.last_told = last;
  if (x == nullptr) return void(r.wanted = false);
  r.under_way = x->self;
  std::string& h = t.core.text;
  h.clear();
  append_contact(h, leg);
  append_event(h, r);
  append_state(h, r, t.now(), last, reason);
  std::string& body = t.core.body;
  body.clear();
  sip::Writer(body).status_line(r.status, {});
  if (!send_request(t, leg, *x, "NOTIFY", h, "message/sipfrag;version=2.0", body)) r.wanted = false, r.under_way = {};
}

}  // namespace

bool tell_transferor(Core& core, Context& context, Transfer& tr) {
  ReferNotify& r = tr.refer;
  if (r.held) return false;
  Leg* leg = core.legs.find(tr.transferor);
  // Its own BYE leaves the subscription alive (RFC 5057 §4); who has had ours expects nothing more.
  if (leg == nullptr || context.now > r.expires || (leg->over() && !tr.left)) r.wanted = false;
  if (!r.wanted) return r.last;
  if (r.under_way.valid() || r.last_told || (r.told == r.status && !r.last && !r.unsubscribed)) return false;
  Turn t{core, context, *core.calls.find(leg->call)};
  send_notify(t, *leg, r, r.last || r.unsubscribed, r.last ? "noresource" : "timeout");
  return !r.wanted && r.last;
}

bool notify_result(Turn& t, Transfer& tr, Exchange& x, const LegEvent& e) {
  ReferNotify& r = tr.refer;
  const bool mine = r.under_way == x.self;
  drop_exchange(t.core, x);
  if (!mine) return false;
  r.under_way = {};
  // RFC 6665 §4.2.2: whoever does not take NOTIFYs has no subscription any more.
  if (e.kind != LegEvent::Kind::answered || r.last_told) r.wanted = false;
  return tell_transferor(t.core, t.context, tr);
}

bool show_transferor(Core& core, Context& context, Transfer& tr, const Party& party) {
  Leg* leg = core.legs.find(tr.transferor);
  Call* held = leg == nullptr ? nullptr : core.calls.find(leg->call);
  const bool can = held != nullptr && leg->progress == Progress::confirmed && is_quiet(*leg);
  if (!can || (!leg->peer_update && leg->sent_sdp.empty())) return false;
  Turn t{core, context, *held};
  (t.is_caller(*leg) ? held->called : held->calling) = party;
  Exchange* x = add_exchange(t, *leg, nullptr, Exchange::Kind::refresh);
  if (x == nullptr) return false;
  x->invite = x->offered = !leg->peer_update;
  leg->offering = x->self;
  std::string& h = t.core.text;
  h.clear();
  append_modification_lines(h, *leg);
  append_other_party(h, t, *leg, "calling");
  const std::string sdp = x->invite ? leg->sent_sdp : std::string();
  return send_request(t, *leg, *x, x->invite ? "INVITE" : "UPDATE", h, sdp.empty() ? View() : kSdp, sdp);
}

void take_refer_subscribe(Turn& t, Leg& leg, const sip::Event& e) {
  Transfer* tr = t.core.transfers.find(leg.transfer);
  const auto event = sip::EventPackage::parse(e.message->value(sip::HeaderId::event));
  const bool mine = tr != nullptr && tr->transferor == leg.self && tr->refer.wanted && event &&
                    (event->id.empty() || to_number<uint32_t>(event->id) == tr->refer.id);
  // 481 would end the whole dialog for the phone, not the subscription alone (RFC 5057 §5.1).
  if (!mine) return answer_request(t, e, 403, {}, {}, {});
  const uint32_t asked = e.message->number(sip::HeaderId::expires).value_or(kLongest);
  const uint32_t granted = std::min(asked, kLongest);
  ReferNotify& r = tr->refer;
  r.expires = t.now() + seconds(std::max(granted, 1u));
  std::string h = "Expires: ";
  append_number(h, granted);
  h.append("\r\n");
  append_contact(h, leg);
  answer_request(t, e, 200, h, {}, {});
  r.unsubscribed = granted == 0;
  r.told = 0;  // RFC 6665 §4.2.1.2: each SUBSCRIBE has its NOTIFY
  tell_transferor(t.core, t.context, *tr);
}

}  // namespace carillon::call
