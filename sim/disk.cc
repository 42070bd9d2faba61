#include "disk.h"

#include <algorithm>

namespace carillon::sim {

using state::Post;
using state::PostKind;

Result<state::Loaded> Disk::load(Instant now) {
  state::Loaded all;
  std::erase_if(bindings_, [now](const auto& row) { return row.second.expires <= now; });
  for (const auto& [key, row] : bindings_) all.bindings.push_back(row);
  for (const auto& [key, row] : calls_) all.calls.push_back(row);
  std::erase_if(records_, [now](const auto& row) { return row.second.expires <= now; });
  for (const auto& [key, row] : records_) all.records.push_back(row);
  return all;
}

void Disk::post(std::vector<Post>&& batch) {
  bool urgent = false;
  for (Post& post : batch) {
    ordinal_++;
    if (ordinal_ == refuse_nth) continue;
    if (ordinal_ == hold_nth) stalled_until_ = world_.now() + hold_by;  // the disk hangs: what comes later waits too
    urgent = urgent || post.token != 0;
    pending_.push_back(std::move(post));
  }
  batch.clear();
  if (pending_.empty()) return;
  commit_by(world_.now() + (urgent ? world_.between(commit_min, commit_max) : milliseconds(45)));
}

void Disk::commit_by(Instant when) {
  when = std::max(when, stalled_until_);
  if (commit_at_ <= when) return;
  commit_at_ = when;
  world_.at(when, [this, life = life_, when] {
    if (life == life_ && commit_at_ == when) commit();
  });
}

void Disk::commit() {
  commit_at_ = kNever;
  const std::vector<Post> group = std::move(pending_);
  pending_.clear();
  for (const Post& post : group) apply(post);
  for (const Post& post : group) {
    if (post.token != 0 && on_done) on_done(post.shard, post.token);
  }
}

void Disk::apply(const Post& post) {
  switch (post.kind) {
    case PostKind::put_binding:
      bindings_[post.key] = {post.key, post.expires, post.cseq, post.blob};
      break;
    case PostKind::refresh_binding: {
      const auto row = bindings_.find(post.key);
      if (row != bindings_.end()) row->second.expires = post.expires, row->second.cseq = post.cseq;
      break;
    }
    case PostKind::remove_binding:
      bindings_.erase(post.key);
      break;
    case PostKind::put_call:
      calls_[post.key] = {post.key, {}, 0, post.blob};
      break;
    case PostKind::remove_call:
      calls_.erase(post.key);
      break;
    case PostKind::put_record:
      records_[{post.record, post.key}] = {post.record, post.key, post.expires, post.blob};
      break;
    case PostKind::remove_record:
      records_.erase({post.record, post.key});
      break;
    case PostKind::put_cdr: {
      calls_.erase(post.key);
      auto cdr = state::Cdr::from_blob(post.blob);
      cdrs_.push_back({world_.now(), post.key, cdr.value_or(state::Cdr()), cdr.has_value()});
      break;
    }
  }
}

void Disk::kill() {
  life_++;
  stalled_until_ = {};
  pending_.clear();
  commit_at_ = kNever;
}

}  // namespace carillon::sim
