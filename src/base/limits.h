#pragma once
// Every bound in one place, with its unit. Each has a test that reaches it and a defined answer.

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace carillon::limits {

constexpr size_t kMessageBytes = 65535;            // a SIP message: 513 above
constexpr size_t kHeaders = 256;                   // header lines in a message: 400 above
constexpr size_t kHeaderBytes = 8192;              // one header value: 400 above
constexpr size_t kBodyBytes = 60000;               // 413 above
constexpr size_t kVias = 70;                       // 400 above
constexpr size_t kContactsPerRequest = 16;         // 400 above
constexpr size_t kBindingsPerLine = 20;            // contacts of one line over all its phones: 403 above
constexpr size_t kBindingsPerPhone = 10;           // contacts of one line on one phone: 403 above
constexpr size_t kContactBytes = 1024;             // URI and parameters of a contact, and all of a Path: 403 above
constexpr uint32_t kBindings = 1'000'000;          // bindings of all lines together: 503 above
constexpr size_t kPathValues = 8;                  // 400 above
constexpr size_t kBranchesPerCall = 64;            // legs that ring at once for one call
constexpr size_t kBranchesInAll = 384;             // legs that one call may make, one set of targets after the other
constexpr uint32_t kTransactions = 4'000'000;      // at once in a shard: 503 above
constexpr uint32_t kCalls = 200'000;               // at once in a shard: 503 above
constexpr size_t kDetours = 100'000;               // Call-IDs of INVITEs that went to another shard: 503 above
constexpr uint32_t kSubscriptions = 200'000;       // at once in a shard: 503 above
constexpr uint32_t kSubscriptionsPerPhone = 200;   // of more the oldest ends
constexpr uint32_t kCallBacks = 1'000;             // waiting or under way at once in a shard: refused above
constexpr uint32_t kPublications = 50'000;         // at once in a shard: 503 above
constexpr size_t kPublicationsPerLine = 10;        // of more the oldest ends
constexpr size_t kPublicationBytes = 16'384;       // a presence document: 413 above
constexpr uint32_t kParkReversions = 10;           // of a parked call to whoever parked it; then it is hung up
constexpr size_t kNotifiesPerTurn = 1024;          // the rest waits for the next turn: calls come first
constexpr size_t kArrivals = 100'000;              // new registrations that wait to hear of their mailbox
constexpr uint32_t kMaxForwards = 70;              // what we set when a request has none
constexpr size_t kRefusals = 10'000;               // rows of refused attempts kept
constexpr size_t kNonceCounts = 50'000;            // nonces whose counts are tracked, oldest out (then stale)
constexpr Duration kStrangerSilence = seconds(5);  // a connection that says nothing valid is closed
constexpr Duration kIdleConnection = minutes(30);  // a known connection without traffic is closed
constexpr size_t kConnections = 20'000;            // TCP and TLS connections at once
constexpr size_t kConnectionsPerSource = 1'000;    // of them from one address
constexpr size_t kStrangerBytes = 4096;  // what an unproven connection may cost in memory (TLS: 48 KiB in all)
constexpr size_t kMailbox = 65'536;      // messages waiting between two threads
constexpr Duration kInternalAnswer =
    seconds(5);  // whoever got a 100 has a final answer when we wait only for ourselves

}  // namespace carillon::limits
