#pragma once
// A Registrar with one phone's requests, for tests.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "registrar/registrar.h"
#include "registrar/test_world.h"

namespace carillon::registrar::test {

struct RegistrarTest : testing::Test {
  Directory directory;
  config::SnapshotPtr snapshot;
  Random random{1};
  Registrar registrar{3, random};
  std::vector<state::Post> posts;
  std::vector<BindingChange> changes;
  Instant now = kStart;
  sip::Flow flow = udp_from(kTrusted);
  std::string headers, reason;  // of the last outcome

  RegistrarTest() { configure(); }
  void configure() { snapshot = directory.build(); }

  Outcome apply(const Ask1& ask, config::EntityId phone = 1, std::string_view number = "1001", Instant nonce = kStart) {
    posts.clear();
    changes.clear();
    const Received r(ask.text());
    EXPECT_TRUE(r.good) << r.bytes;
    Identity identity;
    identity.phone = snapshot->phone(phone);
    identity.line = snapshot->line_of_phone(*identity.phone, number);
    identity.digest_user = identity.phone->digest_user;
    identity.verified = true;
    identity.verification = Verification::yes;
    identity.nonce_made = nonce;
    Outcome o = registrar.apply(now, r.message, flow, identity, *snapshot, posts, changes);
    headers = o.headers;
    reason = o.reason;
    o.headers = o.reason = {};
    return o;
  }
  // Applied and durable.
  Outcome done(const Ask1& ask, config::EntityId phone = 1, std::string_view number = "1001") {
    const Outcome o = apply(ask, phone, number);
    EXPECT_EQ(o.status, 200);
    registrar.durable_until(registrar.mark());
    return o;
  }
  std::vector<std::string> contacts(config::EntityId line) const {
    std::vector<std::string> out;
    for (const Binding* b : registrar.of_line(line)) out.push_back(b->contact.str());
    return out;
  }
};

}  // namespace carillon::registrar::test
