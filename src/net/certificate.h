#pragma once
// Making a self-signed certificate at first start, and reading when one ends. OpenSSL stays behind it.

#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"

namespace carillon::net {

struct CertificateRequest {
  std::string common_name;         // the host's name
  std::vector<std::string> names;  // DNS names
  std::vector<Address> addresses;  // IP addresses
  Instant now;
  int days = 825;
};

struct CertificatePair {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

// ECDSA P-256, SHA-256, for a TLS server.
Result<CertificatePair> make_certificate(const CertificateRequest& request);

struct CertificateInfo {
  Instant ends;
  std::string subject;      // RFC 2253 form
  std::string fingerprint;  // SHA-256, hex
};
Result<CertificateInfo> read_certificate(const std::string& pem);

}  // namespace carillon::net
