#pragma once
// A text that is kept for long and read more often than it is set, in the room of one pointer: a std::string takes
// four, and most texts of a registration are longer than what that holds without the heap, or empty. Values; not for
// threads.

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace carillon {

class CompactText {
 public:
  CompactText() = default;
  CompactText(std::string_view text) { assign(text); }  // NOLINT(google-explicit-constructor): a text is a text
  CompactText(const std::string& text) : CompactText(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  CompactText(const char* text) : CompactText(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)
  CompactText(const CompactText& o) : CompactText(o.view()) {}
  CompactText(CompactText&& o) noexcept = default;
  CompactText& operator=(const CompactText& o) { return assign(o.view()), *this; }
  CompactText& operator=(CompactText&& o) noexcept = default;

  std::string_view view() const {
    if (bytes_ == nullptr) return {};
    uint32_t size = 0;
    std::memcpy(&size, bytes_.get(), sizeof size);
    return {bytes_.get() + sizeof size, size};
  }
  operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  std::string str() const { return std::string(view()); }
  bool empty() const { return bytes_ == nullptr; }
  size_t size() const { return view().size(); }

  template <typename T>
  requires std::is_convertible_v<const T&, std::string_view>
  friend bool operator==(const CompactText& a, const T& b) { return a.view() == std::string_view(b); }

 private:
  // `text` may be of this one.
  void assign(std::string_view text) {
    if (text == view()) return;
    std::unique_ptr<char[]> bytes;
    if (!text.empty()) {
      const auto size = static_cast<uint32_t>(text.size());
      bytes.reset(new char[sizeof size + text.size()]);
      std::memcpy(bytes.get(), &size, sizeof size);
      std::memcpy(bytes.get() + sizeof size, text.data(), text.size());
    }
    bytes_ = std::move(bytes);
  }

  std::unique_ptr<char[]> bytes_;  // its size, and it; null when empty
};

}  // namespace carillon
