// Callers and callees: INVITE (401 or 407 answered), 180, 200, ACK, hold, BYE, 200.

#include <deque>

#include "load/runner.h"
#include "load/text.h"

namespace load {
namespace {

enum State { inviting, challenged, talking, leaving };

class Calling : public Runner {
 public:
  explicit Calling(const Options& options) : Runner(options), callee_(options.local_ip, options.callee_port) {}

 private:
  struct Due {
    double at;
    uint32_t slot, generation;
  };
  struct Ringing {
    double at;
    sockaddr_in from;
    std::string invite;
  };

  Socket* second_socket() override { return &callee_; }

  void send_invite(uint32_t slot, const std::string& credentials) {
    Slot& s = slots_[slot];
    s.branch++;
    send(slot, "INVITE", "sip:" + s.callee + "@" + options_.domain,
         "Contact: <sip:" + s.user + "@" + options_.local_ip + ":" + std::to_string(options_.port) + ">\r\n" +
             credentials,
         sdp(30000), true);
  }
  void begin(uint32_t slot) override {
    Slot& s = slots_[slot];
    s.to = "<sip:" + s.callee + "@" + options_.domain + ">";
    send_invite(slot, {});
  }

  void tick(double now) override {
    for (; !holds_.empty() && holds_.front().at <= now; holds_.pop_front()) {
      const Due due = holds_.front();
      Slot& s = slots_[due.slot];
      if (!s.busy || s.generation != due.generation) continue;
      s.state = leaving;
      s.cseq++, s.branch++;
      send(due.slot, "BYE", s.remote_target, {}, {}, true);
    }
    for (; !rings_.empty() && rings_.front().at <= now; rings_.pop_front()) {
      answer(rings_.front().from, rings_.front().invite);
    }
  }

  std::string contact(int port) const {
    return "Contact: <sip:phone@" + options_.local_ip + ":" + std::to_string(port) + ">\r\n";
  }
  static std::string tag_of(std::string_view m) {
    return "c" + std::to_string(std::hash<std::string_view>()(header(m, "Call-ID", 'i')) & 0xffffffff);
  }
  void answer(const sockaddr_in& from, std::string_view invite) {
    respond(callee_.compose(from), invite, "200 OK", tag_of(invite), contact(options_.callee_port), sdp(30002));
  }

  void on_request(std::string_view m, const sockaddr_in& from, bool at_callee) {
    const auto method = method_of(m);
    if (method == "ACK") return;
    Socket& here = at_callee ? callee_ : socket_;
    if (method == "INVITE" && at_callee && header(m, "To", 't').find(";tag=") == std::string_view::npos) {
      respond(here.compose(from), m, "180 Ringing", tag_of(m), contact(options_.callee_port), {});
      if (options_.ring_ms <= 0) {
        answer(from, m);
      } else {
        rings_.push_back({now_s() + static_cast<double>(options_.ring_ms) / 1000, from, std::string(m)});
      }
      return;
    }
    if (method != "BYE" || !at_callee) figures_.unexpected++;
    respond(here.compose(from), m, "200 OK", tag_of(m), {}, {});
  }

  void on_failure(std::string_view m, int status, Slot& s, uint32_t index) {
    const std::string line(s.to), uri = "sip:" + s.callee + "@" + options_.domain;
    s.to = header(m, "To", 't');
    send(index, "ACK", uri, {}, {}, false);
    s.to = line;
    if ((status == 401 || status == 407) && s.state == inviting) {
      const bool proxy = status == 407;
      s.state = challenged;
      s.cseq++;
      send_invite(index, authorization(header(m, proxy ? "Proxy-Authenticate" : "WWW-Authenticate"),
                                       proxy ? "Proxy-Authorization" : "Authorization", "INVITE", uri, s.user,
                                       options_.password_prefix + s.user));
    } else if (s.state < talking) {
      finish(index, false);
    }
  }

  void on_answer(std::string_view m, Slot& s, uint32_t index) {
    const bool first = s.state < talking;
    if (first) {
      figures_.latency_ms.push_back(static_cast<float>((now_s() - s.started) * 1000));
      s.state = talking;
      s.sent = -1;
      s.to = header(m, "To", 't');
      const auto value = header(m, "Contact", 'm');
      const size_t open = value.find('<');
      s.remote_target = open == std::string_view::npos ? value.substr(0, value.find(';'))
                                                       : value.substr(open + 1, value.find('>') - open - 1);
      for (int i = 0;; i++) {
        const auto route = header(m, "Record-Route", 0, i);
        if (route.empty()) break;
        s.routes = "Route: " + std::string(route) + "\r\n" + s.routes;
      }
      s.branch++;
      holds_.push_back({now_s() + static_cast<double>(options_.hold_ms) / 1000, index, s.generation});
    }
    send(index, "ACK", s.remote_target, {}, {}, false);
  }

  void on_message(std::string_view m, const sockaddr_in& from, bool at_callee) override {
    const int status = status_of(m);
    if (status == 0) return on_request(m, from, at_callee);
    uint32_t index = 0;
    Slot* const s = slot_of(m, &index);
    if (s == nullptr || std::atoi(std::string(header(m, "CSeq")).c_str()) != s->cseq) return;
    if (cseq_method(m) == "BYE") {
      if (status >= 200) finish(index, status == 200);
    } else if (status < 200) {
      s->sent = -1;
    } else if (status < 300) {
      on_answer(m, *s, index);
    } else {
      on_failure(m, status, *s, index);
    }
  }

  Socket callee_;
  std::deque<Due> holds_;
  std::deque<Ringing> rings_;
};

}  // namespace

Figures run_call(const Options& options) { return Calling(options).run(); }

}  // namespace load
