#pragma once
// The data directory: made with mode 0700, held by one server at a time, and the secrets in it (mode 0600 each).

#include <string>
#include <vector>

#include "base/address.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "net/fd.h"

namespace carillon::server {

class DataDir {
 public:
  // Makes what is missing and takes the lock; the fault says when another server has it.
  static Result<DataDir> open(const std::string& path);
  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  bool fresh() const { return fresh_; }  // there was no configuration in it before

  // `bytes` random bytes, kept in hex in the file of that name; made when missing.
  Result<std::string> secret(const std::string& name, size_t bytes, Random& random) const;
  // tls/cert.pem and tls/key.pem, made when both are missing: self-signed, for the host's name and addresses.
  Result<void> ensure_certificate(Instant now) const;
  std::string certificate_file() const { return file("tls/cert.pem"); }
  std::string key_file() const { return file("tls/key.pem"); }

 private:
  std::string path_;
  net::Fd lock_;
  bool fresh_ = false;
};

// Writes a file of mode 0600, whole or not at all: beside, then renamed.
Result<void> write_secret_file(const std::string& path, const std::string& text);

// The addresses of this machine's interfaces that are up, loopback last.
std::vector<Address> local_addresses();
std::string host_name();

}  // namespace carillon::server
