#include "admin/writer.h"

namespace carillon::admin {

using config::Appearance;
using config::EndUser;
using config::Line;
using config::Phone;

void Writer::make_parts(Phone& phone, uint64_t revision, config::Problems& problems) {
  for (Appearance& a : phone.lines) {
    if (a.line.id == 0 && !a.line.name.empty()) make_line(a.line, revision, problems);
  }
}

// Leaves alone what exists and what is ambiguous: resolving says the rest.
void Writer::make_line(config::Ref<Line>& line, uint64_t revision, config::Problems& problems) {
  config::Names names(repository_);
  const auto found = names.find<Line>(line.name);
  if (found) {
    line.id = *found;
    return;
  }
  if (found.error().kind != FaultKind::not_found) return;
  const auto [number, partition] = config::split_line_name(line.name);
  Line fresh;
  config::Problems wrong;
  config::set_text(fresh, "number", number, wrong);
  if (!wrong.empty()) {
    problems.push_back({"lines", wrong.front().text});
    line.id = -1;
    return;
  }
  fresh.partition = {partition.empty() ? config::kDefaultPartition : 0, std::string(partition)};
  const auto saved = save(fresh, static_cast<const Line*>(nullptr), revision);
  if (saved) {
    line.id = fresh.id;
  } else {
    problems.push_back({"lines", saved.error().text});
    line.id = -1;
  }
}

void Writer::check_licence(const Phone& row, const Phone* before, config::Problems& problems) {
  const auto pool = to_number<int64_t>(config::value_of(publisher_.parameters(), "licence-pool"));
  if (!pool) return;
  const int64_t had = before == nullptr ? 0 : config::units(before->product);
  const int64_t more = config::units(row.product) - had;
  const int64_t in_use = licences_.units();
  if (more <= 0 || in_use + more <= *pool) return;
  problems.push_back({"product",
                      "the licence pool would be overdrawn: it has " + std::to_string(*pool) + " units, " +
                          std::to_string(in_use) + " are in use (" + std::to_string(licences_.basic) + " basic, " +
                          std::to_string(licences_.advanced) + " advanced), and this phone needs " +
                          std::to_string(more) + " more; raise the parameter licence-pool or remove phones",
                      FaultKind::conflict});
}

void Writer::seal(EndUser& row, const EndUser* before) {
  config::Vault& vault = repository_.vault();
  config::Secret& secret = row.digest_credentials;
  const bool renamed = before != nullptr && before->userid != row.userid;
  if (!secret.changed && !renamed) return;
  const auto kept =
      before == nullptr ? std::nullopt : vault.password(before->userid, before->digest_credentials.sealed);
  if (!secret.changed) secret.plain = kept.value_or("");
  // The same password again is no change; sealing it anew would look like one.
  if (!renamed && kept && *kept == secret.plain) {
    secret = before->digest_credentials;
    return;
  }
  const View realm = config::value_of(publisher_.parameters(), "realm");
  secret.sealed = secret.plain.empty() ? "" : vault.seal(row.userid, realm, secret.plain);
  secret.plain.clear();
  secret.changed = false;
}

void Writer::account(const Phone& row, const Phone* before) {
  if (before != nullptr) licences_.add(before->product, -1);
  licences_.add(row.product, 1);
}

void Writer::account(const EndUser& row, const EndUser* before) {
  if (before != nullptr && before->userid != row.userid) publisher_.touch_userid(before->userid);
}

}  // namespace carillon::admin
