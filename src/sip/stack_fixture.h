#pragma once
// For tests, fuzz targets and benchmarks: a Stack with a clock that is set by hand, messages written as text, and what
// it sends and says kept for looking at.

#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "sip/locate/answer.h"
#include "sip/stack.h"

namespace carillon::sip {

// A message with the bytes that it views.
struct Parsed {
  explicit Parsed(std::string bytes) : text(std::move(bytes)) { fault = message.parse(text, Framing::datagram); }
  std::string text;
  Message message;
  ParseFault fault;
};

// What a request says; every test changes a field or two.
struct RequestText {
  std::string method = "INVITE";
  std::string uri = "sip:1002@192.0.2.1";
  std::string via = "SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bKone;rport";
  std::string more_vias;  // whole lines
  std::string from_tag = "ft";
  std::string to_tag;
  std::string call_id = "call-1";
  int cseq = 1;
  std::string cseq_method;  // "": the method
  std::string headers = "Max-Forwards: 70\r\n";
  std::string body;
  std::string text() const {
    std::string s = method + " " + uri + " SIP/2.0\r\nVia: " + via + "\r\n" + more_vias;
    s += "From: <sip:1001@example.com>;tag=" + from_tag + "\r\nTo: <sip:1002@example.com>";
    s += (to_tag.empty() ? "" : ";tag=" + to_tag) + "\r\nCall-ID: " + call_id + "\r\nCSeq: " + std::to_string(cseq);
    s += " " + (cseq_method.empty() ? method : cseq_method) + "\r\n" + headers;
    return s + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

// The answer of a peer to a request that we sent.
inline std::string answer_text(const Message& request, int status, const std::string& tag,
                               const std::string& headers = {}) {
  std::string s = "SIP/2.0 " + std::to_string(status) + " Whatever\r\n";
  for (const Header& h : request.headers()) {
    const bool copied = h.id == HeaderId::via || h.id == HeaderId::from || h.id == HeaderId::call_id ||
                        h.id == HeaderId::cseq || h.id == HeaderId::to;
    if (!copied) continue;
    s += std::string(h.name) + ": " + std::string(h.value);
    if (h.id == HeaderId::to && request.to_tag().empty() && status != 100) s += ";tag=" + tag;
    s += "\r\n";
  }
  return s + headers + "Content-Length: 0\r\n\r\n";
}

inline Flow udp_flow(const char* remote = "198.51.100.7:5062") {
  return {.transport = Transport::udp, .local = *Address::parse("192.0.2.1:5060"), .remote = *Address::parse(remote)};
}
inline Flow tcp_flow(ConnectionId connection, const char* remote = "198.51.100.7:40000") {
  Flow flow = udp_flow(remote);
  flow.transport = Transport::tcp, flow.listener = 1, flow.connection = connection;
  return flow;
}

inline StackOptions plain_options() {
  StackOptions o;
  for (const Transport t : {Transport::udp, Transport::tcp, Transport::tls}) {
    Listener l;
    l.transport = t;
    l.bound = *Address::parse(t == Transport::tls ? "192.0.2.1:5061" : "192.0.2.1:5060");
    o.listeners.push_back(l);
  }
  return o;
}

class StackFixture {
 public:
  explicit StackFixture(StackOptions options = plain_options(), uint64_t seed = 1)
      : random(seed), stack(std::move(options), random) {}

  // Out is cleared, then filled by the call. The message lives until the next one.
  void receive_text(std::string text, const Flow& from) {
    out.clear();
    heard = std::make_unique<Parsed>(std::move(text));
    CHECK(heard->fault.kind == ParseFault::Kind::none);
    stack.receive(now, from, heard->message, out);
  }
  void receive(const RequestText& r, const Flow& from) { receive_text(r.text(), from); }
  // Moves the clock on, firing whatever is due on the way; all of it stays in `out`.
  void pass(Duration d) {
    out.clear();
    const Instant end = now + d;
    for (int turns = 0; turns < 100000; turns++) {
      const Instant next = stack.next_deadline();
      if (next > end) break;
      now = next > now ? next : now;
      stack.fire(now, out);
    }
    now = end;
    stack.fire(now, out);
  }
  // A request comes in, is accepted, and its transaction returned.
  TxnId accepted(const RequestText& r, const Flow& from) {
    receive(r, from);
    CHECK(out.events.size() == 1 && out.events[0].kind == EventKind::request);
    const Event event = out.events[0];
    return stack.accept(now, event, false, out);
  }
  void respond(TxnId txn, const ResponseParts& parts, uint32_t rseq = 0) {
    out.clear();
    stack.respond(now, txn, parts, out, rseq);
  }
  TxnId request(View method, const Target& target, uint64_t user = 7, View body = {}) {
    out.clear();
    headers =
        "Max-Forwards: 70\r\nRoute: <sip:198.51.100.7;lr>\r\nFrom: <sip:1001@192.0.2.1>;tag=ours\r\n"
        "To: <sip:1002@192.0.2.1>\r\nCall-ID: our-call\r\nCSeq: 5 " +
        std::string(method) + "\r\n";
    return stack.request(now,
                         {.method = method,
                          .request_uri = "sip:1002@198.51.100.7",
                          .headers = headers,
                          .content_type = "application/sdp",
                          .body = body,
                          .target = target,
                          .user = user},
                         out);
  }
  TxnId request(View method, const Flow& flow) { return request(method, Target{.flow = flow}); }
  // The peer answers the request that `sent` holds.
  void answer(const std::string& sent, int status, const Flow& from, const std::string& tag = "peer",
              const std::string& more = {}) {
    Parsed request{sent};
    CHECK(request.fault.kind == ParseFault::Kind::none);
    receive_text(answer_text(request.message, status, tag, more), from);
  }
  // The bytes of what was sent in this turn.
  std::string sent(size_t i = 0) const {
    return i < out.transmit.size() ? std::string(out.transmit[i].packet.view()) : std::string();
  }
  std::string start_line(size_t i = 0) const { return sent(i).substr(0, sent(i).find("\r\n")); }
  size_t count(EventKind kind) const {
    size_t n = 0;
    for (const Event& e : out.events) n += e.kind == kind;
    return n;
  }

  Random random;
  Stack stack;
  Instant now{1'700'000'000'000'000};
  Out out;
  std::unique_ptr<Parsed> heard;
  std::string headers;
};

}  // namespace carillon::sip
