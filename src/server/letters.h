#pragma once
// What other threads tell a shard.

#include <functional>
#include <string>
#include <variant>

#include "config/snapshot.h"
#include "net/mailbox.h"
#include "shard/shard.h"

namespace carillon::server {

struct DoneLetter {
  state::Token token;
};
// The answer to a ConfigRequest; the snapshot that has a change came before it.
struct ConfiguredLetter {
  state::Token token;
  call::ConfigAnswer answer;
};
struct FramedLetter {
  sip::Flow flow;
  std::string bytes;
};
struct LostLetter {
  sip::ConnectionId connection;
};
struct UnsentLetter {
  sip::Flow flow;
};
struct LocatedLetter {
  uint64_t query;
  sip::DnsAnswer answer;
};
// Something to look at or to do in a turn of the shard: from the admin side, rare.
struct AskLetter {
  std::function<void(shard::Shard&, Instant now, shard::Output& out)> question;
};
struct StopLetter {};

using Letter = std::variant<DoneLetter, ConfiguredLetter, FramedLetter, LostLetter, UnsentLetter, LocatedLetter,
                            shard::ToShard, config::SnapshotPtr, AskLetter, StopLetter>;
using ShardMailbox = net::Mailbox<Letter>;

}  // namespace carillon::server
