#pragma once
// Questions to the DNS over c-ares: answers as values, unsorted; RFC 3263's order and choice are sip/locate's. Owned
// and driven by one thread, which watches the descriptors for it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "sip/locate/answer.h"
#include "sip/out.h"

namespace carillon::net {

struct DnsOptions {
  std::string servers;                    // "127.0.0.1:5353,…"; "": the system's
  Duration timeout = milliseconds(1500);  // of one try
  int tries = 2;
};

class Dns {
 public:
  static constexpr size_t kQuestions = 1024;                           // at once; more fail at once
  using WatchFn = std::function<void(int fd, bool read, bool write)>;  // both false: forget it
  using AnswerFn = std::function<void(const sip::Lookup&, sip::DnsAnswer&&)>;

  static Result<std::unique_ptr<Dns>> open(const DnsOptions& options, WatchFn watch);
  ~Dns();
  // `answer` is called exactly once, perhaps before this returns; also when the Dns goes away.
  void ask(const sip::Lookup& lookup, AnswerFn answer);
  void ready(int fd, bool read, bool write);
  // Time-outs that are due.
  void fire();
  // When fire() is to be called at the latest; negative: never.
  Duration next() const;

 private:
  struct Impl;
  explicit Dns(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::net
