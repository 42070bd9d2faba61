#include "sip/message/cseq.h"

#include "sip/message/cursor.h"

namespace carillon::sip {
namespace {

std::optional<CSeq> read_cseq(Cursor& c) {
  CSeq out;
  const auto number = to_number<uint32_t>(c.run(chars::kDigit));
  if (!number || *number > INT32_MAX) return {};
  out.number = *number;
  const char* const gap = c.p;
  c.blanks();
  if (c.p == gap) return {};
  out.method_name = c.token();
  if (out.method_name.empty() || !c.finished()) return {};
  out.method = method_of(out.method_name);
  return out;
}

}  // namespace

std::optional<CSeq> CSeq::parse(std::string_view value) {
  Cursor c(trim(value));
  return read_cseq(c);
}

std::optional<RAck> RAck::parse(std::string_view value) {
  Cursor c(trim(value));
  const auto rseq = to_number<uint32_t>(c.run(chars::kDigit));
  const char* const gap = c.p;
  c.blanks();
  if (!rseq || c.p == gap) return {};
  const auto cseq = read_cseq(c);
  if (!cseq) return {};
  return RAck{*rseq, *cseq};
}

}  // namespace carillon::sip
