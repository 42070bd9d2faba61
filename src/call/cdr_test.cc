#include "call/cdr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/talk.h"
#include "call/test_world.h"

namespace carillon::call {
namespace {

using state::Cdr;
using state::OnBehalfOf;
using state::RedirectReason;
using test::World;

// A call of 1001 with 1002 that is made by hand, for what no message can show.
struct ByHand {
  World w;
  const bool published = (w.publish(), true);
  Random random{7};
  Core core{EngineOptions{.listeners = {w.listener}}, random};
  Context context{w.now, w.snapshot, *w.stack, *w.registrar, *w.identifier, w.out, w.posts};
  Call& call = make_call();
  Turn t{core, context, call};

  Call& make_call() {
    const CallRef ref = core.calls.emplace();
    Call& c = *core.calls.find(ref);
    c.self = ref;
    c.id = core.mint_call(w.now);
    c.cdr.id = c.cdr.global = c.id;
    c.stage = Stage::answered;
    c.cdr.start = c.cdr.answer = w.now;
    return c;
  }
  Leg& leg(config::EntityId n) {
    Leg& l = add_leg(t, true, w.flow(static_cast<int>(n)));
    l.phone = l.line = n;
    l.dialog.call_id = "call-" + std::to_string(n);
    l.dialog.local_tag = "tag-" + std::to_string(n);
    return l;
  }
  Cdr posted(size_t i) { return Cdr::from_blob(w.posts.at(i).blob).value(); }
};

TEST(CallRecords, ASplitPairLeavesItsRecordAndTheNextBegins) {
  ByHand h;
  Leg &alice = h.leg(1), &bob = h.leg(2), &carol = h.leg(3);
  pair_up(h.t, alice, bob, OnBehalfOf::nobody);
  h.call.cdr.calling_media = "10.0.0.1:4000";
  h.context.now = h.w.now + seconds(10);
  split_pair(h.t, OnBehalfOf::transfer);
  note_redirect(h.call, "1002", 5, RedirectReason::blind_transfer, OnBehalfOf::transfer);
  pair_up(h.t, alice, carol, OnBehalfOf::transfer);
  h.context.now = h.w.now + seconds(30);
  close_cdr(h.t, 0, 16, Cdr::EndedBy::callee);
  post_row(h.t, h.call.cdr, h.call.id, 1);
  ASSERT_EQ(h.w.posts.size(), 2u);
  const Cdr first = h.posted(0), second = h.posted(1);
  EXPECT_TRUE(first.split);
  EXPECT_EQ(first.ended_for, OnBehalfOf::transfer);
  EXPECT_EQ(first.called_call_id, "call-2");
  EXPECT_EQ((first.end - first.start).seconds(), 10);
  EXPECT_NE(h.w.posts[0].key, h.call.id) << "the call goes on: its call record must stay";
  EXPECT_EQ(first.id, h.w.posts[0].key);
  EXPECT_FALSE(second.split);
  EXPECT_EQ(second.id, h.call.id);
  EXPECT_EQ(second.global, first.global);
  EXPECT_EQ(second.joined_by, OnBehalfOf::transfer);
  EXPECT_EQ(second.calling_leg, first.calling_leg);
  EXPECT_EQ(second.calling_media, "10.0.0.1:4000");
  EXPECT_EQ(second.called_call_id, "call-3");
  EXPECT_EQ(second.last.reason, RedirectReason::blind_transfer);
  EXPECT_EQ((second.end - second.answer).seconds(), 20);
}

TEST(CallRecords, AConsultationBelongsToTheCallThatItEndsIn) {
  ByHand h;
  Leg &bob = h.leg(2), &carol = h.leg(3);
  Call& main = h.make_call();
  pair_up(h.t, bob, carol, OnBehalfOf::nobody);
  split_into(h.t, main, OnBehalfOf::transfer);
  split_into(h.t, main, OnBehalfOf::transfer);  // once only
  ASSERT_EQ(h.w.posts.size(), 1u);
  EXPECT_EQ(h.w.posts[0].key, h.call.id) << "its call record goes";
  EXPECT_EQ(h.posted(0).global, main.id);
  EXPECT_TRUE(h.call.cdr_posted);
}

TEST(CallRecords, TheFirstAndTheLastChangeOfDestination) {
  ByHand h;
  note_redirect(h.call, "1002", 1, RedirectReason::forward_all, OnBehalfOf::forward);
  note_redirect(h.call, "1003", 2, RedirectReason::forward_busy, OnBehalfOf::forward);
  note_redirect(h.call, "1004", 3, RedirectReason::forward_no_answer, OnBehalfOf::forward);
  EXPECT_EQ(h.call.cdr.original.number, "1002");
  EXPECT_EQ(h.call.cdr.original.reason, RedirectReason::forward_all);
  EXPECT_EQ(h.call.cdr.last.number, "1004");
  EXPECT_EQ(h.call.cdr.last.partition, 3);
}

}  // namespace
}  // namespace carillon::call
