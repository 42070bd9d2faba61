#include "registrar/index.h"

#include <algorithm>
#include <cstring>

namespace carillon::registrar {
namespace {

bool before(const Binding* a, const Binding* b) {
  if (a->q != b->q) return a->q > b->q;
  if (a->registered != b->registered) return a->registered > b->registered;
  return a->id > b->id;
}

}  // namespace

void EntryList::grow() {
  const uint32_t room = room_ == 0 ? 4 : room_ * 2;
  const auto** bigger = new const Binding*[room];
  std::copy_n(data(), size_, bigger);
  if (room_ != 0) delete[] many_;
  many_ = bigger;
  room_ = room;
}

void EntryList::insert(const Entry* e) {
  if (size_ == (room_ == 0 ? 1 : room_)) grow();
  const Binding** begin = data();
  const Binding** at = std::lower_bound(begin, begin + size_, static_cast<const Binding*>(e), before);
  std::copy_backward(at, begin + size_, begin + size_ + 1);
  *at = e;
  size_++;
}

void EntryList::remove(const Entry* e) {
  const Binding** begin = data();
  const Binding** end = begin + size_;
  const Binding** at = std::find(begin, end, static_cast<const Binding*>(e));
  if (at == end) return;
  std::copy(at + 1, end, at);
  size_--;
}

uint64_t Index::key_of(const sip::Flow& flow) {
  unsigned char bytes[49];
  size_t n = 0;
  const auto put = [&](const void* from, size_t size) {
    std::memcpy(bytes + n, from, size);
    n += size;
  };
  bytes[n++] = static_cast<unsigned char>(flow.transport);
  if (sip::is_stream(flow.transport)) {
    if (flow.connection == 0) return 0;
    put(&flow.connection, sizeof flow.connection);
  } else {
    for (const Address* a : {&flow.remote, &flow.local}) {
      put(a->ip.data(), a->ip.size());
      put(&a->port, sizeof a->port);
      put(&a->scope, sizeof a->scope);
    }
  }
  return hash_bytes({reinterpret_cast<const char*>(bytes), n}, 0) | 1;
}

Entry& Index::add(Binding&& binding) {
  const Id<Entry> id = slab_.emplace(Entry{std::move(binding)});
  Entry& e = *slab_.find(id);
  e.self = id;
  by_id_.emplace(e.id, &e);
  link(e);
  return e;
}

void Index::remove(Entry& e) {
  unlink(e);
  by_id_.erase(e.id);
  slab_.erase(e.self);
}

void Index::link(Entry& e) {
  by_line_[static_cast<uint64_t>(e.line)].insert(&e);
  e.flow_key = key_of(e.flow);
  e.flow_next = e.flow_previous = e.twin = nullptr;
  if (e.flow_key == 0) return;
  Entry*& first = by_flow_[e.flow_key];
  e.flow_next = first;
  if (first != nullptr) first->flow_previous = &e;
  first = &e;
  Entry*& named = by_flow_number_[key_of(e.flow_key, e.number)];
  e.twin = named;
  named = &e;
}

void Index::unlink(Entry& e) {
  const auto line = by_line_.find(static_cast<uint64_t>(e.line));
  line->second.remove(&e);
  if (line->second.empty()) by_line_.erase(line);
  if (e.flow_key == 0) return;
  if (e.flow_next != nullptr) e.flow_next->flow_previous = e.flow_previous;
  if (e.flow_previous != nullptr) {
    e.flow_previous->flow_next = e.flow_next;
  } else if (e.flow_next != nullptr) {
    by_flow_[e.flow_key] = e.flow_next;
  } else {
    by_flow_.erase(e.flow_key);
  }
  const auto named = by_flow_number_.find(key_of(e.flow_key, e.number));
  Entry** link = &named->second;
  while (*link != &e) link = &(*link)->twin;
  *link = e.twin;
  if (named->second == nullptr) by_flow_number_.erase(named);
}

Entry* Index::find(BindingId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::span<const Binding* const> Index::of_line(EntityId line) const {
  const auto found = by_line_.find(static_cast<uint64_t>(line));
  if (found == by_line_.end()) return {};
  return found->second.span();
}

const Entry* Index::by_flow(const sip::Flow& flow, std::string_view number) const {
  const uint64_t key = key_of(flow);
  if (key == 0) return nullptr;
  const auto found = by_flow_number_.find(key_of(key, number));
  if (found == by_flow_number_.end()) return nullptr;
  const Entry* e = found->second;
  return e->number == number && e->flow.same_way(flow) ? e : nullptr;
}

Entry* Index::of_flow(const sip::Flow& flow) const {
  const uint64_t key = key_of(flow);
  if (key == 0) return nullptr;
  const auto found = by_flow_.find(key);
  return found == by_flow_.end() ? nullptr : found->second;
}

}  // namespace carillon::registrar
