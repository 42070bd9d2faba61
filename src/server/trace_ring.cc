#include "server/trace_ring.h"

#include <algorithm>
#include <cstring>

namespace carillon::server {
namespace {

constexpr uint64_t kReadAtOnce = 64;

}  // namespace

TraceRing::TraceRing(std::atomic<uint64_t>& sequence, size_t bytes, size_t messages)
    : sequence_(sequence), bytes_(bytes), records_(messages) {}

void TraceRing::add(Instant at, bool incoming, const sip::Flow& flow, std::string_view text) {
  if (text.size() > bytes_.size() / 2) text = text.substr(0, bytes_.size() / 2);
  const std::lock_guard lock(mutex_);
  size_t place = written_ % bytes_.size();
  if (bytes_.size() - place < text.size()) {
    written_ += bytes_.size() - place;
    place = 0;
  }
  std::memcpy(bytes_.data() + place, text.data(), text.size());
  records_[count_ % records_.size()] = {sequence_.fetch_add(1, std::memory_order_relaxed) + 1,
                                        at,
                                        flow,
                                        written_,
                                        static_cast<uint32_t>(text.size()),
                                        incoming};
  written_ += text.size();
  count_++;
}

std::vector<Traced> TraceRing::read(uint64_t after) const {
  std::vector<Traced> out;
  uint64_t next = 0;
  for (;;) {
    const std::lock_guard lock(mutex_);
    const uint64_t oldest = count_ > records_.size() ? count_ - records_.size() : 0;
    next = std::max(next, oldest);
    if (next == count_) return out;
    for (const uint64_t end = std::min(count_, next + kReadAtOnce); next < end; next++) {
      const Record& r = records_[next % records_.size()];
      if (r.sequence <= after || !kept(r)) continue;
      out.push_back(
          {r.sequence, r.at, r.incoming, r.flow, std::string(bytes_.data() + r.position % bytes_.size(), r.size)});
    }
  }
}

}  // namespace carillon::server
