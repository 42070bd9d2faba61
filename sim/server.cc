#include "server.h"

#include <algorithm>

#include "sip/locate/answer.h"
#include "sip/route_key.h"
#include "sip/stream/framer.h"

namespace carillon::sim {

struct Server::Connection {
  sip::Flow flow;
  sip::Framer framer;
  bool opened = false;  // by us
};

Server::Server(World& world, Network& network, Trace& trace, Disk& disk, ServerOptions options,
               config::SnapshotPtr snapshot)
    : world_(world),
      network_(network),
      trace_(trace),
      disk_(disk),
      options_(std::move(options)),
      snapshot_(std::move(snapshot)) {
  for (int i = 0; i < 4; i++) {
    const uint64_t bits = world_.random().next64();
    nonce_key_.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  }
  for (const sip::Listener& l : options_.listeners) trace_.name(l.bound, "server");
  disk_.on_done = [this](uint16_t index, state::Token token) {
    // The answer comes through the inbox, in a turn of its own.
    world_.after({}, [this, life = life_, index, token] {
      if (life != life_ || !alive()) return;
      shards_[index]->shard->done(world_.now(), token, shards_[index]->out);
      finish_turn(*shards_[index]);
    });
  };
}

Server::~Server() {
  for (const sip::Listener& l : options_.listeners) network_.unbind(l.bound);
  disk_.on_done = nullptr;
}

void Server::boot() {
  life_++;
  trace_.note(world_.now(), "server starts, life " + std::to_string(life_));
  const auto loaded = disk_.load(world_.now());
  counts_ = std::make_unique<call::AppearanceCounts>();  // a new process
  for (uint16_t i = 0; i < options_.shards; i++) start_shard(i, *loaded);
  for (const sip::Listener& l : options_.listeners) network_.bind(l.bound, this);
  for (auto& unit : shards_) finish_turn(*unit);
}

void Server::start_shard(uint16_t index, const state::Loaded& loaded) {
  auto unit = std::make_unique<Unit>();
  unit->index = index;
  unit->random = std::make_unique<Random>(world_.random().next64());
  shard::ShardOptions o;
  o.index = index;
  o.shards = options_.shards;
  o.listeners = options_.listeners;
  o.timers = options_.timers;
  o.nonce_key = nonce_key_;
  o.counts = counts_.get();
  unit->shard = std::make_unique<shard::Shard>(o, *unit->random, snapshot_);
  unit->shard->restore(world_.now(), loaded, unit->out);
  shards_.push_back(std::move(unit));
}

void Server::kill() {
  trace_.note(world_.now(), "server is killed");
  for (const sip::Listener& l : options_.listeners) network_.unbind(l.bound);
  for (const auto& [id, connection] : connections_) network_.close(id);
  connections_.clear();
  shards_.clear();
  disk_.kill();
}

void Server::configure(config::SnapshotPtr snapshot) {
  snapshot_ = std::move(snapshot);
  trace_.note(world_.now(), "configuration changes");
  for (auto& unit : shards_) {
    unit->shard->configure(world_.now(), snapshot_, unit->out);
    finish_turn(*unit);
  }
}

size_t Server::leftovers() const {
  size_t n = 0;
  for (const auto& unit : shards_) n += unit->shard->leftovers();
  return n;
}

size_t Server::bindings() const { return shards_.empty() ? 0 : shards_[0]->shard->registrar().size(); }

bool Server::set_mailbox(config::EntityId line, const std::string& number, const lines::Mailbox& mailbox) {
  Unit& unit = *shards_[sip::shard_of_user(number, options_.shards)];
  const bool known = unit.shard->set_mailbox(world_.now(), line, mailbox, unit.out);
  finish_turn(unit);
  return known;
}

bool Server::remove_call_back(uint64_t key) {
  bool known = false;
  for (auto& unit : shards_) {
    known |= unit->shard->remove_call_back(world_.now(), key, unit->out);
    finish_turn(*unit);
  }
  return known;
}

sip::Flow Server::flow_of(const Address& from, const Address& to, bool stream) const {
  sip::Flow flow;
  for (size_t i = 0; i < options_.listeners.size(); i++) {
    if (options_.listeners[i].bound == to && sip::is_stream(options_.listeners[i].transport) == stream) {
      flow.listener = static_cast<uint16_t>(i);
      flow.transport = options_.listeners[i].transport;
    }
  }
  flow.local = to;
  flow.remote = from;
  return flow;
}

void Server::datagram(const Address& from, const Address& to, View bytes) {
  if (!alive()) return;
  trace_.received(world_.now(), from, to, false, life_, bytes);
  // The kernel spreads datagrams over the shards' sockets by address.
  take(*shards_[from.hash() % shards_.size()], flow_of(from, to, false), bytes);
}

void Server::take(Unit& unit, const sip::Flow& flow, View bytes) {
  std::vector<char> copy(bytes.begin(), bytes.end());
  unit.shard->receive(world_.now(), flow, copy, unit.out);
  finish_turn(unit);
}

void Server::finish_turn(Unit& unit) {
  unit.shard->fire(world_.now(), unit.out);
  for (const sip::Transmit& t : unit.out.sip.transmit) transmit(t);
  for (const sip::Lookup& l : unit.out.sip.lookups) {
    world_.after(milliseconds(2), [this, life = life_, index = unit.index, l] {
      if (life != life_ || !alive()) return;
      sip::DnsAnswer none;  // there are no names in this world
      none.kind = l.kind;
      shards_[index]->shard->located(world_.now(), l.query, none, shards_[index]->out);
      finish_turn(*shards_[index]);
    });
  }
  if (!unit.out.posts.empty()) disk_.post(std::move(unit.out.posts));
  send_mail(unit);
  ask_administration(unit);
  for (sip::ConnectionId id : unit.out.proven) {
    const auto found = connections_.find(id);
    if (found != connections_.end()) found->second->framer.trust();
  }
  for (sip::ConnectionId id : unit.out.close) network_.close(id);
  unit.out.clear();
  sleep(unit);
}

void Server::send_mail(Unit& unit) {
  for (shard::Mail& mail : unit.out.mail) {
    const auto to = std::make_shared<shard::Mail>(std::move(mail));
    world_.after(options_.mail_takes, [this, life = life_, to] {
      if (life != life_ || !alive()) return;
      Unit& other = *shards_[to->shard];
      other.shard->receive_mail(world_.now(), std::move(to->message), other.out);
      finish_turn(other);
    });
  }
}

// An answer to an earlier life of the process is nobody's.
void Server::ask_administration(Unit& unit) {
  for (const call::ConfigRequest& request : unit.out.requests) {
    if (!administration) continue;
    administration(
        request, [this, life = life_, shard = request.shard, token = request.token](const call::ConfigAnswer& answer) {
          if (life != life_ || !alive()) return;
          shards_[shard]->shard->answered(world_.now(), token, answer, shards_[shard]->out);
          finish_turn(*shards_[shard]);
        });
  }
}

void Server::sleep(Unit& unit) {
  const Instant next = unit.shard->next_deadline();
  if (next >= unit.wake || next == kNever) return;
  // A deadline of this very moment waits a little, as a real loop would: time must go on.
  const Instant at = std::max(next, world_.now() + microseconds(50));
  unit.wake = at;
  world_.at(at, [this, life = life_, index = unit.index, at] {
    if (life != life_ || !alive()) return;
    Unit& u = *shards_[index];
    if (u.wake != at) return;
    u.wake = kNever;
    finish_turn(u);
  });
}

void Server::transmit(const sip::Transmit& t) {
  const View bytes = t.packet.view();
  if (!sip::is_stream(t.flow.transport)) {
    trace_.sent(world_.now(), t.flow.local, t.flow.remote, false, life_, bytes);
    network_.send(t.flow.local, t.flow.remote, bytes);
    return;
  }
  const StreamId id = connection_to(t.flow);
  if (id == 0) {
    for (auto& unit : shards_) {
      world_.after({}, [this, life = life_, index = unit->index, flow = t.flow] {
        if (life != life_ || !alive()) return;
        shards_[index]->shard->unsent(world_.now(), flow, shards_[index]->out);
        finish_turn(*shards_[index]);
      });
    }
    return;
  }
  trace_.sent(world_.now(), t.flow.local, t.flow.remote, true, life_, bytes);
  network_.write(id, this, bytes);
}

StreamId Server::connection_to(const sip::Flow& flow) {
  if (flow.connection != 0) return connections_.count(flow.connection) != 0 ? flow.connection : 0;
  for (const auto& [id, c] : connections_) {
    if (c->flow.remote == flow.remote && c->flow.transport == flow.transport) return id;
  }
  const StreamId id = network_.connect(flow.local, flow.remote, flow.transport == sip::Transport::tls, this);
  if (id == 0) return 0;
  auto c = std::make_unique<Connection>();
  c->flow = flow;
  c->flow.connection = id;
  c->opened = true;
  connections_[id] = std::move(c);
  return id;
}

void Server::accepted(StreamId id, const Address& from, const Address& to, bool tls) {
  if (!alive()) return;
  auto c = std::make_unique<Connection>();
  (void)tls;  // the listener says so
  c->flow = flow_of(from, to, true);
  c->flow.connection = id;
  connections_[id] = std::move(c);
}

void Server::data(StreamId id, View bytes) {
  auto found = connections_.find(id);
  if (found == connections_.end()) return;
  found->second->framer.feed(bytes);
  while (found != connections_.end()) {
    const sip::Framed piece = found->second->framer.next();
    if (piece.kind == sip::Framed::Kind::need_more) return;
    if (piece.kind == sip::Framed::Kind::error) return network_.close(id);
    if (piece.kind == sip::Framed::Kind::keepalive_ping) {  // RFC 5626 §4.4.1
      network_.write(id, this, "\r\n");
      continue;
    }
    const sip::Flow flow = found->second->flow;
    const std::string message(piece.bytes.data(), piece.bytes.size());
    trace_.received(world_.now(), flow.remote, flow.local, true, life_, message);
    take(*shards_[flow.remote.hash() % shards_.size()], flow, message);
    found = connections_.find(id);
  }
}

void Server::closed(StreamId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  sip::Flow flow = found->second->flow;
  flow.connection = 0;
  const bool opened = found->second->opened;
  connections_.erase(found);
  if (!alive()) return;
  for (auto& unit : shards_) {
    unit->shard->lost(world_.now(), id, unit->out);
    if (opened) unit->shard->unsent(world_.now(), flow, unit->out);
    finish_turn(*unit);
  }
}

}  // namespace carillon::sim
