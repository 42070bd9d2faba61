#include "db/key_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "crypto/aead.h"

namespace carillon::db {

namespace {

Fault failed(const std::string& what, const std::string& path) {
  return {FaultKind::unavailable, "cannot " + what + " " + path + ": " + std::strerror(errno), ""};
}

bool random_bytes(void* to, size_t size) { return getrandom(to, size, 0) == static_cast<ssize_t>(size); }

// Written beside and renamed, so that a crash leaves a whole key or none.
Result<void> write_file(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed("write", beside);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(beside.c_str(), path.c_str()) != 0) return failed("write", path);
  const std::string directory = path.substr(0, path.find_last_of('/'));
  const int dir = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir >= 0) {
    static_cast<void>(::fsync(dir));
    ::close(dir);
  }
  return {};
}

Result<std::string> create_key(const std::string& path) {
  std::string key(crypto::kKeySize, '\0');
  if (!random_bytes(key.data(), key.size())) return failed("get random bits for", path);
  const auto written = write_file(path, crypto::key_file_text(key));
  if (!written) return written.error();
  return key;
}

}  // namespace

Result<std::string> load_key(const std::string& path, bool may_create) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT && may_create) return create_key(path);
  if (fd < 0 && errno == ENOENT) {
    return Fault{FaultKind::unavailable,
                 path +
                     " is missing; without it the stored digest credentials cannot be read. "
                     "Put it back from the backup that the store came from",
                 ""};
  }
  if (fd < 0) return failed("read", path);
  char text[1024];
  const ssize_t size = ::read(fd, text, sizeof text);
  ::close(fd);
  if (size < 0) return failed("read", path);
  auto key = crypto::parse_key_file({text, static_cast<size_t>(size)});
  if (!key) return Fault{FaultKind::unavailable, path + ": " + key.error().text, ""};
  return key;
}

Result<Random> system_random() {
  std::array<uint32_t, 8> seed;
  if (!random_bytes(seed.data(), sizeof seed)) return failed("get random bits from", "the system");
  return Random(seed);
}

}  // namespace carillon::db
