#include <algorithm>
#include <array>
#include <cerrno>

#include "net/udp.h"
#include "net/udp_control.h"

namespace carillon::net {

struct UdpSender::Impl {
  std::array<mmsghdr, kBatch> headers{};
  std::array<iovec, kBatch> parts{};
  std::array<SockAddr, kBatch> names{};
  alignas(cmsghdr) std::array<std::array<char, kControlBytes>, kBatch> controls{};
};

UdpSender::UdpSender() : impl_(std::make_unique<Impl>()) { batch_.reserve(kBatch); }
UdpSender::~UdpSender() = default;

void UdpSender::add(const UdpSocket& socket, const sip::Transmit& transmit, const UnsentFn& unsent) {
  batch_.push_back(&transmit);
  if (batch_.size() == kBatch) flush(socket, unsent);
}

void UdpSender::flush(const UdpSocket& socket, const UnsentFn& unsent) {
  size_t sent = 0;
  if (queue_.empty() && !batch_.empty()) sent = send(socket, 0, unsent);
  for (size_t i = sent; i < batch_.size(); i++) {
    if (queue_.size() < kQueue) {
      queue_.push_back(*batch_[i]);
    } else {
      dropped_++;
    }
  }
  batch_.clear();
}

void UdpSender::resume(const UdpSocket& socket, const UnsentFn& unsent) {
  while (!queue_.empty()) {
    const size_t n = std::min(queue_.size(), kBatch);
    for (size_t i = 0; i < n; i++) batch_.push_back(&queue_[i]);
    const size_t sent = send(socket, 0, unsent);
    batch_.clear();
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(sent));
    if (sent < n) return;
  }
}

// Sends batch_ from `from` on; returns how many are done with (sent, or impossible to send).
size_t UdpSender::send(const UdpSocket& socket, size_t from, const UnsentFn& unsent) {
  Impl& m = *impl_;
  const size_t n = batch_.size();
  for (size_t i = 0; i < n; i++) {
    const sip::Transmit& t = *batch_[i];
    msghdr& h = m.headers[i].msg_hdr;
    h.msg_name = &m.names[i];
    h.msg_namelen = to_sockaddr(t.flow.remote, m.names[i]);
    const std::string_view bytes = t.packet.view();
    m.parts[i] = {const_cast<char*>(bytes.data()), bytes.size()};
    h.msg_iov = &m.parts[i], h.msg_iovlen = 1;
    h.msg_control = nullptr, h.msg_controllen = 0;
    if (socket.names_local() && !t.flow.local.is_any()) {
      h.msg_control = m.controls[i].data();
      set_local(h, t.flow.local);
    }
  }
  int refused = 0;  // in a row, for one datagram
  while (from < n) {
    const int sent = sendmmsg(socket.fd(), m.headers.data() + from, static_cast<unsigned>(n - from), MSG_DONTWAIT);
    if (sent > 0) {
      from += static_cast<size_t>(sent), refused = 0;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
      return from;
    } else if (errno == EINTR) {
      continue;
    } else if (errno == ECONNREFUSED && ++refused < 8) {
      drain_errors(socket, unsent);  // the error of an earlier datagram; this one has not been tried
    } else {
      unsent(batch_[from]->flow);
      from++, refused = 0;
    }
  }
  return from;
}

}  // namespace carillon::net
