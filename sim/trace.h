#pragma once
// What went over the wire, from the server's seat: each message that it sent or received, and those that never arrived.
// The audits read it; the ladder prints it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "wire.h"

namespace carillon::sim {

struct Entry {
  enum class Kind : uint8_t { sent, received, lost, note };
  Kind kind = Kind::note;
  Instant at;
  Address from, to;
  bool stream = false;
  uint32_t life = 0;  // which life of the server: 1, 2 after a restart …
  std::optional<Msg> message;
  std::string text;  // notes; what could not be read as a message
};

class Trace {
 public:
  // With `keep` false nothing is recorded: for long runs that only count.
  explicit Trace(bool keep = true) : keep_(keep) {}
  void keep(bool on) { keep_ = on; }
  void sent(Instant at, const Address& from, const Address& to, bool stream, uint32_t life, View bytes);
  void received(Instant at, const Address& from, const Address& to, bool stream, uint32_t life, View bytes);
  void lost(Instant at, const Address& from, const Address& to, View bytes);
  void note(Instant at, std::string text);
  void name(const Address& at, std::string who) { names_[at.ip] = std::move(who); }
  std::string name_of(const Address& at) const;
  const std::vector<Entry>& entries() const { return entries_; }
  void clear() { entries_.clear(); }

 private:
  void add(Entry::Kind kind, Instant at, const Address& from, const Address& to, bool stream, uint32_t life,
           View bytes);
  bool keep_;
  std::vector<Entry> entries_;
  std::map<std::array<uint8_t, 16>, std::string> names_;
};

// The trace as a ladder: a line a message, times relative to the start of the world.
std::string ladder(const Trace& trace, Instant start, size_t last_lines);

}  // namespace carillon::sim
