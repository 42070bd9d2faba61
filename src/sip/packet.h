#pragma once
// The bytes of a message that is being sent: printed once, shared by the batch that sends it and the transaction that
// may send it again. Counted without atomics: a Packet stays with its shard.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace carillon::sip {

class Packet {
 public:
  Packet() = default;
  // A copy of `bytes`.
  explicit Packet(std::string_view bytes) {
    auto* raw = static_cast<Head*>(std::malloc(sizeof(Head) + bytes.size()));
    if (raw == nullptr) throw std::bad_alloc();
    raw->uses = 1;
    raw->size = static_cast<uint32_t>(bytes.size());
    std::memcpy(raw + 1, bytes.data(), bytes.size());
    head_ = raw;
  }
  Packet(const Packet& o) : head_(o.head_) {
    if (head_ != nullptr) head_->uses++;
  }
  Packet(Packet&& o) noexcept : head_(std::exchange(o.head_, nullptr)) {}
  Packet& operator=(Packet o) noexcept {
    std::swap(head_, o.head_);
    return *this;
  }
  ~Packet() {
    if (head_ != nullptr && --head_->uses == 0) std::free(head_);
  }
  bool empty() const { return head_ == nullptr; }
  std::string_view view() const {
    return head_ == nullptr ? std::string_view()
                            : std::string_view(reinterpret_cast<const char*>(head_ + 1), head_->size);
  }

 private:
  struct Head {
    uint32_t uses;
    uint32_t size;
  };
  Head* head_ = nullptr;
};

}  // namespace carillon::sip
