#include "state/backlog.h"

#include <algorithm>
#include <map>
#include <utility>

namespace carillon::state {

void Backlog::take(Post&& post) {
  const uint64_t sequence = sequence_++;
  if (post.token != 0) {
    if (tokens_.size() <= post.shard) tokens_.resize(post.shard + 1);
    tokens_[post.shard] = std::max(tokens_[post.shard], post.token);
    has_tokens_ = true;
  }
  switch (post.kind) {
    case PostKind::refresh_binding:
      add_refresh(post, sequence);
      break;
    case PostKind::put_call:
    case PostKind::remove_call: {
      due_.erase(post.key);
      const uint64_t key = post.key;
      // With a token it must be part of the next commit.
      (post.token != 0 ? due_ : young_).insert_or_assign(key, std::move(post));
      if (due_.contains(key)) young_.erase(key);
      break;
    }
    case PostKind::put_cdr:
      young_.erase(post.key), due_.erase(post.key);
      add_row(std::move(post), sequence);
      break;
    case PostKind::put_binding:
    case PostKind::remove_binding:
    case PostKind::put_record:
    case PostKind::remove_record:
      add_row(std::move(post), sequence);
      break;
  }
}

void Backlog::add_refresh(const Post& post, uint64_t sequence) {
  if (refreshes_.empty()) refresh_base_ = sequence;
  refreshes_.push_back({post.key, post.expires.us, post.cseq, static_cast<uint32_t>(sequence - refresh_base_)});
  if (refreshes_.size() >= kMaxRefreshes && (refreshes_.size() & (refreshes_.size() - 1)) == 0) merge_refreshes();
}

void Backlog::add_row(Post&& post, uint64_t sequence) {
  bytes_ += sizeof(RowPost) + post.blob.size();
  rows_.push_back({std::move(post), sequence});
  if (bytes_ > kMaxBytes) shrink();
}

void Backlog::age() {
  if (due_.empty()) {
    std::swap(due_, young_);
  } else {
    for (auto& [key, post] : young_) due_.insert_or_assign(key, std::move(post));
    young_.clear();
  }
}

// Only the newest refresh of a binding counts.
void Backlog::merge_refreshes() {
  std::stable_sort(refreshes_.begin(), refreshes_.end(), [](const Refresh& a, const Refresh& b) {
    return a.key != b.key ? a.key < b.key : a.offset > b.offset;
  });
  const auto end = std::unique(refreshes_.begin(), refreshes_.end(),
                               [](const Refresh& a, const Refresh& b) { return a.key == b.key; });
  refreshes_.erase(end, refreshes_.end());
}

// The disk has not taken anything for long. Of each binding and record only the last row counts; if that is not enough
// the oldest call records go: whoever waited for them has given up long ago (RFC 3261 timer F), so that no token is
// broken by it.
void Backlog::shrink() {
  std::map<std::pair<int, uint64_t>, uint64_t> last;
  const auto is_binding = [](const RowPost& r) { return r.post.kind != PostKind::put_cdr; };
  const auto name = [](const RowPost& r) {
    const bool record = r.post.kind == PostKind::put_record || r.post.kind == PostKind::remove_record;
    return std::pair(record ? static_cast<int>(r.post.record) : 0, r.post.key);
  };
  for (const RowPost& row : rows_) {
    if (is_binding(row)) last[name(row)] = row.sequence;
  }
  std::erase_if(rows_, [&](const RowPost& row) { return is_binding(row) && last[name(row)] != row.sequence; });
  bytes_ = 0;
  for (const RowPost& row : rows_) bytes_ += sizeof(RowPost) + row.post.blob.size();
  size_t excess = bytes_ > kMaxBytes * 3 / 4 ? bytes_ - kMaxBytes * 3 / 4 : 0;
  std::erase_if(rows_, [&](const RowPost& row) {
    if (excess == 0 || is_binding(row)) return false;
    const size_t size = sizeof(RowPost) + row.post.blob.size();
    excess -= std::min(excess, size);
    bytes_ -= size;
    dropped_++;
    return true;
  });
}

void Backlog::written() {
  rows_.clear(), refreshes_.clear(), due_.clear(), tokens_.clear();
  if (rows_.capacity() > 8192) rows_.shrink_to_fit();
  if (refreshes_.capacity() > 65536) refreshes_.shrink_to_fit();
  bytes_ = 0;
  has_tokens_ = false;
}

}  // namespace carillon::state
