#pragma once
// What the DNS answered (RFC 3263), as values.

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "sip/out.h"

namespace carillon::sip {

struct DnsRecord {
  Address address;             // address lookups (A and AAAA together; port 0)
  uint16_t priority = 0;       // SRV, or NAPTR order
  uint16_t weight = 0;         // SRV, or NAPTR preference
  uint16_t port = 0;           // SRV
  std::string name;            // SRV target, NAPTR replacement
  std::string service, flags;  // NAPTR
};

struct DnsAnswer {
  Lookup::Kind kind = Lookup::Kind::address;
  bool failed = false;  // no answer, or the server refused; an empty list with failed == false: no such record
  Duration ttl = seconds(300);
  std::vector<DnsRecord> records;
};

}  // namespace carillon::sip
