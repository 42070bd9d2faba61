// Phones that register: REGISTER, 401, REGISTER with credentials, 200.

#include "load/runner.h"
#include "load/text.h"

namespace load {
namespace {

class Registering : public Runner {
 public:
  using Runner::Runner;

 private:
  void send_register(uint32_t slot, const std::string& credentials) {
    Slot& s = slots_[slot];
    s.branch++;
    send(slot, "REGISTER", "sip:" + options_.domain,
         "Contact: <sip:" + s.user + "@" + options_.local_ip + ":" + std::to_string(options_.port) +
             ">;expires=" + std::to_string(options_.expires) + "\r\n" + credentials,
         {}, true);
  }
  void begin(uint32_t slot) override {
    Slot& s = slots_[slot];
    s.to = "<sip:" + s.user + "@" + options_.domain + ">";
    send_register(slot, {});
  }
  void on_message(std::string_view m, const sockaddr_in& from, bool) override {
    const int status = status_of(m);
    if (status == 0) {  // the server asks something of the phone: a keepalive, a NOTIFY
      figures_.unexpected++;
      respond(socket_.compose(from), m, "200 OK", "load", {}, {});
      return;
    }
    uint32_t index = 0;
    Slot* const s = slot_of(m, &index);
    if (s == nullptr || status < 200 || std::atoi(std::string(header(m, "CSeq")).c_str()) != s->cseq) return;
    if (status == 401 && s->state == 0) {
      s->state = 1;
      s->cseq++;
      send_register(index, authorization(header(m, "WWW-Authenticate"), "Authorization", "REGISTER",
                                         "sip:" + options_.domain, s->user, options_.password_prefix + s->user));
      return;
    }
    if (status == 200) figures_.latency_ms.push_back(static_cast<float>((now_s() - s->started) * 1000));
    finish(index, status == 200);
  }
};

}  // namespace

Figures run_register(const Options& options) { return Registering(options).run(); }

}  // namespace load
