#include "trace.h"

#include <cstdio>

#include "base/text.h"

namespace carillon::sim {

void Trace::add(Entry::Kind kind, Instant at, const Address& from, const Address& to, bool stream, uint32_t life,
                View bytes) {
  if (!keep_) return;
  Entry e{kind, at, from, to, stream, life, Msg::read(bytes), {}};
  if (!e.message) e.text = printable(bytes, 60);
  entries_.push_back(std::move(e));
}

void Trace::sent(Instant at, const Address& from, const Address& to, bool stream, uint32_t life, View bytes) {
  add(Entry::Kind::sent, at, from, to, stream, life, bytes);
}

void Trace::received(Instant at, const Address& from, const Address& to, bool stream, uint32_t life, View bytes) {
  add(Entry::Kind::received, at, from, to, stream, life, bytes);
}

void Trace::lost(Instant at, const Address& from, const Address& to, View bytes) {
  add(Entry::Kind::lost, at, from, to, false, 0, bytes);
}

void Trace::note(Instant at, std::string text) {
  if (keep_) entries_.push_back({Entry::Kind::note, at, {}, {}, false, 0, {}, std::move(text)});
}

std::string Trace::name_of(const Address& at) const {
  const auto found = names_.find(at.ip);
  return found == names_.end() ? at.text() : found->second;
}

namespace {

std::string summary(const Entry& e) {
  if (!e.message) return e.text;
  const Msg& m = *e.message;
  std::string s = m.request ? std::string(m.method) + " " + std::string(m.uri)
                            : std::to_string(m.status) + " " + std::string(m.reason);
  s += "  (" + std::to_string(m.cseq) + " " + std::string(m.method) + ", " + printable(m.call_id, 20) + ")";
  if (!m.body.empty()) s += m.body.substr(0, 2) == "v=" ? " sdp" : " body";
  if (m.request && (m.has("Authorization") || m.has("Proxy-Authorization"))) s += " auth";
  return s;
}

}  // namespace

std::string ladder(const Trace& trace, Instant start, size_t last_lines) {
  std::string out;
  const auto& entries = trace.entries();
  const size_t first = entries.size() > last_lines ? entries.size() - last_lines : 0;
  for (size_t i = first; i < entries.size(); i++) {
    const Entry& e = entries[i];
    char time[32];
    std::snprintf(time, sizeof time, "%10.3f  ", static_cast<double>((e.at - start).us) / 1e6);
    out += time;
    if (e.kind == Entry::Kind::note) {
      out += "--- " + e.text + "\n";
      continue;
    }
    std::string who = trace.name_of(e.from) + (e.kind == Entry::Kind::lost ? " -x " : " -> ") + trace.name_of(e.to);
    who.resize(std::max<size_t>(who.size(), 24), ' ');
    out += who + "  " + summary(e) + "\n";
  }
  return out;
}

}  // namespace carillon::sim
