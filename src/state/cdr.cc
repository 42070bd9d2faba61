#include "state/cdr.h"

#include <cstring>
#include <iterator>

namespace carillon::state {
namespace {

constexpr uint8_t kVersion = 2;
constexpr std::string Cdr::*kTexts[] = {
    &Cdr::calling_number,  &Cdr::calling_name,   &Cdr::calling_device, &Cdr::calling_user,    &Cdr::dialled,
    &Cdr::called_number,   &Cdr::called_device,  &Cdr::called_user,    &Cdr::calling_call_id, &Cdr::called_call_id,
    &Cdr::calling_address, &Cdr::called_address, &Cdr::calling_media,  &Cdr::called_media,    &Cdr::codec,
    &Cdr::calling_video,   &Cdr::called_video,   &Cdr::video_codec,    &Cdr::hunt_pilot};
constexpr int64_t Cdr::*kPartitions[] = {&Cdr::calling_partition, &Cdr::called_partition, &Cdr::hunt_partition};
constexpr Instant Cdr::*kTimes[] = {&Cdr::start, &Cdr::ringing, &Cdr::answer, &Cdr::end};
constexpr Redirect Cdr::*kRedirects[] = {&Cdr::original, &Cdr::last};
constexpr OnBehalfOf Cdr::*kFeatures[] = {&Cdr::joined_by, &Cdr::ended_for};
constexpr size_t kTextMax = 4096;  // bytes of one text; longer ones are cut

enum Flag : uint8_t { kVerified = 1, kSplit = 2, kWithheld = 4, kAllFlags = 7 };

template <typename Code>
struct Name {
  Code code;
  std::string_view text;
};

constexpr Name<OnBehalfOf> kFeatureNames[] = {
    {OnBehalfOf::nobody, ""},
    {OnBehalfOf::park, "park"},
    {OnBehalfOf::conference, "conference"},
    {OnBehalfOf::forward, "forward"},
    {OnBehalfOf::meet_me, "meet-me"},
    {OnBehalfOf::message_waiting, "message-waiting"},
    {OnBehalfOf::transfer, "transfer"},
    {OnBehalfOf::device, "device"},
    {OnBehalfOf::call_control, "call-control"},
    {OnBehalfOf::divert, "divert"},
    {OnBehalfOf::barge, "barge"},
    {OnBehalfOf::pickup, "pickup"},
    {OnBehalfOf::refer, "refer"},
    {OnBehalfOf::replaces, "replaces"},
    {OnBehalfOf::redirection, "redirection"},
    {OnBehalfOf::mobility, "mobility"},
    {OnBehalfOf::alternate_routing, "alternate-routing"},
    {OnBehalfOf::directed_park, "directed-park"},
    {OnBehalfOf::recording, "recording"},
    {OnBehalfOf::monitoring, "monitoring"},
    {OnBehalfOf::queueing, "queueing"},
};

constexpr Name<RedirectReason> kReasonNames[] = {
    {RedirectReason::none, ""},
    {RedirectReason::forward_busy, "forward-busy"},
    {RedirectReason::forward_no_answer, "forward-no-answer"},
    {RedirectReason::transfer, "transfer"},
    {RedirectReason::pickup, "pickup"},
    {RedirectReason::park, "park"},
    {RedirectReason::park_pickup, "park-pickup"},
    {RedirectReason::park_reversion, "park-reversion"},
    {RedirectReason::forward_all, "forward-all"},
    {RedirectReason::blind_transfer, "blind-transfer"},
    {RedirectReason::divert, "divert"},
    {RedirectReason::forward_failure, "forward-failure"},
    {RedirectReason::conference, "conference"},
    {RedirectReason::barge, "barge"},
    {RedirectReason::alternate_routing, "alternate-routing"},
    {RedirectReason::refer, "refer"},
    {RedirectReason::replaces, "replaces"},
    {RedirectReason::redirection, "redirection"},
    {RedirectReason::forward_unregistered, "forward-unregistered"},
    {RedirectReason::recording, "recording"},
    {RedirectReason::monitoring, "monitoring"},
};

template <typename Code, size_t N>
const Name<Code>* find_name(const Name<Code> (&table)[N], Code code) {
  for (const Name<Code>& n : table) {
    if (n.code == code) return &n;
  }
  return nullptr;
}

bool is_known(OnBehalfOf code) { return find_name(kFeatureNames, code) != nullptr; }
bool is_known(RedirectReason code) { return find_name(kReasonNames, code) != nullptr; }

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

void append_text(std::string& out, std::string_view text) {
  text = text.substr(0, kTextMax);
  append(out, static_cast<uint16_t>(text.size()));
  out.append(text);
}

void append_redirect(std::string& out, const Redirect& r) {
  append_text(out, r.number);
  append(out, r.partition);
  append(out, static_cast<uint16_t>(r.reason));
  append(out, static_cast<uint8_t>(r.by));
}

void read_redirect(Reader& in, Redirect& r) {
  r.number = in.text();
  r.partition = in.number<int64_t>();
  r.reason = static_cast<RedirectReason>(in.number<uint16_t>());
  r.by = static_cast<OnBehalfOf>(in.number<uint8_t>());
  in.bad = in.bad || !is_known(r.reason) || !is_known(r.by);
}

template <typename T>
T read_enum(Reader& in, T last) {
  const auto value = in.number<uint8_t>();
  in.bad = in.bad || value > static_cast<uint8_t>(last);
  return static_cast<T>(value);
}

}  // namespace

// Little-endian, as every machine that we build for is: version, ids, times, codes, flags, then texts with 16-bit
// lengths.
std::string Cdr::to_blob() const {
  std::string out;
  size_t size = 152 + original.number.size() + last.number.size();
  for (const auto text : kTexts) size += 2 + (this->*text).size();
  out.reserve(size);
  append(out, kVersion);
  append(out, id);
  append(out, global);
  for (const auto time : kTimes) append(out, (this->*time).us);
  for (const int code : {sip_code, called_status, cause}) append(out, static_cast<int32_t>(code));
  append(out, calling_leg);
  append(out, called_leg);
  append(out, static_cast<uint8_t>(disposition));
  append(out, static_cast<uint8_t>(ended_by));
  append(out, static_cast<uint8_t>((verified ? kVerified : 0) | (split ? kSplit : 0) | (withheld ? kWithheld : 0)));
  for (const auto feature : kFeatures) append(out, static_cast<uint8_t>(this->*feature));
  for (const auto partition : kPartitions) append(out, this->*partition);
  for (const auto redirect : kRedirects) append_redirect(out, this->*redirect);
  for (const auto text : kTexts) append_text(out, this->*text);
  return out;
}

std::optional<Cdr> Cdr::from_blob(std::string_view blob) {
  Reader in{blob};
  if (in.number<uint8_t>() != kVersion) return {};
  Cdr cdr;
  cdr.id = in.number<uint64_t>();
  cdr.global = in.number<uint64_t>();
  for (const auto time : kTimes) (cdr.*time).us = in.number<int64_t>();
  for (int* code : {&cdr.sip_code, &cdr.called_status, &cdr.cause}) *code = in.number<int32_t>();
  cdr.calling_leg = in.number<uint32_t>();
  cdr.called_leg = in.number<uint32_t>();
  cdr.disposition = read_enum(in, Disposition::recovered);
  cdr.ended_by = read_enum(in, EndedBy::system);
  const auto flags = in.number<uint8_t>();
  cdr.verified = (flags & kVerified) != 0;
  cdr.split = (flags & kSplit) != 0;
  cdr.withheld = (flags & kWithheld) != 0;
  in.bad = in.bad || (flags & ~kAllFlags) != 0;
  for (const auto feature : kFeatures) {
    cdr.*feature = static_cast<OnBehalfOf>(in.number<uint8_t>());
    in.bad = in.bad || !is_known(cdr.*feature);
  }
  for (const auto partition : kPartitions) cdr.*partition = in.number<int64_t>();
  for (const auto redirect : kRedirects) read_redirect(in, cdr.*redirect);
  for (const auto text : kTexts) cdr.*text = in.text();
  if (in.bad || !in.rest.empty()) return {};
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

std::string_view text_of(OnBehalfOf b) {
  const auto* name = find_name(kFeatureNames, b);
  return name == nullptr ? std::string_view() : name->text;
}

std::string_view text_of(RedirectReason r) {
  const auto* name = find_name(kReasonNames, r);
  return name == nullptr ? std::string_view() : name->text;
}

}  // namespace carillon::state
