#include <gtest/gtest.h>

#include "registrar/binding.h"
#include "registrar/test_world.h"

namespace carillon::registrar {
namespace {

using namespace test;  // NOLINT: the world of these tests

TEST(BindingRecord, RoundTripOfEverything) {
  Binding b;
  b.id = 0xfedcba9876543210;
  b.line = 5, b.phone = 6;
  b.number = "1001", b.digest_user = "alice", b.contact = "sip:a@h", b.contact_params = "q=0.5";
  b.flow = udp_from("203.0.113.5:40000");
  b.flow.listener = 3;
  b.path = "<sip:p;lr>", b.instance = "\"<urn:uuid:1>\"", b.reg_id = 2, b.q = 500, b.call_id = "c", b.cseq = 77;
  b.registered = kStart, b.refreshed = kStart + seconds(1), b.expires = kStart + seconds(2),
  b.nonce_made = kStart - seconds(3);
  b.user_agent = "UA", b.verification = Verification::no_credentials, b.verified = true;
  const auto r = Binding::from_blob(b.to_blob());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->to_blob(), b.to_blob());
  EXPECT_EQ(r->flow, b.flow);
  EXPECT_EQ(r->id, b.id);
  EXPECT_EQ(r->expires, b.expires);
  EXPECT_EQ(r->nonce_made, b.nonce_made);
  EXPECT_EQ(r->verification, b.verification);
  EXPECT_FALSE(r->durable);
}

TEST(BindingRecord, DamagedRecordsAreNotRead) {
  Binding b;
  b.number = "1001", b.contact = "sip:a@h", b.flow = udp_from("203.0.113.5:40000"), b.expires = kStart;
  const std::string blob = b.to_blob();
  for (size_t i = 0; i < blob.size(); i++) EXPECT_FALSE(Binding::from_blob(blob.substr(0, i))) << i;
  EXPECT_FALSE(Binding::from_blob(blob + "x"));
  std::string later = blob;
  later[0] = 2;
  EXPECT_FALSE(Binding::from_blob(later));
  Random random(5);
  for (int i = 0; i < 20000; i++) {  // must not crash whatever is in there
    std::string damaged = blob;
    for (uint32_t k = 0; k <= random.below(4); k++)
      damaged[random.below(static_cast<uint32_t>(blob.size()))] = static_cast<char>(random.next32());
    const auto r = Binding::from_blob(damaged);
    EXPECT_TRUE(!r || r->q <= 1000);
  }
}

}  // namespace
}  // namespace carillon::registrar
