#pragma once
// A bounded table of values. An id is index and generation, so a stale id finds nothing instead of something else.
// Values have stable addresses until erased. Single owner.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "base/check.h"

namespace carillon {

template <typename T>
struct Id {
  uint32_t index = UINT32_MAX;
  uint32_t generation = 0;
  bool valid() const { return index != UINT32_MAX; }
  uint64_t bits() const { return static_cast<uint64_t>(generation) << 32 | index; }
  static Id from_bits(uint64_t b) { return {static_cast<uint32_t>(b), static_cast<uint32_t>(b >> 32)}; }
  bool operator==(const Id&) const = default;
};

template <typename T>
class Slab {
 public:
  // `limit` is the most values that may live at once.
  explicit Slab(uint32_t limit) : limit_(limit) {}
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab() { for_each([this](Id<T> id, T&) { erase(id); }); }

  bool full() const { return size_ >= limit_; }
  uint32_t size() const { return size_; }

  // REQUIRES: !full().
  template <typename... Args>
  Id<T> emplace(Args&&... args) {
    CHECK(!full());
    if (free_ == kNone) grow();
    const uint32_t index = free_;
    Cell& c = cell(index);
    free_ = c.next;
    new (c.bytes) T(std::forward<Args>(args)...);
    c.live = true;
    size_++;
    return {index, c.generation};
  }

  T* find(Id<T> id) {
    if (id.index >= capacity_) return nullptr;
    Cell& c = cell(id.index);
    return c.live && c.generation == id.generation ? c.get() : nullptr;
  }
  const T* find(Id<T> id) const { return const_cast<Slab*>(this)->find(id); }  // NOLINT: same function, const view

  // The living value at `index` whatever its generation, or null: for ids that travelled with a short check only.
  T* at_index(uint32_t index) {
    if (index >= capacity_) return nullptr;
    Cell& c = cell(index);
    return c.live ? c.get() : nullptr;
  }
  uint32_t generation(uint32_t index) const { return index < capacity_ ? pages_[index / kPage][index % kPage].generation : 0; }

  bool erase(Id<T> id) {
    T* value = find(id);
    if (value == nullptr) return false;
    Cell& c = cell(id.index);
    c.live = false;
    c.generation++;
    size_--;
    value->~T();
    c.next = free_;
    free_ = id.index;
    return true;
  }

  // Calls f(id, value) for each; f may erase the value it is given.
  template <typename F>
  void for_each(F&& f) {
    for (uint32_t i = 0; i < capacity_; i++) {
      Cell& c = cell(i);
      if (c.live) f(Id<T>{i, c.generation}, *c.get());
    }
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kPage = 256;
  struct Cell {
    alignas(T) unsigned char bytes[sizeof(T)];
    uint32_t generation = 1;
    uint32_t next = kNone;
    bool live = false;
    T* get() { return std::launder(reinterpret_cast<T*>(bytes)); }
  };

  Cell& cell(uint32_t index) { return pages_[index / kPage][index % kPage]; }
  void grow() {
    pages_.push_back(std::make_unique<Cell[]>(kPage));
    for (uint32_t i = kPage; i-- > 0;) {
      pages_.back()[i].next = free_;
      free_ = capacity_ + i;
    }
    capacity_ += kPage;
  }

  std::vector<std::unique_ptr<Cell[]>> pages_;
  uint32_t capacity_ = 0;
  uint32_t size_ = 0;
  uint32_t limit_;
  uint32_t free_ = kNone;
};

}  // namespace carillon
