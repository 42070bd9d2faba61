#pragma once
// What the parts of the Service share: the repository under one lock, the writer, and the way of a change (one
// transaction with its audit row, then one snapshot, then the listeners).

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "admin/service.h"
#include "admin/writer.h"
#include "config/publisher.h"
#include "config/repository.h"

namespace carillon::admin {

class Core {
 public:
  Core(std::unique_ptr<config::Repository> repository, const Random& random);

  // Held by whoever uses the repository, the writer or the publisher.
  std::mutex& mutex() { return mutex_; }
  config::Repository& repository() { return *repository_; }
  config::Publisher& publisher() { return publisher_; }
  Writer& writer() { return writer_; }

  // REQUIRES: the lock is held. `begin` gives the revision of the change that may follow.
  Result<uint64_t> begin();
  // Makes the change durable and public. On a fault everything is as it was before begin.
  Result<void> commit(uint64_t revision, const config::AuditEntry& entry);
  void rollback();

  uint64_t revision() const { return revision_.load(); }
  config::SnapshotPtr snapshot();
  void subscribe(std::function<void(config::SnapshotPtr)> listener);

 private:
  void publish(uint64_t revision);

  std::mutex mutex_;
  std::unique_ptr<config::Repository> repository_;
  config::Publisher publisher_;
  Writer writer_;
  std::atomic<uint64_t> revision_{0};
  std::mutex snapshot_mutex_;  // held for a copy of the pointer only
  config::SnapshotPtr snapshot_;
  LicenceCounts licences_at_begin_;
  std::vector<std::function<void(config::SnapshotPtr)>> listeners_;
};

}  // namespace carillon::admin
