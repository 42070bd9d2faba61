#pragma once
// What the DNS said, as the edge hands it to Stack::located().

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"
#include "sip/out.h"

namespace carillon::sip {

// One record. Only the fields of its kind are set.
struct DnsRecord {
  uint32_t ttl = 0;       // seconds
  Address address;        // address: A or AAAA; the port does not matter
  uint16_t priority = 0;  // SRV priority, NAPTR order
  uint16_t weight = 0;    // SRV weight, NAPTR preference
  uint16_t port = 0;      // SRV
  std::string target;     // SRV target, NAPTR replacement; without final dot
  std::string service;    // NAPTR, "SIP+D2U"
  std::string flags;      // NAPTR, "s"
};

struct DnsAnswer {
  Lookup::Kind kind = Lookup::Kind::address;
  bool failed = false;  // no answer came, or a server error: not kept. An empty answer is an answer: there are none.
  std::vector<DnsRecord> records;
};

}  // namespace carillon::sip
