#pragma once
// Numbers and texts as bytes, for records in the store: little-endian, texts behind their length in 32 bits. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace carillon {

template <typename T>
void put_number(std::string& to, T value) {
  for (size_t i = 0; i < sizeof(T); i++) to += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
}

inline void put_text(std::string& to, std::string_view text) {
  put_number(to, static_cast<uint32_t>(text.size()));
  to += text;
}

// Takes from the front; after the first failure everything is empty or zero, and ok() false. Views into what it reads.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  template <typename T>
  T number() {
    const std::string_view bytes = take(sizeof(T));
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size(); i++) value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
    return static_cast<T>(value);
  }
  std::string_view text() { return take(number<uint32_t>()); }
  std::string_view take(size_t size) {
    if (!ok_ || size > rest_.size()) return ok_ = false, std::string_view();
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  void fail() { ok_ = false; }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }  // all of it has been read, and was good

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace carillon
