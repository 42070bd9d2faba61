#include <sys/mman.h>

#include <array>
#include <cerrno>

#include "base/check.h"
#include "net/udp.h"
#include "net/udp_control.h"

namespace carillon::net {
namespace {

constexpr size_t kBuffer = 65536;  // no UDP payload is larger
constexpr int kErrorsAtOnce = 64;

}  // namespace

struct UdpReceiver::Impl {
  char* buffers = nullptr;
  std::array<mmsghdr, kBatch> headers{};
  std::array<iovec, kBatch> parts{};
  std::array<SockAddr, kBatch> names{};
  alignas(cmsghdr) std::array<std::array<char, kControlBytes>, kBatch> controls{};
  std::array<Datagram, kBatch> out{};
  size_t used = kBatch;  // headers that the last call changed
};

UdpReceiver::UdpReceiver() : impl_(std::make_unique<Impl>()) {
  void* memory =
      mmap(nullptr, kBatch * kBuffer, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(memory != MAP_FAILED);
  impl_->buffers = static_cast<char*>(memory);
  for (size_t i = 0; i < kBatch; i++) {
    impl_->parts[i] = {impl_->buffers + i * kBuffer, kBuffer};
    msghdr& h = impl_->headers[i].msg_hdr;
    h.msg_iov = &impl_->parts[i];
    h.msg_iovlen = 1;
    h.msg_name = &impl_->names[i];
    h.msg_control = impl_->controls[i].data();
  }
}

UdpReceiver::~UdpReceiver() { munmap(impl_->buffers, kBatch * kBuffer); }

std::span<const Datagram> UdpReceiver::receive(const UdpSocket& socket) {
  Impl& m = *impl_;
  for (size_t i = 0; i < m.used; i++) {
    m.headers[i].msg_hdr.msg_namelen = sizeof(SockAddr);
    m.headers[i].msg_hdr.msg_controllen = kControlBytes;
  }
  const int got = recvmmsg(socket.fd(), m.headers.data(), kBatch, MSG_DONTWAIT, nullptr);
  error_ = got < 0 && errno != EAGAIN && errno != EINTR;
  m.used = got < 0 ? 0 : static_cast<size_t>(got);
  for (size_t i = 0; i < m.used; i++) {
    const mmsghdr& h = m.headers[i];
    Datagram& d = m.out[i];
    d.flow.transport = sip::Transport::udp;
    d.flow.listener = socket.listener();
    d.flow.remote = from_sockaddr(m.names[i]);
    d.flow.local = socket.names_local() ? local_of(h.msg_hdr, socket.bound()) : socket.bound();
    d.bytes = {static_cast<char*>(m.parts[i].iov_base), h.msg_len};
  }
  return {m.out.data(), m.used};
}

void drain_errors(const UdpSocket& socket, const UnsentFn& unsent) {
  for (int i = 0; i < kErrorsAtOnce; i++) {
    char byte[1];
    iovec part{byte, sizeof byte};
    SockAddr name{};
    alignas(cmsghdr) char control[kControlBytes];
    msghdr h{};
    h.msg_name = &name, h.msg_namelen = sizeof name;
    h.msg_iov = &part, h.msg_iovlen = 1;
    h.msg_control = control, h.msg_controllen = sizeof control;
    if (recvmsg(socket.fd(), &h, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
    if (h.msg_namelen == 0) continue;
    sip::Flow flow;
    flow.listener = socket.listener();
    flow.remote = from_sockaddr(name);
    flow.local = local_of(h, socket.bound());
    unsent(flow);
  }
}

}  // namespace carillon::net
