#pragma once
// Where to send a request (RFC 3263), without sockets: asked for the next place, it gives one, a question for the DNS,
// or nothing more. Places are resolved as they are needed, so a dead first target costs no look-ups of the second.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sip/locate/cache.h"
#include "sip/message/uri.h"

namespace carillon::sip {

class Locator {
 public:
  static constexpr size_t kSteps = 64;  // names and places looked at for one request
  static constexpr size_t kHops = 16;   // places tried

  struct Question {
    Lookup::Kind kind;
    std::string name;
  };
  // A place to try, a question whose answer must be given to answer() first, or neither: there is nothing more.
  struct Next {
    std::optional<Hop> hop;
    std::optional<Question> question;
  };

  // What the URI asks for: its host or `maddr`, port, `transport`, and TLS for sips (RFC 3263 §4.1). Numbers of tel
  // URIs cannot be located: nothing comes out.
  explicit Locator(const Uri& uri);

  Next next(Instant now, LocateCache& cache, Random& random);
  // The answer to the question that next() gave last.
  void answer(Instant now, const DnsAnswer& answer, LocateCache& cache, Random& random);

 private:
  enum class Kind : uint8_t { place, host, srv, naptr, fallback };
  struct Candidate {
    Kind kind;
    Transport transport;
    std::string name;
    uint16_t port = 0;
    Address address;
  };

  void start(const Uri& uri, std::string host);
  void expand(const Candidate& from, const std::vector<DnsRecord>& records, Random& random);
  void expand_naptr(const Candidate& from, const std::vector<DnsRecord>& records);
  void expand_srv(const Candidate& from, std::vector<DnsRecord> records, Random& random);
  void push_services(const std::string& name);

  std::deque<Candidate> ahead_;
  std::vector<Hop> dead_;  // tried last
  std::optional<Candidate> asked_;
  bool secure_ = false;
  bool found_service_ = false;  // an SRV record was there: the bare host is not tried
  size_t steps_ = 0, hops_ = 0;
};

}  // namespace carillon::sip
