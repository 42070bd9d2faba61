#pragma once
// Bodies of several parts (RFC 2046 §5.1, RFC 5621): read as views, bounded, one after the other.

#include <string_view>

namespace carillon::sip {

using View = std::string_view;

constexpr size_t kMaxParts = 16;     // those after are not looked at
constexpr size_t kMaxBoundary = 70;  // RFC 2046 §5.1.1

struct Part {
  View content_type;  // "" means text/plain
  View disposition, encoding;
  View body;
};

class Multipart {
 public:
  // `content_type` is the value of the message's Content-Type.
  Multipart(View content_type, View body);
  // Is it of several parts at all, with a boundary that can be one?
  bool good() const { return !boundary_.empty(); }
  // False at the end, or where the text is broken.
  bool next(Part& part);

 private:
  // The place of the next delimiter line at or after `from`, npos when there is none; `after` is behind it.
  size_t delimiter(size_t from, size_t& after, bool& last) const;

  View boundary_, body_;
  size_t at_ = 0, count_ = 0;
  bool begun_ = false, over_ = false;
};

}  // namespace carillon::sip
