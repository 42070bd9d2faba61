#include "server/shard_loop.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <time.h>

#include <algorithm>
#include <future>

#include "base/check.h"

namespace carillon::server {
namespace {

constexpr uint64_t kMailTag = UINT64_MAX;
constexpr int kEvents = 16;
constexpr auto kAskPatience = std::chrono::seconds(5);

}  // namespace

ShardLoop::ShardLoop(uint16_t index, std::unique_ptr<shard::Shard> shard, std::vector<net::UdpSocket> sockets,
                     config::SnapshotPtr snapshot, const Clock& clock, Exits& exits, TraceRing* trace)
    : index_(index),
      shard_(std::move(shard)),
      snapshot_(std::move(snapshot)),
      clock_(clock),
      exits_(exits),
      trace_(trace),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  CHECK(epoll_.valid());
  unsent_ = [this](const sip::Flow& flow) { unsent_flows_.push_back(flow); };
  applied_ = snapshot_->revision();
  for (size_t i = 0; i < sockets.size(); i++) {
    wires_.push_back(sockets[i].fd() < 0 ? nullptr : std::make_unique<Wire>(std::move(sockets[i])));
    if (!wires_[i]) continue;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wires_[i]->socket.fd(), &event);
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kMailTag;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, mailbox_.fd(), &event);
}

ShardLoop::~ShardLoop() { stop(); }

void ShardLoop::restore(const state::Loaded& loaded) {
  const Instant now = clock_.now();
  shard_->restore(now, loaded, out_);
  deliver(now);
}

void ShardLoop::start() {
  thread_ = std::thread([this] { run(); });
}

void ShardLoop::stop() {
  if (!thread_.joinable()) return;
  mailbox_.post(StopLetter{}, true);
  thread_.join();
}

bool ShardLoop::ask(std::function<void(shard::Shard&, Instant, shard::Output&)> question) {
  auto done = std::make_shared<std::promise<void>>();
  auto wait = done->get_future();
  // Shared with the turn: whoever gives up leaves nothing dangling but what `question` itself refers to, so it must own
  // it.
  const bool posted =
      mailbox_.post(AskLetter{[done, question = std::move(question)](auto& shard, Instant now, auto& out) {
        question(shard, now, out);
        done->set_value();
      }});
  return posted && wait.wait_for(kAskPatience) == std::future_status::ready;
}

void ShardLoop::run() {
  pthread_setname_np(pthread_self(), ("call-" + std::to_string(index_)).c_str());
  while (running_) {
    const Instant now = clock_.now();
    bool busy = false;
    for (const auto& wire : wires_) {
      if (wire) busy |= receive(*wire, now);
    }
    busy |= read_mail(now);
    if (shard_->next_deadline() <= now) shard_->fire(now, out_);
    for (const sip::Flow& flow : unsent_flows_) shard_->unsent(now, flow, out_);
    unsent_flows_.clear();
    deliver(now);
    if (busy || !running_) continue;
    rest();
    if (pace_.dense()) gather();
  }
}

bool ShardLoop::receive(Wire& wire, Instant now) {
  const auto batch = receiver_.receive(wire.socket);
  pace_.count(batch.size(), now);
  if (receiver_.last_was_error()) net::drain_errors(wire.socket, unsent_);
  // What another shard had told before these came is known when they are looked at: a phone that has registered with
  // that one may call at once.
  if (!batch.empty()) read_mail(now);
  for (const net::Datagram& d : batch) {
    if (trace_ != nullptr) trace_->add(now, true, d.flow, {d.bytes.data(), d.bytes.size()});
    shard_->receive(now, d.flow, d.bytes, out_);
  }
  return !batch.empty();
}

bool ShardLoop::read_mail(Instant now) {
  if (!mailbox_.take(letters_)) return false;
  for (Letter& letter : letters_) open_letter(now, letter);
  letters_.clear();
  return true;
}

void ShardLoop::open_letter(Instant now, Letter& letter) {
  if (auto* l = std::get_if<DoneLetter>(&letter)) {
    shard_->done(now, l->token, out_);
  } else if (auto* l = std::get_if<ConfiguredLetter>(&letter)) {
    shard_->answered(now, l->token, l->answer, out_);
  } else if (auto* l = std::get_if<FramedLetter>(&letter)) {
    if (trace_ != nullptr) trace_->add(now, true, l->flow, l->bytes);
    shard_->receive(now, l->flow, l->bytes, out_);
  } else if (auto* l = std::get_if<LostLetter>(&letter)) {
    shard_->lost(now, l->connection, out_);
  } else if (auto* l = std::get_if<UnsentLetter>(&letter)) {
    shard_->unsent(now, l->flow, out_);
  } else if (auto* l = std::get_if<LocatedLetter>(&letter)) {
    shard_->located(now, l->query, l->answer, out_);
  } else if (auto* l = std::get_if<shard::ToShard>(&letter)) {
    shard_->receive_mail(now, std::move(*l), out_);
  } else if (auto* l = std::get_if<config::SnapshotPtr>(&letter)) {
    take_snapshot(now, std::move(*l));
  } else if (auto* l = std::get_if<AskLetter>(&letter)) {
    l->question(*shard_, now, out_);
  } else {
    running_ = false;
  }
}

void ShardLoop::take_snapshot(Instant now, config::SnapshotPtr snapshot) {
  if (snapshot->revision() < snapshot_->revision()) return exits_.retire(std::move(snapshot));
  std::swap(snapshot_, snapshot);
  shard_->configure(now, snapshot_, out_);
  exits_.retire(std::move(snapshot));
  applied_.store(snapshot_->revision(), std::memory_order_release);
}

void ShardLoop::deliver(Instant now) {
  for (const sip::Transmit& t : out_.sip.transmit) transmit(now, t);
  for (const auto& wire : wires_) {
    if (!wire) continue;
    wire->sender.flush(wire->socket, unsent_);
    watch(*wire);
  }
  if (!out_.posts.empty()) exits_.store(std::move(out_.posts));
  for (const auto id : out_.proven) exits_.proven(id);
  for (const auto id : out_.close) exits_.close(id);
  for (const sip::Lookup& lookup : out_.sip.lookups) {
    if (exits_.lookup(index_, lookup)) continue;
    sip::DnsAnswer failed;
    failed.kind = lookup.kind, failed.failed = true;
    mailbox_.post(LocatedLetter{lookup.query, std::move(failed)}, true);
  }
  for (shard::Mail& m : out_.mail) exits_.mail(m.shard, std::move(m.message));
  if (!out_.requests.empty()) exits_.request(std::move(out_.requests));
  out_.clear();
}

void ShardLoop::transmit(Instant now, const sip::Transmit& t) {
  if (trace_ != nullptr) trace_->add(now, false, t.flow, t.packet.view());
  if (sip::is_stream(t.flow.transport)) {
    if (!exits_.send_stream(t.flow, t.packet.view())) unsent_flows_.push_back(t.flow);
    return;
  }
  if (Wire* wire = wire_for(t.flow)) {
    wire->sender.add(wire->socket, t, unsent_);
  } else {
    unsent_flows_.push_back(t.flow);
  }
}

// The socket that the flow names, else the first of its address family.
ShardLoop::Wire* ShardLoop::wire_for(const sip::Flow& flow) {
  const bool v4 = flow.remote.is_v4();
  const auto fits = [v4](const Wire* w) { return w != nullptr && w->socket.bound().is_v4() == v4; };
  if (flow.listener < wires_.size() && fits(wires_[flow.listener].get())) return wires_[flow.listener].get();
  for (const auto& wire : wires_) {
    if (fits(wire.get())) return wire.get();
  }
  return nullptr;
}

void ShardLoop::watch(Wire& wire) {
  if (wire.sender.waiting() == wire.watching_write) return;
  wire.watching_write = wire.sender.waiting();
  const auto at = std::find_if(wires_.begin(), wires_.end(), [&](const auto& w) { return w.get() == &wire; });
  epoll_event event{};
  event.events = EPOLLIN | (wire.watching_write ? EPOLLOUT : 0u);
  event.data.u64 = static_cast<uint64_t>(at - wires_.begin());
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, wire.socket.fd(), &event);
  uint64_t dropped = 0;
  for (const auto& w : wires_) dropped += w ? w->sender.dropped() : 0;
  dropped_.store(dropped, std::memory_order_relaxed);
}

void ShardLoop::gather() {
  const timespec nap{0, Pace::kGather.us * 1000};
  nanosleep(&nap, nullptr);
}

void ShardLoop::rest() {
  if (!unsent_flows_.empty() || !mailbox_.prepare_sleep()) return;
  const Instant next = shard_->next_deadline();
  int wait = -1;
  if (next != kNever) wait = static_cast<int>(std::clamp<int64_t>(((next - clock_.now()).us + 999) / 1000, 0, 60'000));
  epoll_event events[kEvents];
  const int n = epoll_wait(epoll_.get(), events, kEvents, wait);
  mailbox_.woken();
  for (int i = 0; i < n; i++) {
    if (events[i].data.u64 == kMailTag) continue;
    Wire& wire = *wires_[events[i].data.u64];
    if ((events[i].events & EPOLLERR) != 0) net::drain_errors(wire.socket, unsent_);
    if ((events[i].events & EPOLLOUT) != 0) {
      wire.sender.resume(wire.socket, unsent_);
      watch(wire);
    }
  }
}

}  // namespace carillon::server
