#include "admin/core.h"

namespace carillon::admin {

Core::Core(std::unique_ptr<config::Repository> repository, const Random& random)
    : repository_(std::move(repository)), publisher_(*repository_), writer_(*repository_, publisher_, random) {
  snapshot_ = publisher_.load();
  revision_ = repository_->revision();
  snapshot_->for_each_phone([&](const config::PhoneView& p) { writer_.licences().add(p.product, 1); });
}

Result<uint64_t> Core::begin() {
  if (const auto done = repository_->begin(); !done) return done.error();
  licences_at_begin_ = writer_.licences();
  return revision_.load() + 1;
}

void Core::rollback() {
  repository_->rollback();
  publisher_.forget();
  writer_.licences() = licences_at_begin_;
}

Result<void> Core::commit(uint64_t revision, const config::AuditEntry& entry) {
  repository_->set_revision(revision);
  repository_->audit(entry);
  auto done = repository_->commit();
  if (!done) {
    rollback();
    return done;
  }
  publish(revision);
  return done;
}

void Core::publish(uint64_t revision) {
  config::SnapshotPtr next = publisher_.publish(revision);
  {
    const std::lock_guard lock(snapshot_mutex_);
    snapshot_ = next;
    revision_ = revision;
  }
  for (const auto& listener : listeners_) listener(next);
}

config::SnapshotPtr Core::snapshot() {
  const std::lock_guard lock(snapshot_mutex_);
  return snapshot_;
}

void Core::subscribe(std::function<void(config::SnapshotPtr)> listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

}  // namespace carillon::admin
