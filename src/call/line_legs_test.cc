// Legs by line: what watchers are told, and that nothing is told or kept where nobody watches.

#include <gtest/gtest.h>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

struct LineLegsTest : TwoPhones {
  std::vector<config::EntityId> changed() {
    std::vector<config::EntityId> all;
    w.engine->take_changed(all);
    return all;
  }
  std::vector<LineLeg> legs(const std::string& number) {
    Context c{w.now, w.snapshot, *w.stack, *w.registrar, *w.identifier, w.out, w.posts};
    return w.engine->legs_of(c, w.lines[number]);
  }
};

TEST_F(LineLegsTest, AWatchedLineTellsOfEachStep) {
  const auto line = w.lines["1002"];
  w.engine->watch(line, true);
  alice.invite("1002", kOffer);
  EXPECT_EQ(changed(), std::vector{line});
  EXPECT_TRUE(changed().empty());
  auto now = legs("1002");
  ASSERT_EQ(now.size(), 1u);
  EXPECT_EQ(now[0].state, LineLeg::State::trying);
  EXPECT_FALSE(now[0].initiator);
  EXPECT_EQ(now[0].number, "1001");
  EXPECT_EQ(now[0].name, "Name 1");
  EXPECT_TRUE(now[0].phone_tag.empty());
  ASSERT_EQ(legs("1001").size(), 1u);
  EXPECT_TRUE(legs("1001")[0].initiator);
  EXPECT_EQ(legs("1001")[0].number, "1002");
  GotPtr i = ring();
  bob.answer(*i, 180);
  EXPECT_EQ(changed(), std::vector{line});
  EXPECT_EQ(legs("1002")[0].state, LineLeg::State::early);
  EXPECT_EQ(legs("1002")[0].phone_tag, bob.tag);
  EXPECT_EQ(legs("1002")[0].call_id, bob.call_id);
  bob.answer(*i, 180);
  EXPECT_TRUE(changed().empty());  // nothing new
  bob.answer(*i, 200, {}, kAnswer);
  EXPECT_EQ(changed(), std::vector{line});
  EXPECT_EQ(legs("1002")[0].state, LineLeg::State::confirmed);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  w.heard(1);
  ok = w.heard(1);
  alice.take(*ok);
  alice.ack(alice.invite_cseq);
  EXPECT_TRUE(changed().empty());
  bob.say("INVITE", {}, kHeld);
  GotPtr hold = w.heard(1);
  ASSERT_TRUE(hold->request("INVITE")) << hold->text;
  alice.answer(*hold, 200, {}, kAnswer);
  EXPECT_EQ(w.heard(2)->status(), 200);
  bob.ack(bob.cseq);
  EXPECT_TRUE(w.heard(1)->request("ACK"));
  EXPECT_EQ(changed(), std::vector{line});
  EXPECT_TRUE(legs("1002")[0].holds);
  EXPECT_FALSE(legs("1001")[0].holds);
  hang_up();
  EXPECT_EQ(changed(), std::vector{line});
  EXPECT_TRUE(legs("1002").empty());
  EXPECT_TRUE(legs("1001").empty());
}

TEST_F(LineLegsTest, WhereNobodyWatchesNothingIsNoted) {
  w.engine->watch(w.lines["1002"], true);
  w.engine->watch(w.lines["1002"], false);
  talk();
  EXPECT_TRUE(changed().empty());
  EXPECT_EQ(legs("1002").size(), 1u);
  hang_up();
  EXPECT_TRUE(changed().empty());
}

TEST_F(LineLegsTest, ACallOfTheRecordStandsUnderItsLinesAgain) {
  talk();
  const auto before = legs("1002");
  w.restart();
  w.engine->watch(w.lines["1002"], true);
  ASSERT_TRUE(w.restore_all());
  EXPECT_EQ(changed().size(), 1u);
  EXPECT_EQ(legs("1002"), before);
  hang_up();
}

TEST_F(LineLegsTest, AWithheldCallerStaysWithheld) {
  alice.invite("1002", kOffer, "Privacy: id\r\n");
  GotPtr i = ring();
  ASSERT_EQ(legs("1002").size(), 1u);
  EXPECT_EQ(legs("1002")[0].number, "");
  EXPECT_EQ(legs("1001")[0].number, "1002");
  bob.answer(*i, 486);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr busy = w.heard(1);
  alice.ack_failure(*busy);
}

TEST(LineLegsTable, ManyLinesComeAndGo) {
  Slab<Leg> slab(4000);
  LineLegs table;
  std::vector<LegRef> refs;
  for (int i = 0; i < 3000; i++) {
    const LegRef ref = slab.emplace();
    Leg& leg = *slab.find(ref);
    leg.self = ref;
    leg.line = 1 + i % 700;
    table.place(slab, leg);
    table.place(slab, leg);
    refs.push_back(ref);
  }
  EXPECT_EQ(table.size(), 700u);
  size_t of_line = 0;
  table.each(slab, 5, [&](const Leg&) { return ++of_line, true; });
  EXPECT_EQ(of_line, 5u);
  for (size_t i = 0; i < refs.size(); i += 2) {
    slab.find(refs[i])->progress = Progress::ended;
    table.place(slab, *slab.find(refs[i]));
    slab.erase(refs[i]);
  }
  EXPECT_TRUE(table.has_legs(2));
  for (size_t i = 1; i < refs.size(); i += 2) {
    slab.find(refs[i])->progress = Progress::ending;
    table.place(slab, *slab.find(refs[i]));
  }
  EXPECT_EQ(table.size(), 0u);
  EXPECT_FALSE(table.has_legs(2));
}

}  // namespace
}  // namespace carillon::call::test
