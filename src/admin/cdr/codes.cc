#include "admin/cdr/codes.h"

#include <fmt/format.h>

#include "base/address.h"
#include "base/hash.h"
#include "base/text.h"

namespace carillon::admin::cucm {

namespace {

constexpr int64_t kSplit = 0x60000;

struct Codec {
  std::string_view encoding;
  int number, kilobits, frames;
};

constexpr Codec kCodecs[] = {
    {"PCMA", 2, 64, 20},   {"PCMU", 4, 64, 20}, {"G722", 6, 64, 20},      {"G723", 9, 6, 30},
    {"G728", 10, 16, 20},  {"G729", 11, 8, 20}, {"G729A", 12, 8, 20},     {"G729B", 15, 8, 20},
    {"G729AB", 16, 8, 20}, {"GSM", 18, 13, 20}, {"iLBC", 86, 15, 20},     {"opus", 90, 0, 20},
    {"H261", 100, 0, 0},   {"H263", 101, 0, 0}, {"H263-1998", 101, 0, 0}, {"H263-2000", 101, 0, 0},
    {"H264", 103, 0, 0},   {"H265", 109, 0, 0}, {"t38", 107, 0, 0},       {"CLEARMODE", 120, 64, 20},
};

const Codec* find_codec(std::string_view encoding) {
  for (const Codec& c : kCodecs) {
    if (iequals(c.encoding, encoding)) return &c;
  }
  return nullptr;
}

// Ranges of SIP answers and the number of the first.
struct Replies {
  int from, to, number;
};
constexpr Replies kReplies[] = {{400, 433, 0x01}, {480, 493, 0x40}, {500, 505, 0x54}, {513, 513, 0x5a},
                                {600, 600, 0xa1}, {603, 604, 0xa2}, {606, 606, 0xa4}};

// The Q.850 cause that the described system gives this answer; only what it would have said itself is encoded.
bool is_answer_of_phone(const state::Cdr& c) {
  return c.called_status >= 400 && sip_reply_number(c.called_status) != 0;
}

bool cleared(const state::Cdr& c, bool origin) {
  using EndedBy = state::Cdr::EndedBy;
  if (c.ended_by == EndedBy::system) return !origin || c.answer.us != 0;
  return origin == (c.ended_by == EndedBy::caller);
}

std::string_view host_of(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

int sip_reply_number(int status) {
  for (const Replies& r : kReplies) {
    if (status >= r.from && status <= r.to) return r.number + status - r.from;
  }
  return 0;
}

int64_t cause_value(const state::Cdr& c, bool origin) {
  if (c.split) return kSplit;
  if (!cleared(c, origin)) return 0;
  if (!origin && c.answer.us == 0 && is_answer_of_phone(c))
    return static_cast<int64_t>(sip_reply_number(c.called_status)) << 24 | c.cause;
  return c.cause;
}

int ended_on_behalf_of(const state::Cdr& c, bool origin) {
  if (c.split) return static_cast<int>(c.ended_for);
  if (!cleared(c, origin)) return 0;
  return static_cast<int>(c.ended_by == state::Cdr::EndedBy::system ? state::OnBehalfOf::call_control
                                                                    : state::OnBehalfOf::device);
}

int codec_number(std::string_view encoding) {
  const Codec* c = find_codec(encoding);
  return c != nullptr ? c->number : encoding.empty() ? 0 : 1;
}

int codec_bandwidth(std::string_view encoding) {
  const Codec* c = find_codec(encoding);
  return c == nullptr ? 0 : c->kilobits;
}

int codec_frames(std::string_view encoding) {
  const Codec* c = find_codec(encoding);
  return c != nullptr ? c->frames : encoding.empty() ? 0 : 20;
}

int64_t address_number(std::string_view text) {
  const auto address = Address::parse_ip(host_of(text), 0);
  if (!address || !address->is_v4()) return 0;
  uint32_t value = 0;
  std::string_view rest = host_of(text);
  for (int i = 0; i < 4; i++) {
    const size_t dot = rest.find('.');
    value |= static_cast<uint32_t>(to_number<uint8_t>(rest.substr(0, dot)).value_or(0)) << (8 * i);
    rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
  }
  return static_cast<int32_t>(value);
}

int port_number(std::string_view text) {
  const size_t colon = text.rfind(':');
  return colon == std::string_view::npos ? 0 : to_number<uint16_t>(text.substr(colon + 1)).value_or(0);
}

std::string address_text(std::string_view text) { return std::string(host_of(text)); }

std::string record_uuid(uint64_t id) {
  const uint64_t mixed = hash_mix(id, 0x9e3779b97f4a7c15ull);
  // Version 8 (RFC 9562 §5.8): made as we like; the id itself stands in front, so that no two are the same.
  return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:04x}{:08x}", id >> 32, id >> 16 & 0xffff, mixed & 0xfff,
                     0x8000 | (mixed >> 12 & 0x3fff), id & 0xffff, mixed >> 32);
}

}  // namespace carillon::admin::cucm
