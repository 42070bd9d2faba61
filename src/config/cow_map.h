#pragma once
// A hash table whose copies share what they have in common: the index of a configuration snapshot. Extendible hashing:
// a directory of pointers to chunks of rows; one change copies one chunk and the directory, never the rows. A copy
// taken by `share` is immutable and may be read by any thread; the original belongs to one writer.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"

namespace carillon::config {

template <typename Row>
class CowMap {
 public:
  using RowPtr = std::shared_ptr<const Row>;

  size_t size() const { return size_; }

  // The row of this hash that satisfies `is`, or null.
  template <typename Is>
  const Row* find(uint64_t hash, Is&& is) const {
    const RowPtr* row = find_ptr(hash, is);
    return row == nullptr ? nullptr : row->get();
  }

  template <typename Is>
  const RowPtr* find_ptr(uint64_t hash, Is&& is) const {
    if (size_ == 0) return nullptr;
    const Chunk& chunk = *(*directory_)[slot(hash)];
    const auto tag = static_cast<uint32_t>(hash);
    for (uint32_t i = 0; i < chunk.count; i++) {
      if (chunk.tags[i] == tag && is(*chunk.rows[i])) return &chunk.rows[i];
    }
    return nullptr;
  }

  template <typename F>
  void for_each(F&& f) const {
    const Chunk* last = nullptr;
    if (size_ == 0) return;
    for (const auto& chunk : *directory_) {
      if (chunk.get() == last) continue;  // directory entries of one chunk are neighbours
      last = chunk.get();
      for (uint32_t i = 0; i < chunk->count; i++) f(*chunk->rows[i]);
    }
  }

  // Replaces the row that satisfies `is`, or adds it.
  template <typename Is>
  void put(uint64_t hash, RowPtr row, Is&& is) {
    Chunk& chunk = writable(hash);
    const auto tag = static_cast<uint32_t>(hash);
    for (uint32_t i = 0; i < chunk.count; i++) {
      if (chunk.tags[i] == tag && is(*chunk.rows[i])) {
        chunk.rows[i] = std::move(row);
        return;
      }
    }
    add(hash, std::move(row));
    size_++;
  }

  template <typename Is>
  void remove(uint64_t hash, Is&& is) {
    if (find_ptr(hash, is) == nullptr) return;
    Chunk& chunk = writable(hash);
    const auto tag = static_cast<uint32_t>(hash);
    for (uint32_t i = 0; i < chunk.count; i++) {
      if (chunk.tags[i] != tag || !is(*chunk.rows[i])) continue;
      chunk.count--;
      chunk.tags[i] = chunk.tags[chunk.count];
      chunk.hashes_high[i] = chunk.hashes_high[chunk.count];
      chunk.rows[i] = std::move(chunk.rows[chunk.count]);
      size_--;
      return;
    }
  }

  // A copy for readers. From here on the writer copies what it changes.
  CowMap share() {
    epoch_++;
    return *this;
  }

 private:
  static constexpr uint32_t kChunk = 32;
  static constexpr uint32_t kMaxDepth = 28;
  struct Chunk {
    uint32_t count = 0;
    uint32_t depth = 0;                        // directory bits that all rows here have in common
    uint64_t epoch = 0;                        // the writer's when it was made: of an earlier one, readers may see it
    std::array<uint32_t, kChunk> tags;         // low half of the hash
    std::array<uint32_t, kChunk> hashes_high;  // high half, which chooses the chunk
    std::array<RowPtr, kChunk> rows;
  };
  using ChunkPtr = std::shared_ptr<Chunk>;
  using Directory = std::vector<ChunkPtr>;

  size_t slot(uint64_t hash) const { return depth_ == 0 ? 0 : static_cast<size_t>(hash >> (64 - depth_)); }

  Directory& writable_directory() {
    if (directory_ == nullptr) {
      directory_ = std::make_shared<Directory>(1, std::make_shared<Chunk>());
      directory_->front()->epoch = directory_epoch_ = epoch_;
    } else if (directory_epoch_ != epoch_) {
      directory_ = std::make_shared<Directory>(*directory_);
      directory_epoch_ = epoch_;
    }
    return *directory_;
  }

  Chunk& writable(uint64_t hash) {
    Directory& directory = writable_directory();
    ChunkPtr& chunk = directory[slot(hash)];
    if (chunk->epoch != epoch_) {
      auto copy = std::make_shared<Chunk>(*chunk);
      copy->epoch = epoch_;
      replace(slot(hash), copy);
    }
    return *directory[slot(hash)];
  }

  // Points all directory entries that share the chunk of `at` to `chunk`.
  void replace(size_t at, const ChunkPtr& chunk) {
    const size_t span = size_t{1} << (depth_ - chunk->depth);
    const size_t first = at & ~(span - 1);
    for (size_t i = first; i < first + span; i++) (*directory_)[i] = chunk;
  }

  void add(uint64_t hash, RowPtr row) {
    Chunk* chunk = &writable(hash);
    while (chunk->count == kChunk) {
      split(hash);
      chunk = &writable(hash);
    }
    chunk->tags[chunk->count] = static_cast<uint32_t>(hash);
    chunk->hashes_high[chunk->count] = static_cast<uint32_t>(hash >> 32);
    chunk->rows[chunk->count++] = std::move(row);
  }

  // Divides the full chunk of `hash` in two by the next bit.
  void split(uint64_t hash) {
    if ((*directory_)[slot(hash)]->depth == depth_) double_directory();
    const size_t at = slot(hash);
    const ChunkPtr old = (*directory_)[at];
    std::array<ChunkPtr, 2> halves = {std::make_shared<Chunk>(), std::make_shared<Chunk>()};
    for (ChunkPtr& half : halves) half->depth = old->depth + 1, half->epoch = epoch_;
    for (uint32_t i = 0; i < old->count; i++) {
      Chunk& half = *halves[(old->hashes_high[i] >> (31 - old->depth)) & 1];
      half.tags[half.count] = old->tags[i];
      half.hashes_high[half.count] = old->hashes_high[i];
      half.rows[half.count++] = old->rows[i];
    }
    const size_t span = size_t{1} << (depth_ - old->depth);
    const size_t first = at & ~(span - 1);
    replace(first, halves[0]);
    replace(first + span / 2, halves[1]);
  }

  void double_directory() {
    CHECK(depth_ < kMaxDepth);  // the hash is keyed: so many rows do not agree in so many bits
    auto wide = std::make_shared<Directory>();
    wide->reserve(directory_->size() * 2);
    for (const ChunkPtr& chunk : *directory_) wide->push_back(chunk), wide->push_back(chunk);
    directory_ = std::move(wide);
    directory_epoch_ = epoch_;
    depth_++;
  }

  std::shared_ptr<Directory> directory_;
  uint64_t epoch_ = 1;
  uint64_t directory_epoch_ = 0;
  size_t size_ = 0;
  uint32_t depth_ = 0;
};

}  // namespace carillon::config
