#include "state/backlog.h"

#include <gtest/gtest.h>

namespace carillon::state {
namespace {

Post post(PostKind kind, uint64_t key, Token token = 0, size_t blob = 10) {
  Post p{kind};
  p.key = key, p.token = token, p.blob.assign(blob, 'b');
  return p;
}

TEST(Backlog, ACallThatEndsBeforeItWasWrittenIsNeverWritten) {
  Backlog b(0);
  b.take(post(PostKind::put_call, 7));
  EXPECT_TRUE(b.due_calls().empty());
  b.take(post(PostKind::put_cdr, 7, 1));
  b.age();
  EXPECT_TRUE(b.due_calls().empty());
  ASSERT_EQ(b.rows().size(), 1u);
  EXPECT_EQ(b.tokens().at(0), 1u);
}

TEST(Backlog, ACallThatStaysBecomesDueWhenItAges) {
  Backlog b(0);
  b.take(post(PostKind::put_call, 7));
  b.age();
  ASSERT_EQ(b.due_calls().size(), 1u);
  b.take(post(PostKind::remove_call, 7));  // replaces what is due
  EXPECT_TRUE(b.due_calls().empty());
  b.age();
  EXPECT_EQ(b.due_calls().at(7).kind, PostKind::remove_call);
  b.written();
  EXPECT_TRUE(b.empty());
}

TEST(Backlog, ACallRecordWithATokenIsDueAtOnce) {
  Backlog b(0);
  b.take(post(PostKind::put_call, 7));
  b.take(post(PostKind::put_call, 7, 3));
  EXPECT_EQ(b.due_calls().size(), 1u);
  b.written();
  EXPECT_TRUE(b.empty());
}

TEST(Backlog, ManyRefreshesOfFewBindingsStayFew) {
  Backlog b(100);
  for (size_t i = 0; i < 2 * Backlog::kMaxRefreshes; i++) {
    Post p = post(PostKind::refresh_binding, i % 10);
    p.cseq = static_cast<uint32_t>(i);
    b.take(std::move(p));
  }
  EXPECT_LE(b.refreshes().size(), Backlog::kMaxRefreshes);
}

TEST(Backlog, MemoryIsBoundedWhenNothingIsWritten) {
  Backlog b(0);
  for (uint64_t i = 0; i < 200; i++) b.take(post(PostKind::put_binding, i % 5, i + 1, 1u << 20));
  EXPECT_LE(b.rows().size(), Backlog::kMaxBytes >> 20);
  EXPECT_EQ(b.dropped(), 0u);  // bindings are merged, never dropped
  for (uint64_t i = 0; i < 200; i++) b.take(post(PostKind::put_cdr, 1000 + i, 300 + i, 1u << 20));
  EXPECT_LE(b.rows().size(), Backlog::kMaxBytes >> 20);
  EXPECT_GT(b.dropped(), 100u);
  size_t bindings = 0;
  for (const RowPost& r : b.rows()) bindings += r.post.kind == PostKind::put_binding;
  EXPECT_EQ(bindings, 5u);
}

}  // namespace
}  // namespace carillon::state
