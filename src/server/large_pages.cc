#include "server/large_pages.h"

#include <fstream>

#if __has_include(<mimalloc.h>)
#include <mimalloc.h>
#pragma weak mi_option_set_enabled
#define CARILLON_HAS_MIMALLOC 1
#endif

namespace carillon::server {

namespace {

#ifdef CARILLON_HAS_MIMALLOC

// Pages that somebody has reserved are for other programs on this machine; the allocator would try them first.
bool has_reserved_pages() {
  std::ifstream file("/proc/sys/vm/nr_hugepages");
  long pages = 0;
  return !(file >> pages) || pages != 0;
}

bool set(bool on) {
  if (&mi_option_set_enabled == nullptr) return false;
  mi_option_set_enabled(mi_option_large_os_pages, on);
  return true;
}

#else

bool has_reserved_pages() { return false; }
bool set(bool) { return false; }

#endif

}  // namespace

LargePages::LargePages() : on_(!has_reserved_pages() && set(true)) {}

LargePages::~LargePages() {
  if (on_) set(false);
}

}  // namespace carillon::server
