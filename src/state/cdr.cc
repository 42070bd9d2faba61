#include "state/cdr.h"

#include <cstring>
#include <iterator>

namespace carillon::state {
namespace {

constexpr uint8_t kVersion = 2;  // 1: without global
constexpr std::string Cdr::*kTexts[] = {
    &Cdr::calling_number, &Cdr::calling_name,  &Cdr::calling_device,  &Cdr::calling_user,   &Cdr::dialled,
    &Cdr::called_number,  &Cdr::called_device, &Cdr::calling_call_id, &Cdr::called_call_id, &Cdr::calling_address,
    &Cdr::called_address, &Cdr::calling_media, &Cdr::called_media,    &Cdr::codec};
constexpr Instant Cdr::*kTimes[] = {&Cdr::start, &Cdr::ringing, &Cdr::answer, &Cdr::end};
constexpr size_t kTextMax = 4096;  // bytes of one text; longer ones are cut

template <typename T>
void append(std::string& to, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  to.append(bytes, sizeof(T));
}

// Reads from the front; `bad` once something was missing.
struct Reader {
  std::string_view rest;
  bool bad = false;
  template <typename T>
  T number() {
    T value{};
    if (rest.size() < sizeof(T)) return bad = true, value;
    std::memcpy(&value, rest.data(), sizeof(T));
    rest.remove_prefix(sizeof(T));
    return value;
  }
  std::string_view text() {
    const auto size = number<uint16_t>();
    if (bad || rest.size() < size) return bad = true, std::string_view();
    const std::string_view out = rest.substr(0, size);
    rest.remove_prefix(size);
    return out;
  }
};

}  // namespace

// Little-endian, as every machine that we build for is: version, id, times, codes, flags, then texts with 16-bit
// lengths.
std::string Cdr::to_blob() const {
  std::string out;
  size_t size = 64;
  for (const auto text : kTexts) size += 2 + (this->*text).size();
  out.reserve(size);
  append(out, kVersion);
  append(out, id);
  append(out, global);
  for (const auto time : kTimes) append(out, (this->*time).us);
  append(out, static_cast<int32_t>(sip_code));
  append(out, static_cast<int32_t>(cause));
  append(out, static_cast<uint8_t>(disposition));
  append(out, static_cast<uint8_t>(ended_by));
  append(out, static_cast<uint8_t>(verified));
  for (const auto text : kTexts) {
    const std::string_view value = std::string_view(this->*text).substr(0, kTextMax);
    append(out, static_cast<uint16_t>(value.size()));
    out.append(value);
  }
  return out;
}

std::optional<Cdr> Cdr::from_blob(std::string_view blob) {
  Reader in{blob};
  const auto version = in.number<uint8_t>();
  if (version == 0 || version > kVersion) return {};
  Cdr cdr;
  cdr.id = in.number<uint64_t>();
  cdr.global = version > 1 ? in.number<uint64_t>() : cdr.id;
  for (const auto time : kTimes) (cdr.*time).us = in.number<int64_t>();
  cdr.sip_code = in.number<int32_t>();
  cdr.cause = in.number<int32_t>();
  const auto disposition = in.number<uint8_t>();
  const auto ended_by = in.number<uint8_t>();
  cdr.verified = in.number<uint8_t>() != 0;
  for (const auto text : kTexts) cdr.*text = in.text();
  if (in.bad || !in.rest.empty()) return {};
  if (disposition > static_cast<uint8_t>(Disposition::recovered) || ended_by > static_cast<uint8_t>(EndedBy::system))
    return {};
  cdr.disposition = static_cast<Disposition>(disposition);
  cdr.ended_by = static_cast<EndedBy>(ended_by);
  return cdr;
}

std::string_view text_of(Cdr::Disposition d) {
  constexpr std::string_view kNames[] = {"answered", "busy", "no-answer", "cancelled", "failed", "recovered"};
  return static_cast<size_t>(d) < std::size(kNames) ? kNames[static_cast<size_t>(d)] : "failed";
}

std::string_view text_of(Cdr::EndedBy e) {
  constexpr std::string_view kNames[] = {"caller", "callee", "system"};
  return static_cast<size_t>(e) < std::size(kNames) ? kNames[static_cast<size_t>(e)] : "system";
}

}  // namespace carillon::state
