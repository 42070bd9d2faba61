#pragma once
// Memory in large pages (transparent, 2 MiB) for what stays: the directory and the bindings. Reading them in touches a
// quarter of a gigabyte for 100,000 phones, page by page, and looking things up there later misses the TLB less. What
// comes and goes with calls stays in small pages, which go back to the system one by one.

namespace carillon::server {

// While it lives, what the allocator takes from the system is in large pages, where the system has them. Of one thread,
// before others are started: the setting is the process's. Without the allocator that can do so (sanitizers), nothing.
class LargePages {
 public:
  LargePages();
  ~LargePages();
  LargePages(const LargePages&) = delete;
  LargePages& operator=(const LargePages&) = delete;

 private:
  bool on_ = false;
};

}  // namespace carillon::server
