#include "load/runner.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "load/text.h"

namespace load {
namespace {
constexpr double kT1 = 0.5;
constexpr double kGiveUp = 32;
}  // namespace

Runner::Runner(const Options& options)
    : options_(options),
      socket_(options.local_ip, options.port),
      target_(address_of(options.target_ip, options.target_port)),
      salt_(static_cast<uint32_t>(getpid()) * 2654435761u) {
  const long n = options.rate > 0 ? std::max(options.concurrency, options.rate * 8) : options.concurrency;
  slots_.resize(static_cast<size_t>(n));
  for (long i = n; i-- > 0;) free_.push_back(static_cast<uint32_t>(i));
}

std::string Runner::call_id(uint32_t slot) const {
  return std::to_string(slot) + "." + std::to_string(slots_[slot].generation) + "." + std::to_string(salt_) + "@" +
         options_.local_ip;
}

Slot* Runner::slot_of(std::string_view message, uint32_t* index) {
  unsigned i = 0, generation = 0, salt = 0;
  const std::string id(header(message, "Call-ID", 'i'));
  if (std::sscanf(id.c_str(), "%u.%u.%u@", &i, &generation, &salt) != 3 || salt != salt_ || i >= slots_.size())
    return nullptr;
  Slot& s = slots_[i];
  if (!s.busy || s.generation != generation) return nullptr;
  *index = i;
  return &s;
}

void Runner::send(uint32_t index, std::string_view method, std::string_view uri, std::string_view extra,
                  std::string_view body, bool resend) {
  Slot& s = slots_[index];
  std::string& o = socket_.compose(target_);
  o.append(method)
      .append(" ")
      .append(uri)
      .append(" SIP/2.0\r\nVia: SIP/2.0/UDP ")
      .append(options_.local_ip)
      .append(":");
  o.append(std::to_string(options_.port)).append(";branch=z9hG4bK").append(std::to_string(salt_)).append(".");
  o.append(std::to_string(index))
      .append(".")
      .append(std::to_string(s.generation))
      .append(".")
      .append(std::to_string(s.branch));
  o.append(";rport\r\n").append(s.routes).append("Max-Forwards: 70\r\nFrom: \"Line ").append(s.user).append("\" <sip:");
  o.append(s.user).append("@").append(options_.domain).append(">;tag=a").append(std::to_string(index)).append("b");
  o.append(std::to_string(s.generation)).append("\r\nTo: ").append(s.to).append("\r\nCall-ID: ").append(call_id(index));
  o.append("\r\nCSeq: ").append(std::to_string(s.cseq)).append(" ").append(method).append("\r\n").append(extra);
  o.append("User-Agent: carillon-load\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER, UPDATE\r\n");
  if (!body.empty()) o.append("Content-Type: application/sdp\r\n");
  o.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  if (!resend) return;
  s.last = o;
  s.sent = now_s();
  s.resends = 0;
}

std::string Runner::sdp(int port) const {
  return "v=0\r\no=- 7 7 IN IP4 " + options_.local_ip + "\r\ns=-\r\nc=IN IP4 " + options_.local_ip +
         "\r\nt=0 0\r\nm=audio " + std::to_string(port) +
         " RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
         "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";
}

void Runner::finish(uint32_t index, bool good) {
  Slot& s = slots_[index];
  (good ? figures_.ok : figures_.failed)++;
  s.busy = false;
  free_.push_back(index);
}

void Runner::start_more(double now, double begun) {
  for (int burst = 0; burst < 64 && started_ < options_.count && !free_.empty(); burst++) {
    if (options_.rate > 0 && static_cast<double>(started_) >= (now - begun) * static_cast<double>(options_.rate))
      return;
    const uint32_t index = free_.back();
    free_.pop_back();
    Slot& s = slots_[index];
    s.busy = true;
    s.generation++;
    s.state = 0, s.cseq = 1, s.branch = 0, s.started = now;
    s.routes.clear();
    s.user = std::to_string(options_.first_user + started_ % options_.users);
    s.callee = std::to_string(options_.first_callee + started_ % options_.callees);
    started_++;
    begin(index);
  }
}

void Runner::resend_lost(double now) {
  for (uint32_t i = 0; i < slots_.size(); i++) {
    Slot& s = slots_[i];
    if (!s.busy) continue;
    if (now - s.started > kGiveUp) {
      finish(i, false);
    } else if (s.sent >= 0 && s.resends < 7 && now - s.sent > kT1 * (1 << s.resends)) {
      s.resends++;
      figures_.retransmissions++;
      socket_.compose(target_) = s.last;
    }
  }
}

Figures Runner::run() {
  const double begun = now_s(), limit = begun + static_cast<double>(options_.timeout_s);
  double checked = begun;
  Socket* const other = second_socket();
  pollfd waiting[2] = {{socket_.fd(), POLLIN, 0}, {other == nullptr ? -1 : other->fd(), POLLIN, 0}};
  while (figures_.ok + figures_.failed < options_.count && now_s() < limit) {
    const double now = now_s();
    start_more(now, begun);
    tick(now);
    if (now - checked > 0.1) checked = now, resend_lost(now);
    socket_.flush();
    if (other != nullptr) other->flush();
    if (poll(waiting, 2, 1) <= 0) continue;
    if ((waiting[0].revents & POLLIN) != 0) {
      socket_.receive([&](std::string_view m, const sockaddr_in& from) { on_message(m, from, false); });
    }
    if (other != nullptr && (waiting[1].revents & POLLIN) != 0) {
      other->receive([&](std::string_view m, const sockaddr_in& from) { on_message(m, from, true); });
    }
  }
  figures_.failed += options_.count - figures_.ok - figures_.failed;
  return figures_;
}

}  // namespace load
