#pragma once
// The loop that both kinds of load share: slots that each carry one operation, pace, retransmission, figures.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/socket.h"

namespace load {

struct Options {
  std::string target_ip = "127.0.0.1", local_ip = "127.0.0.1", domain, password_prefix = "pw";
  int target_port = 5060, port = 17060, callee_port = 17070;
  long users = 20000, first_user = 100000, callees = 1000, first_callee = 150000;
  long count = 20000, concurrency = 100, rate = 0, ring_ms = 20, hold_ms = 50, timeout_s = 120, expires = 3600;
};

inline double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Slot {
  bool busy = false;
  uint32_t generation = 0;
  int state = 0, cseq = 1, resends = 0;
  uint32_t branch = 0;
  double started = 0, sent = 0;  // seconds; sent < 0: nothing to resend
  std::string user, callee, to, remote_target, routes, last;
};

struct Figures {
  long ok = 0, failed = 0, retransmissions = 0, unexpected = 0;
  std::vector<float> latency_ms;  // REGISTER: first request to 200; call: INVITE to 200
};

// One kind of load. The runner calls begin() for a free slot; the load calls finish().
class Runner {
 public:
  explicit Runner(const Options& options);
  virtual ~Runner() = default;
  Figures run();

 protected:
  virtual void begin(uint32_t slot) = 0;
  virtual void on_message(std::string_view message, const sockaddr_in& from, bool at_callee) = 0;
  virtual void tick(double) {}
  virtual Socket* second_socket() { return nullptr; }

  void finish(uint32_t slot, bool good);
  // Request line, Via and the headers that every request of ours has; `extra` are whole lines.
  void send(uint32_t slot, std::string_view method, std::string_view uri, std::string_view extra, std::string_view body,
            bool resend);
  std::string call_id(uint32_t slot) const;
  // The slot that a response belongs to, or nothing.
  Slot* slot_of(std::string_view message, uint32_t* index);
  std::string sdp(int port) const;

  Options options_;
  Socket socket_;
  sockaddr_in target_;
  std::vector<Slot> slots_;
  Figures figures_;
  long started_ = 0;

 private:
  void start_more(double now, double begun);
  void resend_lost(double now);
  std::vector<uint32_t> free_;
  uint32_t salt_;
};

Figures run_register(const Options& options);
Figures run_call(const Options& options);

}  // namespace load
