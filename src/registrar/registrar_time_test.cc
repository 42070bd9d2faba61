// Bindings over time: expiry, other shards, lost connections, configuration.
#include "registrar/test_registrar.h"

#include <gtest/gtest.h>

#include <set>

namespace carillon::registrar {
namespace {

using namespace test;  // NOLINT: the world of these tests

TEST_F(RegistrarTest, ExpiresNeitherEarlyNorForgotten) {
  done({.headers = "Expires: 100\r\n"});
  now = kStart + seconds(99);
  registrar.fire(now, posts, changes);
  EXPECT_EQ(registrar.size(), 1u);
  done({.cseq = 2, .headers = "Expires: 100\r\n"});
  posts.clear();
  now = kStart + seconds(150);
  registrar.fire(now, posts, changes);
  EXPECT_EQ(registrar.size(), 1u) << "refreshed meanwhile";
  EXPECT_LE(registrar.next_deadline(), kStart + seconds(200));
  now = kStart + seconds(199);
  registrar.fire(now, posts, changes);
  EXPECT_EQ(registrar.size(), 1u);
  changes.clear();
  registrar.fire(kStart + seconds(199) + milliseconds(1100), posts, changes);
  EXPECT_EQ(registrar.size(), 0u);
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].kind, state::PostKind::remove_binding);
  EXPECT_EQ(changes.at(0).kind, BindingChange::Kind::remove);
}

TEST_F(RegistrarTest, AShorterLifetimeEndsEarlier) {
  done({.headers = "Expires: 3600\r\n"});
  done({.cseq = 2, .headers = "Expires: 60\r\n"});
  now = kStart + seconds(61);
  registrar.fire(now, posts, changes);
  EXPECT_EQ(registrar.size(), 0u);
  registrar.fire(kStart + seconds(4000), posts, changes);
  EXPECT_EQ(registrar.next_deadline(), kNever);
}

TEST_F(RegistrarTest, AnotherShardsCopyFollows) {
  Registrar copy(0, random);
  const auto mirror = [&] {
    for (const auto& c : changes) copy.absorb(c);
  };
  done({});
  mirror();
  ASSERT_EQ(copy.size(), 1u);
  const BindingId id = posts[0].key;
  done({.call_id = "c9", .cseq = 7, .headers = "Expires: 600\r\n"});
  mirror();
  EXPECT_EQ(copy.find(id)->call_id, "c9");
  EXPECT_EQ(copy.find(id)->cseq, 7u);
  EXPECT_EQ(copy.find(id)->expires, kStart + seconds(600));
  std::vector<state::Post> other_posts;
  std::vector<BindingChange> other_changes;
  copy.fire(kStart + seconds(602), other_posts, other_changes);
  EXPECT_EQ(copy.size(), 1u) << "the owner ends it";
  copy.fire(kStart + seconds(606), other_posts, other_changes);
  EXPECT_EQ(copy.size(), 0u);
  EXPECT_TRUE(other_posts.empty());
  apply({.call_id = "c9", .cseq = 8, .contact = "*", .headers = "Expires: 0\r\n"});
  mirror();
  EXPECT_EQ(copy.size(), 0u);
}

TEST_F(RegistrarTest, RestoredBindingsWork) {
  done({.contact = "<sip:1001@10.0.0.5>"});
  auto stored = *Binding::from_blob(posts[0].blob);
  Registrar next(3, random);
  stored.durable = true;
  next.put(stored);
  EXPECT_EQ(next.of_line(1).size(), 1u);
  EXPECT_NE(next.by_flow(flow, "1001"), nullptr);
  EXPECT_TRUE(next.of_line(1)[0]->reachable);
  next.fire(kStart + seconds(121), posts, changes);
  EXPECT_EQ(next.size(), 0u);
}

TEST_F(RegistrarTest, ALostConnectionMarksItsBindings) {
  flow = stream_from("10.0.0.5:1111", 11);
  done({.contact = "<sip:a@h>"});
  done({.cseq = 2, .contact = "<sip:b@h>"}, 1, "1002");
  flow = stream_from("10.0.0.5:2222", 12);
  done({.cseq = 3, .contact = "<sip:c@h>"});
  registrar.lost(11);
  EXPECT_FALSE(registrar.of_line(2)[0]->reachable);
  for (const Binding* b : registrar.of_line(1)) EXPECT_EQ(b->reachable, b->contact == "sip:c@h");
  registrar.lost(99);
  done({.cseq = 4, .contact = "<sip:a@h>"});
  for (const Binding* b : registrar.of_line(1)) EXPECT_TRUE(b->reachable);
  auto blob = *Binding::from_blob(registrar.of_line(1)[0]->to_blob());
  EXPECT_FALSE(blob.reachable) << "no connection outlives the process";
}

TEST_F(RegistrarTest, ConfigurationEndsBindings) {
  const auto gone_after = [&](auto&& change) {
    done({.call_id = "x" + std::to_string(now.us), .contact = "<sip:a@h>"});
    EXPECT_EQ(registrar.size(), 1u);
    registrar.configuration_changed(now, *snapshot, posts, changes);
    EXPECT_EQ(registrar.size(), 1u);
    change(directory);
    configure();
    posts.clear();
    registrar.configuration_changed(now, *snapshot, posts, changes);
    const bool gone = registrar.size() == 0 && posts.size() == 1 && posts[0].kind == state::PostKind::remove_binding;
    now = now + seconds(1);
    return gone;
  };
  EXPECT_TRUE(gone_after([](Directory& d) { d.phones[1].active = false; }));
  directory.phones[1].active = true, configure();
  EXPECT_TRUE(gone_after([](Directory& d) { d.phones[1].digest_user = "zoe"; }));
  directory.phones[1].digest_user = "alice", configure();
  EXPECT_TRUE(gone_after([](Directory& d) { d.security.udp = false; }));
  directory.security.udp = true, configure();
  EXPECT_TRUE(gone_after([](Directory& d) { d.phones[1].lines.erase(d.phones[1].lines.begin()); }));
  directory.phones[1].lines.insert(directory.phones[1].lines.begin(), {1, 1}), configure();
  EXPECT_TRUE(gone_after([](Directory& d) { d.phones.erase(1), d.builder.remove_phone(1); }));
}

TEST_F(RegistrarTest, FlowsKnowTheirNumbers) {
  done({.contact = "<sip:a@h>"});
  done({.contact = "<sip:a@h>"}, 1, "1002");
  EXPECT_EQ(registrar.by_flow(flow, "1001")->line, 1);
  EXPECT_EQ(registrar.by_flow(flow, "1002")->line, 2);
  EXPECT_EQ(registrar.by_flow(flow, "2002"), nullptr);
  EXPECT_EQ(registrar.by_flow(udp_from("10.0.0.5:5061"), "1001"), nullptr);
  EXPECT_TRUE(registrar.knows_flow(flow));
  EXPECT_FALSE(registrar.knows_flow(udp_from("10.0.0.6:5060")));
  EXPECT_FALSE(registrar.knows_flow(stream_from(kTrusted, 0)));
  apply({.cseq = 2, .contact = "*", .headers = "Expires: 0\r\n"});
  EXPECT_TRUE(registrar.knows_flow(flow));
  EXPECT_EQ(registrar.by_flow(flow, "1001"), nullptr);
}

TEST_F(RegistrarTest, IdsAreUnique) {
  std::set<BindingId> ids;
  for (uint32_t i = 1; i <= 300; i++) {
    const std::string call = "k" + std::to_string(i);
    done({.call_id = call, .contact = "<sip:a@h>"});
    EXPECT_TRUE(ids.insert(posts[0].key).second);
    apply({.call_id = call, .cseq = 2, .contact = "*", .headers = "Expires: 0\r\n"});
  }
}

}  // namespace
}  // namespace carillon::registrar
