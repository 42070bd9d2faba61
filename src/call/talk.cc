#include "call/talk.h"

#include "base/text.h"
#include "call/identity.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/session_timer.h"
#include "sip/reconnect.h"

namespace carillon::call {

namespace {

// 48 bits that lead from a tag to its leg.
uint64_t owner_bits(LegRef ref) { return static_cast<uint64_t>(ref.generation & 0xffff) << 32 | ref.index; }

// A party without its tag.
std::string party_of(const sip::NameAddr& a) {
  std::string text(a.display);
  if (!text.empty()) text.push_back(' ');
  return text.append("<").append(a.uri.text).append(">");
}

sip::RequestParts parts_of(const Leg& leg, View method, View headers, View content_type, View body, uint64_t user) {
  sip::RequestParts p;
  p.method = method;
  p.request_uri = sip::request_uri(leg.dialog);
  p.headers = headers;
  p.content_type = content_type;
  p.body = body;
  p.target.flow = leg.flow;
  p.target.reconnect_port = reconnect_port(leg);
  p.user = user;
  return p;
}

// RFC 3261 §12.1.1: a response that makes a dialog repeats the Record-Route values.
void append_record_route(std::string& out, const sip::Dialog& d) {
  for (const std::string& route : d.routes) out.append("Record-Route: ").append(route).append("\r\n");
}

// Does a dialog's flow need to be looked for? A connection that is gone does, and an address from which nothing is
// registered any more: a NAT has moved the phone, and it has registered from its new place.
bool is_lost(const Turn& t, const Leg& leg) {
  const sip::ConnectionId connection = leg.flow.connection;
  if (sip::is_stream(leg.flow.transport))
    return connection == 0 || connection == sip::kGoneConnection || t.core.gone.contains(connection);
  return !t.context.registrar.knows_flow(leg.flow);
}

// Of the phone's bindings the one that is this party: by its id or contact; any, when there is only one or when
// connections were lost, which says nothing of who was behind them.
const registrar::Binding* binding_of(const Turn& t, const Leg& leg) {
  const bool stream = sip::is_stream(leg.flow.transport);
  const registrar::Binding *same = nullptr, *newest = nullptr;
  size_t count = 0;
  for (const registrar::Binding* b : t.context.registrar.of_line(leg.line)) {
    if (b->phone != leg.phone || b->expires <= t.now() || (stream && !b->reachable)) continue;
    count++;
    if (newest == nullptr || b->refreshed > newest->refreshed) newest = b;
    const bool is_same = b->id == leg.binding || b->contact == leg.dialog.target;
    if (is_same && (same == nullptr || b->refreshed > same->refreshed)) same = b;
  }
  if (same != nullptr) return same;
  return stream || count == 1 ? newest : nullptr;
}

}  // namespace

uint16_t reconnect_port(const Leg& leg) {
  return leg.outbound ? 0 : sip::reconnect_port(sip::next_hop(leg.dialog), leg.flow);
}

bool find_way(Turn& t, Leg& leg) {
  if (!is_lost(t, leg)) return false;
  sip::Flow way = leg.flow;
  if (const registrar::Binding* b = binding_of(t, leg)) {
    way = b->flow;
  } else if (const uint16_t port = reconnect_port(leg)) {
    way.connection = 0;
    way.remote.port = port;
  }
  if (way == leg.flow) return false;
  leg.flow = way;
  leg.host = t.core.host_of(leg.flow);
  return true;
}

void follow_answer(Core& core, Leg& leg, const sip::Event& e) {
  if (sip::follow_answer(leg.flow, e)) leg.host = core.host_of(leg.flow);
}

Leg& add_leg(Turn& t, bool inbound, const sip::Flow& flow) {
  const LegRef ref = t.core.legs.emplace();
  Leg& leg = *t.leg(ref);
  leg.self = ref;
  leg.call = t.call.self;
  leg.inbound = inbound;
  leg.flow = flow;
  leg.host = t.core.host_of(flow);
  leg.dialog.local_tag = t.context.stack.mint_tag(owner_bits(ref));
  leg.origin.id = t.core.random.next32();
  if (Leg* head = t.leg(t.call.first)) {
    leg.next = head->next;
    head->next = ref;
  } else {
    t.call.first = ref;
  }
  return leg;
}

void answer_request(Turn& t, const sip::Event& request, int status, View headers, View content_type, View body) {
  const sip::ResponseParts parts{status, {}, {}, headers, content_type, body};
  const sip::TxnId txn = t.context.stack.accept(t.now(), request, false, t.context.out);
  if (txn.valid()) {
    t.context.stack.respond(t.now(), txn, parts, t.context.out);
  } else {
    t.context.stack.reply(request, parts, t.context.out);
  }
}

void answer_invite(Turn& t, Leg& leg, sip::TxnId txn, int status, View headers, View sdp, uint32_t rseq) {
  if (!txn.valid()) return;  // a stand-in: nobody asked
  std::string& h = t.core.headers;
  h.clear();
  if (status < 300) {
    append_record_route(h, leg.dialog);
    append_contact(h, leg);
    h.append(kAllowLine).append(kSupportedLine);  // who wants to transfer by Replaces has to know (RFC 3891 §4)
    if (status >= 200) append_session_timer_answer(h, leg);
  }
  if (rseq != 0) {
    h.append("Require: 100rel\r\nRSeq: ");
    append_number(h, rseq);
    h.append("\r\n");
  }
  h.append(headers);
  const sip::ResponseParts parts{status, {}, leg.dialog.local_tag, h, sdp.empty() ? View() : kSdp, sdp};
  t.context.stack.respond(t.now(), txn, parts, t.context.out, rseq);
}

Exchange* add_exchange(Turn& t, Leg& on, const Leg* from, Exchange::Kind kind) {
  if (t.core.exchanges.full()) return nullptr;
  const ExchangeRef ref = t.core.exchanges.emplace();
  Exchange& x = *t.core.exchanges.find(ref);
  x.self = ref;
  x.kind = kind;
  x.on = on.self;
  if (from != nullptr) x.from = from->self;
  return &x;
}

void drop_exchange(Core& core, Exchange& x) {
  if (Leg* on = core.legs.find(x.on); on != nullptr && on->offering == x.self) on->offering = {};
  if (Leg* from = core.legs.find(x.from)) {
    if (from->serving == x.self) from->serving = {};
    for (ExchangeRef* at = &from->relays; at->valid(); at = &core.exchanges.find(*at)->next) {
      if (*at != x.self) continue;
      *at = x.next;
      break;
    }
  }
  core.exchanges.erase(ExchangeRef(x.self));
}

bool send_request(Turn& t, Leg& leg, Exchange& x, View method, View headers, View content_type, View body) {
  std::string& h = t.core.headers;
  h.clear();
  find_way(t, leg);
  x.cseq = sip::next_cseq(leg.dialog);
  if (x.cseq % kCSeqStep == 0) touch(t.call);
  sip::append_request_lines(h, leg.dialog, method, x.cseq, x.max_forwards);
  h.append(headers);
  x.client = t.context.stack.request(
      t.now(), parts_of(leg, method, h, content_type, body, user_of(Purpose::exchange, x.self)), t.context.out);
  if (x.client.valid()) return true;
  drop_exchange(t.core, x);
  return false;
}

Duration glare_wait(Core& core, const Leg& leg) {
  return leg.inbound ? milliseconds(10 * core.random.below(201)) : milliseconds(2100 + 10 * core.random.below(191));
}

void send_ack(Turn& t, Leg& leg, uint32_t cseq, View sdp) {
  std::string& h = t.core.headers;
  h.clear();
  // The first 2xx has just come by the leg's address; who has moved repeats it, and repeat_ack() looks for the way.
  if (leg.progress == Progress::confirmed || sip::is_stream(leg.flow.transport)) find_way(t, leg);
  sip::append_request_lines(h, leg.dialog, "ACK", cseq, limits::kMaxForwards);
  if (leg.last_ack_cseq != 0) {
    leg.previous_ack = std::move(leg.last_ack);
    leg.previous_ack_cseq = leg.last_ack_cseq;
  }
  leg.last_ack = t.context.stack.ack(parts_of(leg, "ACK", h, sdp.empty() ? View() : kSdp, sdp, 0));
  leg.last_ack_cseq = cseq;
  leg.owes_ack = false;
  t.context.out.transmit.push_back(leg.last_ack);
}

void repeat_ack(Turn& t, Leg& leg, uint32_t cseq) {
  if (leg.owes_ack && cseq == leg.owed_ack_cseq) return;  // the answer that it is to carry is due
  find_way(t, leg);
  for (sip::Transmit* ack : {&leg.last_ack, &leg.previous_ack}) {
    if (cseq != (ack == &leg.last_ack ? leg.last_ack_cseq : leg.previous_ack_cseq)) continue;
    ack->flow = leg.flow;
    t.context.out.transmit.push_back(*ack);
    return;
  }
  std::string& h = t.core.headers;
  h.clear();
  sip::append_request_lines(h, leg.dialog, "ACK", cseq, limits::kMaxForwards);
  t.context.out.transmit.push_back(t.context.stack.ack(parts_of(leg, "ACK", h, {}, {}, 0)));
}

void dismiss_stray(Core& core, Context& context, const sip::Event& response, bool bye) {
  const sip::Message& m = *response.message;
  Leg leg;
  leg.flow = response.flow;
  sip::Dialog& d = leg.dialog;
  d.call_id = m.call_id();
  d.local_tag = m.from_tag();
  d.remote_tag = m.to_tag();
  d.local = party_of(m.from());
  d.remote = party_of(m.to());
  d.local_cseq = m.cseq().number;
  if (!d.confirm(m) || d.target.empty()) return;
  std::string& h = core.headers;
  h.clear();
  sip::append_request_lines(h, leg.dialog, "ACK", m.cseq().number, limits::kMaxForwards);
  context.out.transmit.push_back(context.stack.ack(parts_of(leg, "ACK", h, {}, {}, 0)));
  if (!bye) return;
  h.clear();
  sip::append_request_lines(h, leg.dialog, "BYE", sip::next_cseq(d), limits::kMaxForwards);
  context.stack.request(context.now, parts_of(leg, "BYE", h, {}, {}, 0), context.out);
}

void send_prack(Turn& t, Leg& leg, uint32_t rseq, View sdp) {
  std::string& h = t.core.headers;
  h.clear();
  find_way(t, leg);
  sip::append_request_lines(h, leg.dialog, "PRACK", sip::next_cseq(leg.dialog), limits::kMaxForwards);
  h.append("RAck: ");
  append_number(h, rseq);
  h.append(" ");
  append_number(h, leg.invite_cseq);
  h.append(" INVITE\r\n");
  t.context.stack.request(
      t.now(), parts_of(leg, "PRACK", h, sdp.empty() ? View() : kSdp, sdp, user_of(Purpose::prack, leg.self)),
      t.context.out);
}

void send_bye(Turn& t, Leg& leg, int cause) {
  if (leg.over()) return;
  if (leg.inbound && leg.progress == Progress::answered) {
    leg.bye_wanted = true;
    return;
  }
  if (leg.owes_ack) send_ack(t, leg, leg.owed_ack_cseq, {});
  leg.progress = Progress::ending;
  t.core.schedule.clear(t.core.legs, leg);
  t.core.text.clear();
  append_reason(t.core.text, cause);
  Exchange* x = add_exchange(t, leg, nullptr, Exchange::Kind::bye);
  if (x == nullptr || !send_request(t, leg, *x, "BYE", t.core.text, {}, {})) leg.progress = Progress::ended;
}

void let_go(Turn& t, Leg& leg, View reason_line) {
  if (leg.over()) return;
  leg.progress = Progress::letting_go;
  t.core.schedule.clear(t.core.legs, leg);
  t.context.stack.cancel(t.now(), leg.invite, reason_line, t.context.out);
}

}  // namespace carillon::call
