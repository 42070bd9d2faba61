#include "network.h"

#include <algorithm>

namespace carillon::sim {

void Network::set_link(const Address& from, const Address& to, Link link) { links_[{from.ip, to.ip}] = link; }

const Link& Network::link_between(const Address& from, const Address& to) const {
  if (links_.empty()) return link_;
  const auto found = links_.find({from.ip, to.ip});
  return found == links_.end() ? link_ : found->second;
}

void Network::add_nat(const Address& inside, const Address& outside) {
  nats_.push_back({inside, outside, 20000, {}, {}});
}

void Network::rebind(const Address& inside) {
  for (Nat& nat : nats_) {
    if (nat.inside.same_ip(inside)) nat.in_of.clear(), nat.out_of.clear();
  }
}

Address Network::translate_out(const Address& from, const Address& to) {
  for (Nat& nat : nats_) {
    if (!nat.inside.same_ip(from) || nat.inside.same_ip(to)) continue;
    auto [it, fresh] = nat.out_of.try_emplace(from, nat.next_port);
    if (fresh) nat.in_of[nat.next_port++] = from;
    Address shown = nat.outside;
    shown.port = it->second;
    return shown;
  }
  return from;
}

bool Network::translate_in(Address& to) const {
  for (const Nat& nat : nats_) {
    if (nat.inside.same_ip(to)) return false;  // not reachable from without
    if (!nat.outside.same_ip(to)) continue;
    const auto found = nat.in_of.find(to.port);
    if (found == nat.in_of.end()) return false;
    to = found->second;
    return true;
  }
  return true;
}

void Network::send(const Address& from, const Address& to, View bytes) {
  const Address shown = translate_out(from, to);
  const uint64_t ordinal = ++ordinal_;
  const Link& link = link_between(from, to);
  const bool lost = world_.random().chance(link.loss) || (drop && drop(ordinal, bytes));
  if (lost) {
    trace_.lost(world_.now(), shown, to, bytes);
    return;
  }
  const int copies = world_.random().chance(link.duplicate) ? 2 : 1;
  for (int i = 0; i < copies; i++) {
    Duration delay = world_.between(link.delay_min, link.delay_max);
    if (world_.random().chance(link.late)) delay = delay + world_.between({}, link.late_by);
    world_.after(delay, [this, shown, to, copy = std::string(bytes)] { deliver(shown, to, copy); });
  }
}

void Network::deliver(const Address& from, Address to, View bytes) {
  if (!translate_in(to)) return;
  const auto found = endpoints_.find(to);
  if (found != endpoints_.end()) found->second->datagram(from, to, bytes);
}

StreamId Network::connect(const Address& from, const Address& to, bool tls, Endpoint* opener) {
  Address target = to;
  if (!translate_in(target)) return 0;
  const auto found = endpoints_.find(target);
  if (found == endpoints_.end() || link_between(from, to).loss >= 1) return 0;
  const StreamId id = next_stream_++;
  const Address shown = translate_out(from, to);
  const Instant ready = world_.now() + link_between(from, to).delay_max * 3;
  streams_[id] = {{opener, found->second}, shown, target, tls, {ready, ready}};
  world_.at(ready, [this, id] {
    const auto s = streams_.find(id);
    if (s == streams_.end()) return;
    s->second.ends[1]->accepted(id, s->second.from, s->second.to, s->second.tls);
  });
  return id;
}

void Network::write(StreamId id, Endpoint* writer, View bytes) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  Stream& s = found->second;
  const int towards = s.ends[0] == writer ? 1 : 0;
  const Link& link = link_between(towards == 1 ? s.from : s.to, towards == 1 ? s.to : s.from);
  while (!bytes.empty()) {
    const size_t most = world_.random().chance(0.3) ? 1 + world_.random().below(64) : bytes.size();
    const std::string piece(bytes.substr(0, most));
    bytes.remove_prefix(piece.size());
    // TCP mends losses: a lost segment costs time.
    Duration delay = world_.between(link.delay_min, link.delay_max);
    if (world_.random().chance(link.loss)) delay = delay + milliseconds(200);
    s.last[towards] = std::max(s.last[towards], world_.now() + delay);
    world_.at(s.last[towards], [this, id, towards, piece] {
      const auto still = streams_.find(id);
      if (still != streams_.end()) still->second.ends[towards]->data(id, piece);
    });
  }
}

void Network::close(StreamId id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  Endpoint* ends[2] = {found->second.ends[0], found->second.ends[1]};
  streams_.erase(found);
  for (Endpoint* end : ends) {
    world_.after(milliseconds(1), [end, id] { end->closed(id); });
  }
}

}  // namespace carillon::sim
