#pragma once
// The bindings with their look-ups: by id, by line, by flow, by flow and number. Single owner.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/hash.h"
#include "base/limits.h"
#include "base/slab.h"
#include "registrar/binding.h"

namespace carillon::registrar {

struct Entry : Binding {
  Entry* flow_next = nullptr;  // others of the same flow
  Entry* flow_previous = nullptr;
  Entry* twin = nullptr;  // others of the same flow and number
  Id<Entry> self;
  uint64_t flow_key = 0;   // 0: not reached by a flow that can be recognised
  uint64_t mark = 0;       // of its last record
  Instant armed = kNever;  // deadline in the timers, not later than when it must go
  bool ours = true;        // this shard changed it last: it ends it too
};

// Pointers in order; one of them needs no memory of its own.
class EntryList {
 public:
  EntryList() = default;
  EntryList(EntryList&& o) noexcept : one_(o.one_), size_(o.size_), room_(o.room_) { o.size_ = o.room_ = 0; }
  EntryList& operator=(EntryList&& o) noexcept {
    std::swap(one_, o.one_), std::swap(size_, o.size_), std::swap(room_, o.room_);
    return *this;
  }
  ~EntryList() {
    if (room_ != 0) delete[] many_;
  }
  std::span<const Binding* const> span() const { return {room_ == 0 ? &one_ : many_, size_}; }
  bool empty() const { return size_ == 0; }
  // Best q first, newest first among equals.
  void insert(const Entry* e);
  void remove(const Entry* e);

 private:
  const Binding** data() { return room_ == 0 ? &one_ : many_; }
  void grow();
  union {
    const Binding* one_ = nullptr;
    const Binding** many_;
  };
  uint32_t size_ = 0;
  uint32_t room_ = 0;  // 0: `one_`
};

class Index {
 public:
  Index() : slab_(limits::kBindings) {}

  bool full() const { return slab_.full(); }
  size_t size() const { return slab_.size(); }
  // REQUIRES: no binding has this id, !full().
  Entry& add(Binding&& binding);
  // Changes what the look-ups depend on (flow, q, and all the rest); `change(entry)` does the change.
  template <typename F>
  void change(Entry& e, F&& change) {
    unlink(e);
    change(e);
    link(e);
  }
  void remove(Entry& e);

  Entry* find(BindingId id) const;
  Entry* find(Id<Entry> id) { return slab_.find(id); }
  std::span<const Binding* const> of_line(EntityId line) const;
  // The first of those registered by this flow for this number; the others hang on `twin`.
  const Entry* by_flow(const sip::Flow& flow, std::string_view number) const;
  // The first of those registered by this flow; the others hang on `flow_next`.
  Entry* of_flow(const sip::Flow& flow) const;
  template <typename F>
  void for_each(F&& f) {
    slab_.for_each([&f](Id<Entry>, Entry& e) { f(e); });
  }

  // 0 for a flow that cannot be recognised: a stream without a connection.
  static uint64_t key_of(const sip::Flow& flow);

 private:
  struct Mixed {  // keys that are hashes already, or small numbers
    using is_avalanching = void;
    size_t operator()(uint64_t key) const { return hash_mix(key, g_hash_key); }
  };
  template <typename T>
  using Map = boost::unordered_flat_map<uint64_t, T, Mixed>;

  static uint64_t key_of(uint64_t flow_key, std::string_view number) { return hash_bytes(number, flow_key); }
  void link(Entry& e);
  void unlink(Entry& e);

  Slab<Entry> slab_;
  Map<Entry*> by_id_;
  Map<EntryList> by_line_;
  Map<Entry*> by_flow_;
  Map<Entry*> by_flow_number_;
};

}  // namespace carillon::registrar
