// Who may watch whom: the watcher's search space for subscriptions reaches the number, and its presence group sees the
// number's (system.md 2.9). A phone's own lines are its own.

#include "lines/lines_impl.h"

namespace carillon::lines {
namespace {

bool reaches(const config::Snapshot& s, const config::PhoneView& phone, const config::LineView& line) {
  const EntityId space = phone.subscribe_search_space != 0 ? phone.subscribe_search_space : phone.calling_search_space;
  if (space == 0) return true;
  for (const EntityId partition : s.partitions(space)) {
    if (partition == line.partition) return true;
  }
  return false;
}

}  // namespace

bool may_watch(const config::Snapshot& s, const config::PhoneView& phone, const config::LineView& line,
               Package package) {
  if (phone.appearance(line.id) != nullptr) return true;
  if (package == Package::message_summary) return false;  // a mailbox is its owner's
  return reaches(s, phone, line) && s.may_see(phone.presence_group, line.presence_group);
}

Target target_of(const config::Snapshot& s, const config::PhoneView& phone, View number, Package package) {
  Target t;
  t.line = s.line_of_phone(phone, number);
  if (t.line == nullptr) {
    const EntityId space =
        phone.subscribe_search_space != 0 ? phone.subscribe_search_space : phone.calling_search_space;
    t.line = s.line_by_number(number, space);
  }
  if (t.line == nullptr) t.line = s.line_by_number(number, 0);
  if (t.line == nullptr) return t;
  t.permission = may_watch(s, phone, *t.line, package) ? Permission::granted : Permission::forbidden;
  return t;
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
