#pragma once
// What has been posted and is not yet on disk, gathered so that little has to be written: refreshes packed, a call
// record that ends before it was written forgotten. A value of the writer thread; no disk, no clock.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "state/store.h"

namespace carillon::state {

// One refresh as it stands in a packed batch: 24 bytes. `offset` + the batch's first sequence number orders it against
// the puts of the same binding.
struct Refresh {
  uint64_t key = 0;
  int64_t expires = 0;  // µs
  uint32_t cseq = 0;
  uint32_t offset = 0;
};
static_assert(sizeof(Refresh) == 24);

// A post that becomes a row of its own, with its place in the order of all posts.
struct RowPost {
  Post post;
  uint64_t sequence = 0;
};

class Backlog {
 public:
  // Bytes of blobs kept while the disk does not take them; beyond, the oldest CDRs are given up and counted.
  static constexpr size_t kMaxBytes = 64u << 20;
  static constexpr size_t kMaxRefreshes = 1u << 18;  // before equal keys are merged

  explicit Backlog(uint64_t first_sequence) : sequence_(first_sequence) {}

  void take(Post&& post);
  // Call records taken since the last age() become due; those that were due and not written stay so.
  void age();
  bool empty() const { return rows_.empty() && refreshes_.empty() && young_.empty() && due_.empty(); }

  const std::vector<RowPost>& rows() const { return rows_; }
  // Packed refreshes in order, and the sequence number that their offsets count from.
  const std::vector<Refresh>& refreshes() const { return refreshes_; }
  uint64_t refresh_base() const { return refresh_base_; }
  const std::unordered_map<uint64_t, Post>& due_calls() const { return due_; }
  // Highest token taken from each shard since the last written(); 0 for none.
  const std::vector<Token>& tokens() const { return tokens_; }
  bool has_tokens() const { return has_tokens_; }
  bool has_calls() const { return !young_.empty() || !due_.empty(); }
  uint64_t dropped() const { return dropped_; }
  size_t size() const { return rows_.size() + refreshes_.size() + young_.size() + due_.size(); }

  // Everything that the accessors show is on disk.
  void written();

 private:
  void add_refresh(const Post& post, uint64_t sequence);
  void add_row(Post&& post, uint64_t sequence);
  void merge_refreshes();
  void shrink();

  uint64_t sequence_;
  uint64_t refresh_base_ = 0;
  std::vector<RowPost> rows_;
  std::vector<Refresh> refreshes_;
  std::unordered_map<uint64_t, Post> young_, due_;  // put_call and remove_call by call
  std::vector<Token> tokens_;
  size_t bytes_ = 0;  // of rows_
  uint64_t dropped_ = 0;
  bool has_tokens_ = false;
};

}  // namespace carillon::state
