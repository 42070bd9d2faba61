#include "sip/locate/locator.h"

#include <algorithm>

#include "base/text.h"

namespace carillon::sip {

namespace {

uint16_t default_port(Transport t) { return t == Transport::tls ? 5061 : 5060; }

std::optional<Transport> transport_named(View name) {
  if (iequals(name, "udp")) return Transport::udp;
  if (iequals(name, "tcp")) return Transport::tcp;
  if (iequals(name, "tls")) return Transport::tls;
  return {};
}

// RFC 3263 §4.1: the services that we speak.
std::optional<Transport> transport_of_service(View service) {
  if (iequals(service, "SIP+D2U")) return Transport::udp;
  if (iequals(service, "SIP+D2T")) return Transport::tcp;
  if (iequals(service, "SIPS+D2T")) return Transport::tls;
  return {};
}

View srv_prefix(Transport t) {
  return t == Transport::udp ? "_sip._udp." : t == Transport::tcp ? "_sip._tcp." : "_sips._tcp.";
}

Lookup::Kind question_kind(bool srv, bool naptr) {
  return naptr ? Lookup::Kind::naptr : srv ? Lookup::Kind::srv : Lookup::Kind::address;
}

// Puts one group of equal priority into an order drawn by weight (RFC 2782).
void draw_by_weight(std::vector<DnsRecord>& records, size_t begin, size_t end, Random& random) {
  // Weight 0 stands first, so that it has a small chance.
  std::stable_partition(records.begin() + static_cast<ptrdiff_t>(begin), records.begin() + static_cast<ptrdiff_t>(end),
                        [](const DnsRecord& r) { return r.weight == 0; });
  for (size_t at = begin; at + 1 < end; at++) {
    uint32_t sum = 0;
    for (size_t i = at; i < end; i++) sum += records[i].weight;
    const uint32_t drawn = random.below(sum + 1);
    uint32_t running = 0;
    size_t chosen = at;
    for (size_t i = at; i < end; i++) {
      running += records[i].weight;
      chosen = i;
      if (running >= drawn) break;
    }
    std::rotate(records.begin() + static_cast<ptrdiff_t>(at), records.begin() + static_cast<ptrdiff_t>(chosen),
                records.begin() + static_cast<ptrdiff_t>(chosen) + 1);
  }
}

}  // namespace

Locator::Locator(const Uri& uri) {
  if (!uri.is_sip() || uri.host.empty()) return;
  secure_ = uri.scheme == Uri::Scheme::sips;
  const View maddr = uri.param("maddr").value_or(View());
  start(uri, std::string(maddr.empty() ? uri.host : maddr));
}

// RFC 3263 §4.1 and §4.2.
void Locator::start(const Uri& uri, std::string host) {
  if (!host.empty() && host.back() == '.') host.pop_back();
  const auto asked = transport_named(uri.param("transport").value_or(View()));
  Transport transport = asked.value_or(secure_ ? Transport::tls : Transport::udp);
  if (secure_) transport = Transport::tls;
  const uint16_t port = uri.port != 0 ? uri.port : default_port(transport);
  if (const auto address = Address::parse_ip(host, port)) {
    ahead_.push_back({Kind::place, transport, {}, port, *address});
  } else if (uri.port != 0) {
    ahead_.push_back({Kind::host, transport, host, port, {}});
  } else if (asked || secure_) {
    ahead_.push_back({Kind::srv, transport, std::string(srv_prefix(transport)) + host, 0, {}});
    ahead_.push_back({Kind::fallback, transport, host, port, {}});
  } else {
    ahead_.push_back({Kind::naptr, transport, host, 0, {}});
    ahead_.push_back({Kind::fallback, transport, host, port, {}});
  }
}

Locator::Next Locator::next(Instant now, LocateCache& cache, Random& random) {
  while (!ahead_.empty() && steps_++ < kSteps && hops_ < kHops) {
    Candidate c = std::move(ahead_.front());
    ahead_.pop_front();
    if (c.kind == Kind::place) {
      const Hop hop{c.transport, c.address};
      if (cache.dead(now, hop)) {
        dead_.push_back(hop);
        continue;
      }
      hops_++;
      return {hop, {}};
    }
    if (c.kind == Kind::fallback) {
      if (found_service_) continue;
      c.kind = Kind::host;
    }
    const Lookup::Kind kind = question_kind(c.kind == Kind::srv, c.kind == Kind::naptr);
    if (const auto* records = cache.find(now, kind, c.name)) {
      expand(c, *records, random);
      continue;
    }
    Question question{kind, c.name};
    asked_ = std::move(c);
    return {{}, std::move(question)};
  }
  if (dead_.empty() || hops_ >= kHops) return {};
  hops_++;
  const Hop hop = dead_.front();
  dead_.erase(dead_.begin());
  return {hop, {}};
}

void Locator::answer(Instant now, const DnsAnswer& answer, LocateCache& cache, Random& random) {
  if (!asked_) return;
  const Candidate c = std::move(*asked_);
  asked_.reset();
  cache.keep(now, c.name, answer);
  expand(c, answer.failed ? std::vector<DnsRecord>() : answer.records, random);
}

void Locator::expand(const Candidate& from, const std::vector<DnsRecord>& records, Random& random) {
  if (from.kind == Kind::naptr) return expand_naptr(from, records);
  if (from.kind == Kind::srv) return expand_srv(from, records, random);
  for (size_t i = std::min(records.size(), kHops); i-- > 0;) {
    Address address = records[i].address;
    address.port = from.port;
    ahead_.push_front({Kind::place, from.transport, {}, from.port, address});
  }
}

void Locator::expand_naptr(const Candidate& from, const std::vector<DnsRecord>& records) {
  std::vector<const DnsRecord*> usable;
  for (const DnsRecord& r : records) {
    if (iequals(r.flags, "s") && transport_of_service(r.service) && usable.size() < kHops) usable.push_back(&r);
  }
  if (usable.empty()) return push_services(from.name);
  std::stable_sort(usable.begin(), usable.end(), [](const DnsRecord* a, const DnsRecord* b) {
    return a->priority != b->priority ? a->priority < b->priority : a->weight < b->weight;
  });
  for (size_t i = usable.size(); i-- > 0;) {
    ahead_.push_front({Kind::srv, *transport_of_service(usable[i]->service), usable[i]->name, 0, {}});
  }
}

// No NAPTR records: SRV of each transport that we speak (RFC 3263 §4.1).
void Locator::push_services(const std::string& name) {
  for (const Transport t : {Transport::tls, Transport::tcp, Transport::udp}) {
    ahead_.push_front({Kind::srv, t, std::string(srv_prefix(t)) + name, 0, {}});
  }
}

void Locator::expand_srv(const Candidate& from, std::vector<DnsRecord> records, Random& random) {
  std::stable_sort(records.begin(), records.end(),
                   [](const DnsRecord& a, const DnsRecord& b) { return a.priority < b.priority; });
  for (size_t begin = 0; begin < records.size();) {
    size_t end = begin;
    while (end < records.size() && records[end].priority == records[begin].priority) end++;
    draw_by_weight(records, begin, end, random);
    begin = end;
  }
  if (records.size() > kHops) records.resize(kHops);
  for (size_t i = records.size(); i-- > 0;) {
    const DnsRecord& r = records[i];
    found_service_ = true;
    if (r.name.empty() || r.name == ".") continue;  // "not offered here" (RFC 2782)
    if (const auto address = Address::parse_ip(r.name, r.port)) {
      ahead_.push_front({Kind::place, from.transport, {}, r.port, *address});
    } else {
      ahead_.push_front({Kind::host, from.transport, r.name, r.port, {}});
    }
  }
}

}  // namespace carillon::sip
