// fuzz-links: carillon_dialplan carillon_message
// Whatever a phone dials, as the user part of a URI: the decision agrees with what was dialled, and with its
// explanation.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "config/built_in.h"
#include "config/entities/feature_code.h"
#include "dialplan/route.h"
#include "sip/message/uri.h"

namespace {

namespace config = carillon::config;
namespace dialplan = carillon::dialplan;
using Kind = dialplan::Decision::Kind;

config::SnapshotPtr numbers() {
  config::SnapshotBuilder b;
  b.put_search_space(1, {1, 2});
  b.put_search_space(2, {2});
  config::EntityId id = 100;
  for (const char* number : {"1001", "1002", "+4930123", "*721", "8"}) {
    config::LineView line;
    line.id = ++id;
    line.number = number;
    line.partition = number[0] == '1' ? 1 : 2;
    b.put(line);
  }
  config::CallParkView park;
  park.id = 11, park.number = "80XX", park.partition = 1;
  b.put(park);
  config::DirectedParkView directed;
  directed.id = 12, directed.number = "88X", directed.retrieval_prefix = "*6", directed.partition = 2;
  b.put(directed);
  config::PickupGroupView group;
  group.id = 13, group.name = "Sales", group.number = "8600", group.partition = 1;
  b.put(group);
  for (const auto& row : config::built_in<config::FeatureCode>()) b.put({row.id, row.code, row.function});
  return b.build(1);
}

bool in_pattern(std::string_view digits, std::string_view pattern) {
  if (digits.size() != pattern.size()) return false;
  for (size_t i = 0; i < digits.size(); i++) {
    if (pattern[i] == 'X' ? digits[i] < '0' || digits[i] > '9' : digits[i] != pattern[i]) return false;
  }
  return true;
}

void agrees(std::string_view digits, const dialplan::Decision& d) {
  CHECK((d.kind != Kind::invalid) == dialplan::is_number(digits));
  if (d.kind == Kind::line) CHECK(d.line != nullptr && d.line->number == digits);
  if (d.kind == Kind::feature_code) {
    CHECK(d.code != nullptr && d.code->code + std::string(d.argument) == digits);
    CHECK(d.argument.empty() || d.argument.data() + d.argument.size() == digits.data() + digits.size());
  }
  if (d.kind == Kind::park || d.kind == Kind::directed_park || d.kind == Kind::pickup_group)
    CHECK(in_pattern(digits, d.number->number));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const config::SnapshotPtr snapshot = numbers();
  const std::string uri = "sip:" + std::string(reinterpret_cast<const char*>(data), size) + "@pbx.example";
  const auto parsed = carillon::sip::Uri::parse(uri);
  const std::string dialled = parsed && parsed->has_user ? carillon::sip::decoded_user(*parsed)
                                                         : std::string(reinterpret_cast<const char*>(data), size);
  for (const config::EntityId space : {0, 1, 2}) {
    const auto d = dialplan::route(*snapshot, space, dialled);
    agrees(dialled, d);
    agrees(dialled, dialplan::route(*snapshot, space, 2, dialled));
    std::vector<std::string> why;
    CHECK(dialplan::explain(*snapshot, space, dialled, why).kind == d.kind && !why.empty());
    if (d.kind == Kind::feature_code) agrees(d.argument, dialplan::route(*snapshot, space, d.argument));
  }
  return 0;
}
