#include "load/socket.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace load {
namespace {
constexpr size_t kBatch = 64;
constexpr size_t kDatagram = 4096;
}  // namespace

sockaddr_in address_of(const std::string& ip, int port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(static_cast<uint16_t>(port));
  if (inet_pton(AF_INET, ip.c_str(), &a.sin_addr) != 1) {
    std::fprintf(stderr, "error: %s is not an IPv4 address\n", ip.c_str());
    std::exit(2);
  }
  return a;
}

Socket::Socket(const std::string& ip, int port) : fd_(socket(AF_INET, SOCK_DGRAM, 0)), buffers_(kBatch * kDatagram) {
  const int size = 4 << 20;
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  const sockaddr_in a = address_of(ip, port);
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&a), sizeof a) != 0) {
    std::perror(("bind " + ip + ":" + std::to_string(port)).c_str());
    std::exit(2);
  }
}

Socket::~Socket() { close(fd_); }

std::string& Socket::compose(const sockaddr_in& to) {
  if (queued_ == queue_.size()) queue_.emplace_back();
  Outgoing& next = queue_[queued_++];
  next.to = to;
  next.bytes.clear();
  return next.bytes;
}

void Socket::flush() {
  std::array<mmsghdr, kBatch> messages;
  std::array<iovec, kBatch> parts;
  for (size_t done = 0; done < queued_;) {
    const size_t n = std::min(kBatch, queued_ - done);
    for (size_t i = 0; i < n; i++) {
      Outgoing& o = queue_[done + i];
      parts[i] = {o.bytes.data(), o.bytes.size()};
      messages[i] = {};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_name = &o.to;
      messages[i].msg_hdr.msg_namelen = sizeof o.to;
    }
    const int sent = sendmmsg(fd_, messages.data(), static_cast<unsigned>(n), 0);
    if (sent <= 0) break;  // what was not sent is lost, as on a network; timers repair it
    done += static_cast<size_t>(sent);
  }
  queued_ = 0;
}

void Socket::receive(const std::function<void(std::string_view, const sockaddr_in&)>& f) {
  std::array<mmsghdr, kBatch> messages;
  std::array<iovec, kBatch> parts;
  std::array<sockaddr_in, kBatch> from;
  for (size_t i = 0; i < kBatch; i++) {
    parts[i] = {&buffers_[i * kDatagram], kDatagram};
    messages[i] = {};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &from[i];
    messages[i].msg_hdr.msg_namelen = sizeof from[i];
  }
  const int n = recvmmsg(fd_, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < n; i++) {
    const auto k = static_cast<size_t>(i);
    f({&buffers_[k * kDatagram], messages[k].msg_len}, from[k]);
  }
}

}  // namespace load
