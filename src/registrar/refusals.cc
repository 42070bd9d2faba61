#include "registrar/refusals.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <list>

#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

namespace carillon::registrar {
namespace {

constexpr size_t kMaxField = 64;  // bytes kept of what strangers write
constexpr size_t kMaxDetail = 300;

struct SameHash {
  using is_avalanching = void;
  size_t operator()(uint64_t key) const { return key; }
};

uint64_t key_of(const Refusal& r) {
  const std::string_view ip(reinterpret_cast<const char*>(r.source.ip.data()), r.source.ip.size());
  uint64_t h = hash_bytes(ip, static_cast<uint64_t>(r.reason) + 1);
  h = hash_bytes(r.user, h);
  return hash_bytes(r.number, h);
}

}  // namespace

struct Refusals::Impl {
  std::list<Refusal> rows;  // the last touched first
  boost::unordered_flat_map<uint64_t, std::list<Refusal>::iterator, SameHash> by_key;
  uint64_t total = 0;

  void touch(std::list<Refusal>::iterator row, Instant now, const Refusal& r) {
    row->last = now;
    row->count++;
    row->source.port = r.source.port;
    row->status = r.status;
    row->method = printable(r.method, kMaxField);
    row->transport = r.transport;
    row->detail = printable(r.detail, kMaxDetail);
    rows.splice(rows.begin(), rows, row);
  }
  void make_room() {
    if (rows.size() < limits::kRefusals) return;
    by_key.erase(key_of(rows.back()));
    rows.pop_back();
  }
};

Refusals::Refusals() : impl_(std::make_unique<Impl>()) {}
Refusals::~Refusals() = default;

void Refusals::add(Instant now, const Refusal& refusal) {
  impl_->total++;
  Refusal row;
  row.source = refusal.source;
  row.reason = refusal.reason;
  row.user = printable(refusal.user, kMaxField);
  row.number = printable(refusal.number, kMaxField);
  const uint64_t key = key_of(row);
  const auto found = impl_->by_key.find(key);
  if (found != impl_->by_key.end()) {
    impl_->touch(found->second, now, refusal);
    return;
  }
  impl_->make_room();
  row.first = now;
  impl_->rows.push_front(std::move(row));
  impl_->by_key.emplace(key, impl_->rows.begin());
  impl_->touch(impl_->rows.begin(), now, refusal);
}

std::vector<Refusal> Refusals::list() const { return {impl_->rows.begin(), impl_->rows.end()}; }
uint64_t Refusals::total() const { return impl_->total; }

}  // namespace carillon::registrar
