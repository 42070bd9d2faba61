#pragma once
// The last messages in and out of one shard, whole, so that `carillon trace` works after the fact. Memory is taken (and
// touched) once; adding is a copy. Secrets are masked by whoever reads.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sip/flow.h"

namespace carillon::server {

struct Traced {
  uint64_t sequence = 0;  // grows over all shards
  Instant at;
  bool incoming = false;
  sip::Flow flow;
  std::string text;
};

class TraceRing {
 public:
  static constexpr size_t kBytes = 8u << 20;
  static constexpr size_t kMessages = 20'000;

  explicit TraceRing(std::atomic<uint64_t>& sequence, size_t bytes = kBytes, size_t messages = kMessages);
  // One thread.
  void add(Instant at, bool incoming, const sip::Flow& flow, std::string_view text);
  // Any thread; the kept messages after sequence number `after`, oldest first. Holds up add() for microseconds at a
  // time.
  std::vector<Traced> read(uint64_t after) const;

 private:
  struct Record {
    uint64_t sequence = 0;
    Instant at;
    sip::Flow flow;
    uint64_t position = 0;
    uint32_t size = 0;
    bool incoming = false;
  };
  bool kept(const Record& r) const { return written_ - r.position <= bytes_.size(); }

  std::atomic<uint64_t>& sequence_;
  mutable std::mutex mutex_;
  std::vector<char> bytes_;
  std::vector<Record> records_;
  uint64_t written_ = 0;  // bytes ever, gaps at the end of the ring included
  uint64_t count_ = 0;    // records ever
};

}  // namespace carillon::server
