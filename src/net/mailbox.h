#pragma once
// From any thread to one: bounded, never waiting. The consumer is woken through an eventfd, and only when it sleeps; a
// consumer that is busy finds its letters when it looks.

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/limits.h"

namespace carillon::net {

template <typename T>
class Mailbox {
 public:
  explicit Mailbox(size_t limit = limits::kMailbox) : limit_(limit), fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    CHECK(fd_ >= 0);
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  ~Mailbox() { close(fd_); }

  // Any thread. False when the mailbox is full: the sender answers for that. `urgent` letters (there are few kinds of
  // them, each bounded by its sender) always fit.
  bool post(T letter, bool urgent = false) {
    bool wake;
    {
      const std::lock_guard lock(mutex_);
      if (letters_.size() >= limit_ && !urgent) return refused_++, false;
      letters_.push_back(std::move(letter));
      some_.store(true, std::memory_order_release);
      wake = std::exchange(asleep_, false);
    }
    if (wake) ring();
    return true;
  }

  // The consumer from here on.
  // Swaps all letters into `into`, which is cleared first; false when there are none.
  bool take(std::vector<T>& into) {
    into.clear();
    if (!some_.load(std::memory_order_acquire)) return false;
    const std::lock_guard lock(mutex_);
    std::swap(into, letters_);
    some_.store(false, std::memory_order_relaxed);
    return true;
  }
  // To be called before sleeping on fd(); false when letters have come meanwhile.
  bool prepare_sleep() {
    const std::lock_guard lock(mutex_);
    asleep_ = letters_.empty();
    return asleep_;
  }
  // After sleeping, however it ended.
  void woken() {
    {
      const std::lock_guard lock(mutex_);
      asleep_ = false;
    }
    uint64_t count;
    while (read(fd_, &count, sizeof count) > 0) {
    }
  }
  int fd() const { return fd_; }  // readable when woken
  uint64_t refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
  }

 private:
  void ring() {
    const uint64_t one = 1;
    while (write(fd_, &one, sizeof one) < 0 && errno == EINTR) {
    }
  }

  const size_t limit_;
  const int fd_;
  mutable std::mutex mutex_;
  std::vector<T> letters_;
  std::atomic<bool> some_{false};
  bool asleep_ = false;
  uint64_t refused_ = 0;
};

}  // namespace carillon::net
