#include "state/sqlite_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <thread>

#include "state/cdr.h"
#include "state/sqlite.h"
#include "state/state_test_dir.h"

namespace carillon::state {
namespace {

constexpr Instant kNow{1'000'000'000};

Post put(uint64_t key, Token token, int64_t expires_in = 1000, std::string blob = "blob") {
  Post p{PostKind::put_binding};
  p.key = key, p.token = token, p.expires = kNow + seconds(expires_in), p.blob = std::move(blob);
  return p;
}
Post refresh(uint64_t key, uint32_t cseq, int64_t expires_in) {
  Post p{PostKind::refresh_binding};
  p.key = key, p.cseq = cseq, p.expires = kNow + seconds(expires_in);
  return p;
}
Post remove(uint64_t key, Token token) {
  Post p{PostKind::remove_binding};
  p.key = key, p.token = token;
  return p;
}
Post cdr(uint64_t key, Token token) {
  Cdr c;
  c.id = key, c.start = kNow, c.calling_number = "1001", c.called_number = "1002";
  Post p{PostKind::put_cdr};
  p.key = key, p.token = token, p.blob = c.to_blob();
  return p;
}
template <typename... P>
std::vector<Post> batch(P... posts) {
  std::vector<Post> out;
  (out.push_back(std::move(posts)), ...);
  return out;
}

// A store with the highest token acknowledged so far.
struct Bench {
  explicit Bench(const std::string& path) {
    auto opened = SqliteStore::open({.path = path}, [this](uint16_t, Token t) { done = t; });
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text);
    store = std::move(*opened);
    auto all = store->load(kNow);
    EXPECT_TRUE(all);
    loaded = std::move(*all);
  }
  bool wait_for(Token token) {
    for (int i = 0; i < 60'000 && done < token; i++) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return done >= token;
  }
  std::atomic<Token> done{0};
  std::unique_ptr<SqliteStore> store;
  Loaded loaded;
};

TEST(SqliteStore, BindingsComeBackWithTheirNewestRefresh) {
  const TestDir dir;
  {
    Bench b(dir.file("state.db"));
    b.store->post(batch(put(1, 0), put(2, 0), put(3, 1)));
    b.store->post(batch(refresh(1, 5, 2000), refresh(2, 8, 3000), refresh(1, 6, 2500)));
    b.store->post(batch(remove(3, 2)));
    EXPECT_TRUE(b.wait_for(2));
  }
  Bench b(dir.file("state.db"));
  ASSERT_EQ(b.loaded.bindings.size(), 2u);
  EXPECT_EQ(b.loaded.bindings[0].key, 1u);
  EXPECT_EQ(b.loaded.bindings[0].cseq, 6u);
  EXPECT_EQ(b.loaded.bindings[0].expires, kNow + seconds(2500));
  EXPECT_EQ(b.loaded.bindings[0].blob, "blob");
  EXPECT_EQ(b.loaded.bindings[1].cseq, 8u);
}

TEST(SqliteStore, APutAfterARefreshWins) {
  const TestDir dir;
  {
    Bench b(dir.file("state.db"));
    b.store->post(batch(put(1, 0), refresh(1, 5, 5000), put(1, 0, 100, "new")));
    b.store->post(batch(put(2, 0), refresh(2, 5, 5000), put(2, 0, 100, "new"), refresh(2, 9, 200)));
  }
  Bench b(dir.file("state.db"));
  ASSERT_EQ(b.loaded.bindings.size(), 2u);
  EXPECT_EQ(b.loaded.bindings[0].blob, "new");
  EXPECT_EQ(b.loaded.bindings[0].expires, kNow + seconds(100));
  EXPECT_EQ(b.loaded.bindings[1].expires, kNow + seconds(200));
  EXPECT_EQ(b.loaded.bindings[1].cseq, 9u);
}

TEST(SqliteStore, ExpiredBindingsAreLeftOutAndRemoved) {
  const TestDir dir;
  {
    Bench b(dir.file("state.db"));
    b.store->post(batch(put(1, 0, -5), put(2, 0, -5), refresh(2, 3, 60), put(3, 0, 60), refresh(3, 3, -1)));
  }
  for (int i = 0; i < 2; i++) {
    Bench b(dir.file("state.db"));
    ASSERT_EQ(b.loaded.bindings.size(), 1u);
    EXPECT_EQ(b.loaded.bindings[0].key, 2u);
  }
}

TEST(SqliteStore, CallsComeBackUntilTheyHaveACdr) {
  const TestDir dir;
  {
    Bench b(dir.file("state.db"));
    Post call{PostKind::put_call};
    call.key = 10, call.blob = "ten";
    Post other = call;
    other.key = 11, other.blob = "eleven";
    b.store->post(batch(call, other));
  }
  {
    Bench b(dir.file("state.db"));
    ASSERT_EQ(b.loaded.calls.size(), 2u);
    EXPECT_EQ(b.loaded.calls[1].blob, "eleven");
    b.store->post(batch(cdr(10, 1)));
    EXPECT_TRUE(b.wait_for(1));
    const auto list = b.store->cdrs({});
    ASSERT_TRUE(list);
    ASSERT_EQ(list->size(), 1u);
    EXPECT_EQ((*list)[0].calling_number, "1001");
  }
  Bench b(dir.file("state.db"));
  ASSERT_EQ(b.loaded.calls.size(), 1u);
  EXPECT_EQ(b.loaded.calls[0].key, 11u);
}

TEST(SqliteStore, AShortCallCostsOneRow) {
  const TestDir dir;
  Bench b(dir.file("state.db"));
  Post call{PostKind::put_call};
  call.key = 10, call.blob = "ten";
  b.store->post(batch(call));
  b.store->post(batch(cdr(10, 1)));
  ASSERT_TRUE(b.wait_for(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(b.store->health().rows, 1u);
}

TEST(SqliteStore, CdrsAreListedNewestFirst) {
  const TestDir dir;
  Bench b(dir.file("state.db"));
  for (uint64_t i = 1; i <= 50; i++) b.store->post(batch(cdr(i, i)));
  ASSERT_TRUE(b.wait_for(50));
  const auto list = b.store->cdrs({.limit = 3});
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ((*list)[0].id, 50u);
  EXPECT_EQ((*list)[2].id, 48u);
}

TEST(SqliteStore, WhatWasPostedIsThereOnceItHasSettled) {
  const TestDir dir;
  auto opened = SqliteStore::open({.path = dir.file("state.db"), .lazy = minutes(60)}, {});
  ASSERT_TRUE(opened);
  SqliteStore& store = **opened;
  ASSERT_TRUE(store.load(kNow));
  EXPECT_TRUE(store.settle(seconds(0))) << "nothing to wait for";
  for (uint64_t key = 1; key <= 20; key++) {
    store.post(batch(cdr(key, 0)));
    EXPECT_TRUE(store.settle(seconds(30)));
    const auto found = store.cdrs({});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size(), key);
  }
}

TEST(SqliteStore, NothingIsAcknowledgedWhileTheDiskRefusesAndAllOfItLater) {
  const TestDir dir;
  Bench b(dir.file("state.db"));
  Database other;
  ASSERT_TRUE(other.open(dir.file("state.db"), false));
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  b.store->post(batch(put(1, 1), put(2, 2)));
  for (int i = 0; i < 30'000 && b.store->health().ok; i++) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const StoreHealth bad = b.store->health();
  EXPECT_FALSE(bad.ok);
  EXPECT_FALSE(bad.error.empty());
  EXPECT_EQ(b.done, 0u);
  EXPECT_EQ(bad.waiting, 2u);
  ASSERT_TRUE(other.run("ROLLBACK"));
  EXPECT_TRUE(b.wait_for(2));
  EXPECT_TRUE(b.store->health().ok);
}

TEST(SqliteStore, AFileThatIsNoDatabaseIsRefusedInWords) {
  const TestDir dir;
  FILE* file = fopen(dir.file("state.db").c_str(), "w");
  for (int i = 0; i < 1000; i++) fputs("this is not a database ", file);
  fclose(file);
  const auto opened = SqliteStore::open({.path = dir.file("state.db")}, nullptr);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text.find("state.db"), std::string::npos);
}

// Folds twice, with removals in between, and must give what a plain map gives.
TEST(SqliteStore, FoldedRefreshesSayTheSameAsAMap) {
  const TestDir dir;
  std::map<uint64_t, uint32_t> expected;
  {
    Bench b(dir.file("state.db"));
    std::vector<Post> posts;
    for (uint64_t k = 1; k <= 2000; k++) posts.push_back(put(k, 0)), expected[k] = 0;
    b.store->post(std::move(posts));
    uint32_t cseq = 0;
    Token token = 0;
    for (int round = 0; round < 300; round++) {
      posts.clear();
      for (uint64_t k = 1; k <= 2000; k++) {
        if (!expected.contains(k) || (k + cseq) % 3 == 0) continue;
        posts.push_back(refresh(k, ++cseq, 5000)), expected[k] = cseq;
      }
      const auto victim = static_cast<uint64_t>(round * 3 + 1);
      posts.push_back(remove(victim, ++token)), expected.erase(victim);
      b.store->post(std::move(posts));
    }
    ASSERT_TRUE(b.wait_for(token));
    EXPECT_GT(b.store->health().refreshes, 100'000u);
  }
  Bench b(dir.file("state.db"));
  ASSERT_EQ(b.loaded.bindings.size(), expected.size());
  for (const auto& row : b.loaded.bindings) EXPECT_EQ(row.cseq, expected.at(row.key)) << row.key;
}

// The child writes until it is killed and tells each acknowledged token through a pipe; every one of them must be
// there.
TEST(SqliteStore, WhatWasAcknowledgedIsThereAfterKill9) {
  for (int round = 0; round < 3; round++) {
    const TestDir dir;
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = SqliteStore::open({.path = dir.file("state.db")}, [&](uint16_t, Token t) {
        if (write(pipes[1], &t, sizeof t) < 0) _exit(1);
      });
      if (!store) _exit(2);
      for (Token t = 1; t < 10'000'000; t++) {
        (*store)->post(batch(put(t, t, 1000, std::string(300, 'x')), cdr(t, 0), refresh(t, 7, 2000)));
        if (t % 64 == 0) usleep(200);
      }
      _exit(3);
    }
    close(pipes[1]);
    Token highest = 0, t = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(150 + 100 * round);
    while (std::chrono::steady_clock::now() < end && read(pipes[0], &t, sizeof t) == sizeof t) highest = t;
    kill(child, SIGKILL);
    while (read(pipes[0], &t, sizeof t) == sizeof t) highest = t;
    close(pipes[0]);
    waitpid(child, nullptr, 0);
    ASSERT_GT(highest, 0u);
    Bench b(dir.file("state.db"));
    ASSERT_GE(b.loaded.bindings.size(), highest);
    for (Token k = 1; k <= highest; k++) ASSERT_EQ(b.loaded.bindings[k - 1].key, k);
    const auto list = b.store->cdrs({});
    ASSERT_TRUE(list);
    EXPECT_GE(list->size(), highest);
  }
}

TEST(SqliteStore, AHundredThousandBindingsLoadFast) {
  const TestDir dir;
  {
    Bench b(dir.file("state.db"));
    std::vector<Post> posts;
    for (uint64_t k = 1; k <= 100'000; k++) posts.push_back(put(k, k, 1000, std::string(300, 'x')));
    for (uint64_t k = 1; k <= 100'000; k++) posts.push_back(refresh(k, 3, 2000));
    b.store->post(std::move(posts));
    ASSERT_TRUE(b.wait_for(100'000));
  }
  const clock_t began = clock();  // the time of this process: other work on the machine does not count
  Bench b(dir.file("state.db"));
  const double took = static_cast<double>(clock() - began) / CLOCKS_PER_SEC;
  EXPECT_EQ(b.loaded.bindings.size(), 100'000u);
  EXPECT_EQ(b.loaded.bindings[99'999].cseq, 3u);
  // Half a second is the promise of the optimised build; sanitizers take a few times as much.
  EXPECT_LT(took, 4.0);
}

}  // namespace
}  // namespace carillon::state
