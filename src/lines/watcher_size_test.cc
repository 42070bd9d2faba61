// A subscription costs at most 1 KiB, with all that belongs to it.

#include <gtest/gtest.h>

#include "lines/lines_impl.h"

namespace carillon::lines {
namespace {

// As the server's allocator (docs/adr/0010) gives it: without a header, in steps of sixteen.
size_t heap_of(const std::string& s) { return s.capacity() > 15 ? (s.capacity() + 16) / 16 * 16 : 0; }

TEST(WatcherSize, AtMostOneKibibyte) {
  Watcher w;
  sip::Dialog& d = w.sub.dialog;
  d.call_id = "3848276298220188511@192.168.100.200";
  d.local_tag = std::string(sip::kTagSize, 'x');
  d.remote_tag = "as7h3k2l9d8f7g6h";
  d.local = "<sip:1002@pbx.example.com:5060;user=phone>";
  d.remote = "<sip:1003@pbx.example.com:5060;user=phone>";
  d.target = "sip:1003@192.168.100.200:50612;transport=tcp;ob";
  const size_t heap = heap_of(d.call_id) + heap_of(d.local_tag) + heap_of(d.remote_tag) + heap_of(d.local) +
                      heap_of(d.remote) + heap_of(d.target) + heap_of(w.sub.event_id);
  // Its share of a lamp that nobody else watches, and of the look-ups.
  const size_t share = sizeof(Lamp) + 64 + 2 * (sizeof(EntityId) + sizeof(WatcherRef) + 8);
  EXPECT_LE(sizeof(Watcher) + 16 + heap + share, 1024u) << sizeof(Watcher) << " " << heap << " " << share;
}

}  // namespace
}  // namespace carillon::lines
