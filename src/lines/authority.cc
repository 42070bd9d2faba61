// Who may watch whom: the watcher's search space for subscriptions reaches the number, and its presence group sees the
// number's (system.md 2.9); a park number is in the standard group. A phone's own lines are its own.

#include <algorithm>

#include "call/park_lamp.h"
#include "lines/lines_impl.h"

namespace carillon::lines {
namespace {

EntityId space_of(const config::PhoneView& phone) {
  return phone.subscribe_search_space != 0 ? phone.subscribe_search_space : phone.calling_search_space;
}

bool reaches(const config::Snapshot& s, const config::PhoneView& phone, EntityId partition) {
  const EntityId space = space_of(phone);
  if (space == 0) return true;
  const auto partitions = s.partitions(space);
  return std::find(partitions.begin(), partitions.end(), partition) != partitions.end();
}

bool is_park(const config::NumberView* n) {
  using Kind = config::NumberView::Kind;
  return n != nullptr && (n->kind == Kind::park || n->kind == Kind::directed_park);
}

// The park number that these digits are for who has this search space (0: anywhere): exactly, else in a range.
std::optional<Subject> find_park(const config::Snapshot& s, EntityId space, View digits) {
  if (!s.has_numbers() && !s.has_ranges()) return {};
  const auto partitions = s.searched(space);
  for (const bool range : {false, true}) {
    for (const EntityId partition : partitions) {
      const config::NumberView* n = range ? s.range_in(partition, digits) : s.number_in(partition, digits);
      if (is_park(n)) return Subject{call::key_of_park(*n, digits), digits, n->partition, 0};
    }
  }
  return {};
}

}  // namespace

Subject subject_of(const config::LineView& line) { return {line.id, line.number, line.partition, line.presence_group}; }

std::optional<Subject> subject_of(const config::Snapshot& s, const Lamp& lamp) {
  if (lamp.line > 0) {
    const config::LineView* line = s.line(lamp.line);
    if (line == nullptr || line->number != lamp.number) return {};
    return subject_of(*line);
  }
  for (const EntityId partition : s.searched(0)) {
    for (const config::NumberView* n : {s.number_in(partition, lamp.number), s.range_in(partition, lamp.number)}) {
      if (!is_park(n) || call::key_of_park(*n, lamp.number) != lamp.line) continue;
      return Subject{lamp.line, lamp.number, n->partition, 0};
    }
  }
  return {};
}

bool may_watch(const config::Snapshot& s, const config::PhoneView& phone, const Subject& subject, Package package) {
  if (!subject.is_line() && package != Package::dialog) return false;
  if (subject.is_line() && phone.appearance(subject.key) != nullptr) return true;
  if (package == Package::message_summary) return false;  // a mailbox is its owner's
  return reaches(s, phone, subject.partition) && s.may_see(phone.presence_group, subject.presence_group);
}

// Its own lines come before others that it reaches, these before park numbers, and those before what it does not reach.
Target target_of(const config::Snapshot& s, const config::PhoneView& phone, View number, Package package) {
  const config::LineView* line = s.line_of_phone(phone, number);
  if (line == nullptr) line = s.line_by_number(number, space_of(phone));
  const bool parks = line == nullptr && package == Package::dialog;
  auto park = parks ? find_park(s, space_of(phone), number) : std::nullopt;
  if (line == nullptr && !park) line = s.line_by_number(number, 0);
  if (line == nullptr && !park && parks) park = find_park(s, 0, number);
  if (line == nullptr && !park) return {};
  const Subject subject = park ? *park : subject_of(*line);
  return {may_watch(s, phone, subject, package) ? Permission::granted : Permission::forbidden, subject};
}

// As dialled: of tel: URIs the number without its visual separators.
std::string number_of(const sip::Message& m) {
  const auto uri = sip::Uri::parse(m.request_uri());
  if (!uri) return {};
  if (uri->scheme != sip::Uri::Scheme::tel) return uri->has_user ? sip::decoded_user(*uri) : std::string();
  std::string number(uri->host.substr(0, uri->host.find(';')));
  std::erase_if(number, [](char ch) { return ch == '-' || ch == '.' || ch == '(' || ch == ')'; });
  return number;
}

}  // namespace carillon::lines
