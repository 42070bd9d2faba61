#include "net/dns.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <netdb.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "net/sockaddr.h"

namespace carillon::net {
namespace {

constexpr size_t kMaxRecords = 64;
constexpr int64_t kMinTtl = 10, kMaxTtl = 3600;  // seconds that an answer is believed

// The least TTL of the answer section (RFC 1035 §4.1); c-ares's parsers leave it out.
Duration ttl_of(const unsigned char* reply, int size) {
  const auto number = [&](int at) { return static_cast<int>(reply[at]) << 8 | reply[at + 1]; };
  if (size < NS_HFIXEDSZ) return seconds(kMinTtl);
  const int questions = number(4), answers = std::min(number(6), static_cast<int>(kMaxRecords));
  int at = NS_HFIXEDSZ;
  int64_t least = kMaxTtl;
  for (int i = 0; i < questions + answers; i++) {
    char* name = nullptr;
    long taken = 0;
    if (at >= size || ares_expand_name(reply + at, reply, size, &name, &taken) != ARES_SUCCESS) break;
    ares_free_string(name);
    at += static_cast<int>(taken);
    if (i < questions) {
      at += NS_QFIXEDSZ;
      continue;
    }
    if (at + NS_RRFIXEDSZ > size) break;
    least = std::min(least, static_cast<int64_t>(number(at + 4)) << 16 | number(at + 6));
    at += NS_RRFIXEDSZ + number(at + 8);
  }
  return seconds(std::max(least, kMinTtl));
}

bool no_such(int status) { return status == ARES_ENODATA || status == ARES_ENOTFOUND; }

void read_srv(const unsigned char* reply, int size, sip::DnsAnswer& answer) {
  ares_srv_reply* list = nullptr;
  const int status = ares_parse_srv_reply(reply, size, &list);
  answer.failed = status != ARES_SUCCESS && !no_such(status);
  for (auto* r = list; r != nullptr && answer.records.size() < kMaxRecords; r = r->next) {
    sip::DnsRecord record;
    record.priority = r->priority, record.weight = r->weight, record.port = r->port;
    record.name = r->host;
    answer.records.push_back(std::move(record));
  }
  if (list != nullptr) ares_free_data(list);
}

void read_naptr(const unsigned char* reply, int size, sip::DnsAnswer& answer) {
  ares_naptr_reply* list = nullptr;
  const int status = ares_parse_naptr_reply(reply, size, &list);
  answer.failed = status != ARES_SUCCESS && !no_such(status);
  for (auto* r = list; r != nullptr && answer.records.size() < kMaxRecords; r = r->next) {
    sip::DnsRecord record;
    record.priority = r->order, record.weight = r->preference;
    record.name = r->replacement;
    record.service = reinterpret_cast<const char*>(r->service);
    record.flags = reinterpret_cast<const char*>(r->flags);
    answer.records.push_back(std::move(record));
  }
  if (list != nullptr) ares_free_data(list);
}

void read_addresses(const ares_addrinfo* info, sip::DnsAnswer& answer) {
  int64_t least = kMaxTtl;
  for (const auto* node = info->nodes; node != nullptr && answer.records.size() < kMaxRecords; node = node->ai_next) {
    SockAddr raw{};
    std::memcpy(&raw, node->ai_addr, std::min(sizeof raw, static_cast<size_t>(node->ai_addrlen)));
    sip::DnsRecord record;
    record.address = from_sockaddr(raw);
    record.address.port = 0;
    answer.records.push_back(std::move(record));
    least = std::min(least, static_cast<int64_t>(node->ai_ttl));
  }
  answer.ttl = seconds(std::max(least, kMinTtl));
}

}  // namespace

struct Dns::Impl {
  ares_channel channel = nullptr;
  WatchFn watch;
  size_t asked = 0;
};

namespace {

// One question on its way; owned by c-ares until its callback.
struct Question {
  sip::Lookup lookup;
  Dns::AnswerFn answer;
  size_t* asked;
  void done(sip::DnsAnswer&& a) {
    (*asked)--;
    a.kind = lookup.kind;
    answer(lookup, std::move(a));
  }
};

void on_records(void* arg, int status, int, unsigned char* reply, int size) {
  const std::unique_ptr<Question> question(static_cast<Question*>(arg));
  sip::DnsAnswer answer;
  answer.failed = status != ARES_SUCCESS && !no_such(status);
  if (status == ARES_SUCCESS) {
    answer.ttl = ttl_of(reply, size);
    question->lookup.kind == sip::Lookup::Kind::srv ? read_srv(reply, size, answer) : read_naptr(reply, size, answer);
  }
  question->done(std::move(answer));
}

void on_addresses(void* arg, int status, int, ares_addrinfo* info) {
  const std::unique_ptr<Question> question(static_cast<Question*>(arg));
  sip::DnsAnswer answer;
  answer.failed = status != ARES_SUCCESS && !no_such(status);
  if (status == ARES_SUCCESS) read_addresses(info, answer);
  if (info != nullptr) ares_freeaddrinfo(info);
  question->done(std::move(answer));
}

}  // namespace

Result<std::unique_ptr<Dns>> Dns::open(const DnsOptions& options, WatchFn watch) {
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  if (library != ARES_SUCCESS) return Fault{FaultKind::internal, std::string("no DNS: ") + ares_strerror(library), ""};
  auto impl = std::make_unique<Impl>();
  impl->watch = std::move(watch);
  ares_options set{};
  set.timeout = static_cast<int>(options.timeout.milliseconds());
  set.tries = options.tries;
  set.flags = ARES_FLAG_NOSEARCH;  // names in SIP are complete
  set.sock_state_cb = [](void* data, ares_socket_t fd, int readable, int writable) {
    static_cast<Impl*>(data)->watch(fd, readable != 0, writable != 0);
  };
  set.sock_state_cb_data = impl.get();
  int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_FLAGS | ARES_OPT_SOCK_STATE_CB;
  int status = ares_init_options(&impl->channel, &set, mask);
  if (status == ARES_SUCCESS && !options.servers.empty())
    status = ares_set_servers_ports_csv(impl->channel, options.servers.c_str());
  if (status != ARES_SUCCESS) return Fault{FaultKind::unavailable, std::string("no DNS: ") + ares_strerror(status), ""};
  return std::unique_ptr<Dns>(new Dns(std::move(impl)));
}

Dns::Dns(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Dns::~Dns() {
  if (impl_->channel != nullptr) ares_destroy(impl_->channel);
}

void Dns::ask(const sip::Lookup& lookup, AnswerFn answer) {
  if (impl_->asked >= kQuestions || lookup.name.empty() || lookup.name.size() > 253 ||
      lookup.name.find('\0') != std::string::npos) {
    sip::DnsAnswer failed;
    failed.kind = lookup.kind, failed.failed = true;
    answer(lookup, std::move(failed));
    return;
  }
  impl_->asked++;
  auto* question = new Question{lookup, std::move(answer), &impl_->asked};
  if (lookup.kind == sip::Lookup::Kind::address) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = ARES_AI_NOSORT;
    ares_getaddrinfo(impl_->channel, question->lookup.name.c_str(), nullptr, &hints, on_addresses, question);
  } else {
    const int type = lookup.kind == sip::Lookup::Kind::srv ? ns_t_srv : ns_t_naptr;
    ares_query(impl_->channel, question->lookup.name.c_str(), ns_c_in, type, on_records, question);
  }
}

void Dns::ready(int fd, bool read, bool write) {
  ares_process_fd(impl_->channel, read ? fd : ARES_SOCKET_BAD, write ? fd : ARES_SOCKET_BAD);
}

void Dns::fire() { ares_process_fd(impl_->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); }

Duration Dns::next() const {
  if (impl_->asked == 0) return {-1};
  timeval room{};
  const timeval* left = ares_timeout(impl_->channel, nullptr, &room);
  if (left == nullptr) return {-1};
  return {static_cast<int64_t>(left->tv_sec) * 1'000'000 + left->tv_usec};
}

}  // namespace carillon::net
