#pragma once
// What is going on now, as the server knows it: read-only views for REST and the command line. Thread-safe; blocking
// for at most a turn of each shard. Objects carry the field names that the API shows.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/snapshot.h"
#include "state/cdr.h"
#include "text/json.h"

namespace carillon::admin {

class Live {
 public:
  virtual ~Live() = default;
  // name, number, phone, digestUser, contact, source, transport, userAgent, registered, refreshed, expires, verified,
  // wouldVerify
  virtual Result<json::array> registrations() = 0;
  // first, last, count, source, transport, method, user, number, reason, status, explanation, detail, remedy
  virtual Result<json::array> refusals() = 0;
  // name (the call id), state, start, answer, callingNumber, callingPhone, calledNumber, calledPhone
  virtual Result<json::array> calls() = 0;
  // Bandwidth that calls take, for each place that has a limit: location, other (of a link; else ""), audioInUse,
  // videoInUse in kbit/s
  virtual Result<json::array> location_use() = 0;
  virtual Result<void> release_call(std::string_view id) = 0;
  // name, package, number, watcher, phone, contact, state, since, expires, notifies
  virtual Result<json::array> subscriptions() = 0;
  // Call-backs that wait for their line to be free, in the order of their asking: name, number, phone, target, state
  // (waiting, away, calling), since, expires
  virtual Result<json::array> call_backs() = 0;
  virtual Result<void> remove_call_back(std::string_view name) = 0;
  // Of lines whose mailbox is not empty: number, waiting, new, old, urgentNew, urgentOld
  virtual Result<json::array> mailboxes() = 0;
  virtual Result<json::object> mailbox(config::EntityId line) = 0;
  // Fields that are left out become what `waiting` and `new` imply; a fault says what is wrong with one.
  virtual Result<json::object> set_mailbox(config::EntityId line, const json::object& fields) = 0;
  virtual Result<std::vector<state::Cdr>> cdrs(const state::CdrQuery& query) = 0;
  // version, uptime, listeners, registrations, calls, store, certificate, recent errors …
  virtual json::object status() = 0;
  // Prometheus text.
  virtual std::string metrics() = 0;
  // {"status":"ok"|"draining"|…}; ready is false until the listeners are open and while draining.
  virtual bool ready() = 0;
  // Messages of one call (by call id or SIP Call-ID; "" = all kept) as objects: time, direction, transport, local,
  // remote, callId, text. `after` is the sequence number of the last one seen; each object has `sequence`.
  virtual Result<json::array> trace(std::string_view call, uint64_t after) = 0;
  // Waits until every shard has taken the configuration of this revision; false after 5 s.
  virtual bool wait_applied(uint64_t revision) = 0;
};

}  // namespace carillon::admin
