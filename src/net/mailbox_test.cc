#include "net/mailbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

namespace carillon::net {
namespace {

TEST(Mailbox, IsBoundedButForUrgentLetters) {
  Mailbox<int> box(2);
  EXPECT_TRUE(box.post(1));
  EXPECT_TRUE(box.post(2));
  EXPECT_FALSE(box.post(3));
  EXPECT_TRUE(box.post(4, true));
  EXPECT_EQ(box.refused(), 1u);
  std::vector<int> got;
  EXPECT_TRUE(box.take(got));
  EXPECT_EQ(got, (std::vector<int>{1, 2, 4}));
  EXPECT_FALSE(box.take(got));
  EXPECT_TRUE(got.empty());
}

TEST(Mailbox, RingsOnlyForASleeper) {
  Mailbox<int> box;
  pollfd p{box.fd(), POLLIN, 0};
  box.post(1);
  EXPECT_EQ(poll(&p, 1, 0), 0);
  EXPECT_FALSE(box.prepare_sleep());
  std::vector<int> got;
  box.take(got);
  EXPECT_TRUE(box.prepare_sleep());
  box.post(2);
  EXPECT_EQ(poll(&p, 1, 0), 1);
  box.woken();
  EXPECT_EQ(poll(&p, 1, 0), 0);
}

TEST(Mailbox, ManySendersLoseNothing) {
  Mailbox<int> box(1'000'000);
  std::vector<std::thread> senders;
  for (int t = 0; t < 4; t++) {
    senders.emplace_back([&box] {
      for (int i = 0; i < 10'000; i++) box.post(1);
    });
  }
  size_t sum = 0;
  std::vector<int> got;
  for (int turns = 0; sum < 40'000 && turns < 1'000'000; turns++) {
    if (box.take(got)) {
      sum += got.size();
    } else if (box.prepare_sleep()) {
      pollfd p{box.fd(), POLLIN, 0};
      poll(&p, 1, 1000);
      box.woken();
    }
  }
  for (auto& t : senders) t.join();
  EXPECT_EQ(sum, 40'000u);
}

}  // namespace
}  // namespace carillon::net
