#pragma once
// CSeq (RFC 3261 §20.16) and RAck (RFC 3262 §7.2).

#include <cstdint>
#include <optional>
#include <string_view>

#include "sip/message/method.h"

namespace carillon::sip {

struct CSeq {
  uint32_t number = 0;  // < 2^31
  Method method = Method::other;
  std::string_view method_name;
  static std::optional<CSeq> parse(std::string_view value);
};

struct RAck {
  uint32_t rseq = 0;
  CSeq cseq;
  static std::optional<RAck> parse(std::string_view value);
};

}  // namespace carillon::sip
