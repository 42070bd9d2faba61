#include "server/data_dir.h"

#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "net/certificate.h"
#include "net/sockaddr.h"

namespace carillon::server {
namespace {

Fault cannot(const std::string& what, const std::string& path) {
  return {FaultKind::unavailable, "cannot " + what + " " + path + ": " + std::strerror(errno), ""};
}

Result<void> make_dir(const std::string& path) {
  std::error_code error;
  const auto parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (mkdir(path.c_str(), 0700) == 0 || (errno == EEXIST && std::filesystem::is_directory(path, error))) return {};
  return cannot("make the directory", path);
}

}  // namespace

Result<void> write_secret_file(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  const net::Fd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd.valid()) return cannot("write", beside);
  if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) || fsync(fd.get()) != 0 ||
      rename(beside.c_str(), path.c_str()) != 0) {
    return cannot("write", path);
  }
  return {};
}

Result<DataDir> DataDir::open(const std::string& path) {
  DataDir dir;
  dir.path_ = path;
  if (auto r = make_dir(path); !r) return r.error();
  if (auto r = make_dir(path + "/tls"); !r) return r.error();
  dir.lock_.reset(::open((path + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!dir.lock_.valid()) return cannot("use", path);
  if (flock(dir.lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return cannot("lock", path);
    return Fault{FaultKind::conflict, "another carillon is running with the data directory " + path, ""};
  }
  dir.fresh_ = !std::filesystem::exists(path + "/config.db");
  return dir;
}

Result<std::string> DataDir::secret(const std::string& name, size_t bytes, Random& random) const {
  const std::string path = file(name);
  if (std::ifstream in(path); in) {
    std::string text;
    in >> text;
    const auto value = unhex(text);
    if (value && value->size() == bytes) return *value;
    return Fault{FaultKind::invalid,
                 path + " is damaged: it should hold " + std::to_string(bytes) +
                     " bytes in hex; remove it to have a new one made",
                 ""};
  }
  std::string value;
  while (value.size() < bytes) value += static_cast<char>(random.next32());
  if (auto r = write_secret_file(path, hex(value) + "\n"); !r) return r.error();
  return value;
}

Result<void> DataDir::ensure_certificate(Instant now) const {
  const bool certificate = std::filesystem::exists(certificate_file()), key = std::filesystem::exists(key_file());
  if (certificate && key) return {};
  if (certificate != key) {
    return Fault{FaultKind::invalid,
                 "of " + certificate_file() + " and " + key_file() +
                     " only one is there: add the other, or remove both to have them made",
                 ""};
  }
  const std::string host = host_name();
  auto pair = net::make_certificate(
      {.common_name = host, .names = {host, "localhost"}, .addresses = local_addresses(), .now = now});
  if (!pair) return pair.error();
  if (auto r = write_secret_file(key_file(), pair->key); !r) return r;
  return write_secret_file(certificate_file(), pair->certificate);
}

std::vector<Address> local_addresses() {
  std::vector<Address> out;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return out;
  for (const ifaddrs* i = list; i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr || (i->ifa_flags & IFF_UP) == 0) continue;
    const int family = i->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    net::SockAddr raw{};
    std::memcpy(&raw, i->ifa_addr, family == AF_INET ? sizeof raw.v4 : sizeof raw.v6);
    Address a = net::from_sockaddr(raw);
    a.port = 0;
    if (a.scope == 0) out.push_back(a);
  }
  freeifaddrs(list);
  std::stable_sort(out.begin(), out.end(), [](const Address& a, const Address& b) {
    return std::pair(a.is_loopback(), !a.is_v4()) < std::pair(b.is_loopback(), !b.is_v4());
  });
  return out;
}

std::string host_name() {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
  return to_lower(name);
}

}  // namespace carillon::server
