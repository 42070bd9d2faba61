#include "http/socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <memory>

namespace carillon::http {
namespace {

std::string why() { return std::strerror(errno); }

socklen_t to_system(const Address& from, sockaddr_storage& to) {
  to = {};
  if (from.is_v4()) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(to);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(from.port);
    std::memcpy(&v4.sin_addr, from.ip.data() + 12, 4);
    return sizeof v4;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(to);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(from.port);
  v6.sin6_scope_id = from.scope;
  std::memcpy(&v6.sin6_addr, from.ip.data(), 16);
  return sizeof v6;
}

Address from_system(const sockaddr_storage& from) {
  Address out;
  if (from.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
    return Address::v4(ntohl(v4.sin_addr.s_addr), ntohs(v4.sin_port));
  }
  if (from.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
    std::memcpy(out.ip.data(), &v6.sin6_addr, 16);
    out.port = ntohs(v6.sin6_port);
    out.scope = v6.sin6_scope_id;
  }
  return out;
}

// The address of a socket file. A path too long for sockaddr_un is reached through its directory's descriptor.
struct UnixName {
  sockaddr_un address{};
  Fd directory;
  explicit UnixName(const std::string& path) {
    address.sun_family = AF_UNIX;
    std::string name = path;
    if (path.size() >= sizeof address.sun_path) {
      const size_t slash = path.rfind('/');
      const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash);
      directory = Fd(::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      name = "/proc/self/fd/" + std::to_string(directory.get()) + "/" + path.substr(slash + 1);
    }
    std::memcpy(address.sun_path, name.data(), std::min(name.size(), sizeof address.sun_path - 1));
  }
  const sockaddr* pointer() const { return reinterpret_cast<const sockaddr*>(&address); }
};

Fd new_socket(int family) { return Fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

// Zero, or the errno with which the attempt ended.
int connect_one(const addrinfo& to, Fd& fd, Instant deadline) {
  fd = new_socket(to.ai_family);
  if (!fd.valid()) return errno;
  if (::connect(fd.get(), to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (wait_for(fd.get(), true, -1, deadline) != Ready::yes) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Instant monotonic_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

std::string http_date() {
  const time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  tm parts{};
  ::gmtime_r(&now, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

Result<Fd> listen_tcp(const Address& at) {
  Fd fd = new_socket(at.is_v4() ? AF_INET : AF_INET6);
  const int on = 1;
  sockaddr_storage name;
  const socklen_t size = to_system(at, name);
  if (fd.valid()) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd.valid() && !at.is_v4()) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (!fd.valid() || ::bind(fd.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 || ::listen(fd.get(), 128) != 0) {
    return Fault{FaultKind::unavailable, "cannot listen on " + at.text() + ": " + why(), at.text()};
  }
  return fd;
}

Result<Fd> listen_unix(const std::string& path) {
  const auto fault = [&path](const std::string& text) {
    return Fault{FaultKind::unavailable, "cannot listen on " + path + ": " + text, path};
  };
  struct stat facts;
  if (::lstat(path.c_str(), &facts) == 0) {
    if (!S_ISSOCK(facts.st_mode)) return fault("a file of that name is in the way");
    if (connect_unix(path)) return fault("another server is running in this data directory");
    ::unlink(path.c_str());
  }
  Fd fd = new_socket(AF_UNIX);
  const UnixName name(path);
  // Nobody can connect before listen(), so the mode is right from the first connection on.
  if (!fd.valid() || ::bind(fd.get(), name.pointer(), sizeof name.address) != 0 || ::chmod(path.c_str(), 0600) != 0 ||
      ::listen(fd.get(), 128) != 0) {
    return fault(why());
  }
  return fd;
}

Address local_address(const Fd& fd) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &size);
  return from_system(name);
}

Result<Fd> connect_tcp(const std::string& host, uint16_t port, Duration time) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string where = host + ":" + std::to_string(port);
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0) {
    return Fault{FaultKind::unavailable, "cannot find " + host + ": " + ::gai_strerror(error), "server"};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  const Instant deadline = monotonic_now() + time;
  int error = ETIMEDOUT;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Fd fd;
    error = connect_one(*each, fd, deadline);
    if (error != 0) continue;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
  }
  return Fault{FaultKind::unavailable, "cannot reach " + where + ": " + std::strerror(error), "server"};
}

Result<Fd> connect_unix(const std::string& path) {
  Fd fd = new_socket(AF_UNIX);
  const UnixName name(path);
  if (!fd.valid() || ::connect(fd.get(), name.pointer(), sizeof name.address) != 0) {
    return Fault{errno == EACCES ? FaultKind::denied : FaultKind::unavailable, "cannot reach " + path + ": " + why(),
                 "data-dir"};
  }
  return fd;
}

Fd accept_from(const Fd& listener, Address* remote) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  Fd fd(::accept4(listener.get(), reinterpret_cast<sockaddr*>(&name), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd.valid()) return fd;
  *remote = from_system(name);
  const int on = 1;
  if (name.ss_family != AF_UNIX) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

Ready wait_for(int fd, bool write, int stop_fd, Instant deadline) {
  while (true) {
    const int64_t left = (deadline - monotonic_now()).us;
    if (left < 0) return Ready::timeout;
    pollfd fds[2] = {{fd, static_cast<short>(write ? POLLOUT : POLLIN), 0}, {stop_fd, POLLIN, 0}};
    const int wait = static_cast<int>(std::min<int64_t>(left / 1000 + 1, 60'000));
    const int count = ::poll(fds, 2, wait);
    if (count < 0 && errno != EINTR) return Ready::stopped;
    if (count <= 0) continue;
    if (fds[0].revents != 0) return Ready::yes;
    if (fds[1].revents != 0) return Ready::stopped;
  }
}

std::optional<std::vector<size_t>> wait_any(const std::vector<int>& fds, int stop_fd, Duration time) {
  std::vector<pollfd> polled;
  for (const int fd : fds) polled.push_back({fd, POLLIN, 0});
  polled.push_back({stop_fd, POLLIN, 0});
  std::vector<size_t> out;
  if (::poll(polled.data(), polled.size(), static_cast<int>(time.milliseconds())) <= 0) return out;
  if (polled.back().revents != 0) return {};
  for (size_t i = 0; i < fds.size(); i++) {
    if (polled[i].revents != 0) out.push_back(i);
  }
  return out;
}

}  // namespace carillon::http
