#pragma once
// A bounded table of values. An id is index and generation, so a stale id finds nothing instead of something else.
// Values have stable addresses until erased. Single owner.

#include <algorithm>
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
  ~Slab() {
    for_each([this](Id<T> id, T&) { erase(id); });
  }

  bool full() const { return size_ >= limit_; }
  uint32_t size() const { return size_; }

  // REQUIRES: !full().
  template <typename... Args>
  Id<T> emplace(Args&&... args) {
    CHECK(!full());
    if (open_ == kNone) add_page();
    const uint32_t at = open_;
    Page& p = pages_[at];
    const uint32_t in_page = p.free;
    Cell& c = p.cells[in_page];
    p.free = c.next;
    if (p.free == kNone) unlink(at);
    new (c.bytes) T(std::forward<Args>(args)...);
    c.live = true;
    p.live++;
    size_++;
    return {at * kPage + in_page, c.generation};
  }

  T* find(Id<T> id) {
    Cell* c = cell(id.index);
    return c != nullptr && c->live && c->generation == id.generation ? c->get() : nullptr;
  }
  const T* find(Id<T> id) const { return const_cast<Slab*>(this)->find(id); }  // NOLINT: same function, const view

  // The living value at `index` whatever its generation, or null: for ids that travelled with a short check only.
  T* at_index(uint32_t index) {
    Cell* c = cell(index);
    return c != nullptr && c->live ? c->get() : nullptr;
  }
  uint32_t generation(uint32_t index) const {
    const Cell* c = const_cast<Slab*>(this)->cell(index);  // NOLINT: same function, const view
    return c != nullptr ? c->generation : 0;
  }

  bool erase(Id<T> id) {
    T* value = find(id);
    if (value == nullptr) return false;
    const uint32_t at = id.index / kPage;
    Cell& c = pages_[at].cells[id.index % kPage];
    c.live = false;
    c.generation++;
    size_--;
    value->~T();
    Page& p = pages_[at];  // the destructor may have made pages
    c.next = p.free;
    p.free = id.index % kPage;
    if (c.next == kNone) link(at);
    if (--p.live == 0) retire(at);
    return true;
  }

  // Calls f(id, value) for each; f may erase the value it is given.
  template <typename F>
  void for_each(F&& f) {
    for (uint32_t i = 0; i < pages_.size() * kPage; i++) {
      Cell* c = cell(i);
      if (c == nullptr) {
        i |= kPage - 1;  // the page is gone
      } else if (c->live) {
        f(Id<T>{i, c->generation}, *c->get());
      }
    }
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kPage = 128;
  struct Cell {
    alignas(T) unsigned char bytes[sizeof(T)];
    uint32_t generation;
    uint32_t next;
    bool live = false;
    T* get() { return std::launder(reinterpret_cast<T*>(bytes)); }
  };
  // Cells come and go with their page; generations go on where they were, so an id is never given twice.
  struct Page {
    std::unique_ptr<Cell[]> cells;
    uint32_t live = 0;
    uint32_t free = kNone;                  // first free cell
    uint32_t generation = 1;                // of new cells
    uint32_t next = kNone, before = kNone;  // among the pages with free cells
  };

  Cell* cell(uint32_t index) {
    const uint32_t at = index / kPage;
    if (at >= pages_.size() || !pages_[at].cells) return nullptr;
    return &pages_[at].cells[index % kPage];
  }
  void link(uint32_t at) {
    pages_[at].before = kNone;
    pages_[at].next = open_;
    if (open_ != kNone) pages_[open_].before = at;
    open_ = at;
  }
  void unlink(uint32_t at) {
    Page& p = pages_[at];
    (p.before == kNone ? open_ : pages_[p.before].next) = p.next;
    if (p.next != kNone) pages_[p.next].before = p.before;
  }
  void add_page() {
    uint32_t at = static_cast<uint32_t>(pages_.size());
    if (gone_.empty()) {
      pages_.emplace_back();
    } else {
      at = gone_.back();
      gone_.pop_back();
    }
    Page& p = pages_[at];
    p.cells = std::make_unique_for_overwrite<Cell[]>(kPage);
    for (uint32_t i = 0; i < kPage; i++) {
      p.cells[i].generation = p.generation;
      p.cells[i].next = i + 1 < kPage ? i + 1 : kNone;
    }
    p.free = 0;
    link(at);
  }
  // An empty page gives its memory back, but for one that is kept for the next value.
  void retire(uint32_t at) {
    if (pages_[at].next == kNone && pages_[at].before == kNone) return;
    unlink(at);
    Page& p = pages_[at];
    for (uint32_t i = 0; i < kPage; i++) p.generation = std::max(p.generation, p.cells[i].generation);
    p.cells.reset();
    p.free = kNone;
    gone_.push_back(at);
  }

  std::vector<Page> pages_;
  std::vector<uint32_t> gone_;  // pages without cells
  uint32_t open_ = kNone;       // first page with free cells
  uint32_t size_ = 0;
  uint32_t limit_;
};

}  // namespace carillon
