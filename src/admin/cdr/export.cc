#include "admin/cdr/export.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "base/text.h"
#include "text/csv.h"

namespace carillon::admin {

namespace {

json::object redirect_object(const state::Redirect& r, const PartitionName& partition) {
  return {{"number", r.number},
          {"partition", partition(r.partition)},
          {"reason", state::text_of(r.reason)},
          {"onBehalfOf", state::text_of(r.by)}};
}

}  // namespace

std::string record_name(uint64_t id) { return fmt::format("{:016x}", id); }

std::optional<uint64_t> record_of_name(std::string_view name) {
  uint64_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id, 16);
  if (name.size() != 16 || error != std::errc() || end != name.data() + name.size()) return {};
  return id;
}

json::object record_object(const state::Cdr& c, const PartitionName& partition) {
  const json::object original = redirect_object(c.original, partition), last = redirect_object(c.last, partition);
  return {{"name", record_name(c.id)},
          {"call", record_name(c.global)},
          {"start", json::time_text(c.start)},
          {"ringing", json::time_text(c.ringing)},
          {"answer", json::time_text(c.answer)},
          {"end", json::time_text(c.end)},
          {"callingNumber", c.calling_number},
          {"callingPartition", partition(c.calling_partition)},
          {"callingName", c.calling_name},
          {"callingDevice", c.calling_device},
          {"callingUser", c.calling_user},
          {"dialled", c.dialled},
          {"originalCalledNumber", c.original.number.empty() ? c.called_number : c.original.number},
          {"originalRedirectReason", original.at("reason")},
          {"originalRedirectOnBehalfOf", original.at("onBehalfOf")},
          {"lastRedirectNumber", c.last.number},
          {"lastRedirectReason", last.at("reason")},
          {"lastRedirectOnBehalfOf", last.at("onBehalfOf")},
          {"calledNumber", c.called_number},
          {"calledPartition", partition(c.called_partition)},
          {"calledDevice", c.called_device},
          {"calledUser", c.called_user},
          {"huntPilot", c.hunt_pilot},
          {"callingCallId", c.calling_call_id},
          {"calledCallId", c.called_call_id},
          {"callingAddress", c.calling_address},
          {"calledAddress", c.called_address},
          {"callingMedia", c.calling_media},
          {"calledMedia", c.called_media},
          {"codec", c.codec},
          {"callingVideo", c.calling_video},
          {"calledVideo", c.called_video},
          {"videoCodec", c.video_codec},
          {"sipCode", c.sip_code},
          {"cause", c.cause},
          {"disposition", state::text_of(c.disposition)},
          {"endedBy", state::text_of(c.ended_by)},
          {"joinedBy", state::text_of(c.joined_by)},
          {"split", c.split},
          {"splitBy", state::text_of(c.ended_for)},
          {"verified", c.verified}};
}

void append_csv_names(std::string& to, const json::object& record) {
  std::vector<std::string> names;
  for (const auto& each : record) names.emplace_back(each.key());
  csv::write_row(to, names);
}

void append_csv_row(std::string& to, const json::object& record) {
  std::vector<std::string> cells;
  for (const auto& each : record) {
    const json::value& value = each.value();
    cells.push_back(value.is_string() ? csv::without_formula(std::string_view(value.get_string()))
                                      : json::print(value));
  }
  csv::write_row(to, cells);
}

namespace cucm {

namespace {

// The size in "VARCHAR(50)", 0 for what is no text.
size_t size_of(std::string_view type) {
  const size_t open = type.find('(');
  if (open == std::string_view::npos) return 0;
  return to_number<size_t>(type.substr(open + 1, type.size() - open - 2)).value_or(0);
}

// Cut between characters of UTF-8.
std::string_view cut(std::string_view text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) size--;
  return text.substr(0, size);
}

void append_quoted(std::string& to, std::string_view text) {
  to += '"';
  for (const char c : text) {
    if (c == '"') to += '"';
    to += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  to += '"';
}

}  // namespace

std::string head() {
  std::string names, types;
  for (const Column& c : columns()) {
    if (!names.empty()) names += ',', types += ',';
    append_quoted(names, c.name);
    types += c.type;
  }
  return names + "\n" + types + "\n";
}

void append_row(std::string& to, const Source& source) {
  bool first = true;
  for (const Column& c : columns()) {
    if (!first) to += ',';
    first = false;
    const std::string value = c.value(source);
    if (c.type == "INTEGER") {
      to += value;
    } else {
      append_quoted(to, size_of(c.type) == 0 ? std::string_view(value) : cut(value, size_of(c.type)));
    }
  }
  to += '\n';
}

std::string file_name(std::string_view cluster, Instant until, uint32_t sequence) {
  std::string safe;
  for (const char c : cluster) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    safe += good ? c : '-';
  }
  const std::string at = json::time_text(until);  // 2026-11-22T13:05:06.789Z
  if (at.size() < 16) return fmt::format("cdr_{}_01_197001010000_{}", safe, sequence);
  return fmt::format("cdr_{}_01_{}{}{}{}{}_{}", safe, at.substr(0, 4), at.substr(5, 2), at.substr(8, 2),
                     at.substr(11, 2), at.substr(14, 2), sequence);
}

}  // namespace cucm
}  // namespace carillon::admin
