#include "server/hub.h"

#include "server/config_desk.h"
#include "sip/route_key.h"
#include "sip/scan.h"

namespace carillon::server {

void Hub::durable(uint16_t shard, state::Token token) {
  if (loops_ != nullptr && shard < loops_->size()) (*loops_)[shard]->mailbox().post(DoneLetter{token}, true);
}

void Hub::configure(const config::SnapshotPtr& snapshot) {
  for (auto& loop : *loops_) loop->mailbox().post(snapshot, true);
}

// Straight to the shard that owns it, so that nothing is handed on a second time.
void Hub::message(const sip::Flow& flow, std::string&& bytes) {
  const auto shards = static_cast<unsigned>(loops_->size());
  const unsigned owner = shards == 1 ? 0 : sip::shard_of(sip::scan(bytes), shards);
  if (!(*loops_)[owner]->mailbox().post(FramedLetter{flow, std::move(bytes)})) refused_++;
}

void Hub::lost(sip::ConnectionId connection) {
  for (auto& loop : *loops_) loop->mailbox().post(LostLetter{connection}, true);
}

void Hub::unsent(const sip::Flow& flow) {
  for (auto& loop : *loops_) loop->mailbox().post(UnsentLetter{flow}, true);
}

void Hub::located(uint16_t shard, uint64_t query, sip::DnsAnswer&& answer) {
  if (shard < loops_->size()) (*loops_)[shard]->mailbox().post(LocatedLetter{query, std::move(answer)}, true);
}

// A change of bindings or of bandwidth must not be lost (the copies would differ for ever); a message may, as on the
// wire.
void Hub::mail(uint16_t shard, shard::ToShard&& message) {
  const bool must = !std::holds_alternative<shard::Handoff>(message);
  if (shard >= loops_->size() || !(*loops_)[shard]->mailbox().post(std::move(message), must)) refused_++;
}

void Hub::request(std::vector<call::ConfigRequest>&& requests) {
  for (call::ConfigRequest& request : requests) desk_->post(std::move(request));
}

void Hub::answered(const call::ConfigRequest& request, call::ConfigAnswer answer) {
  if (request.shard >= loops_->size()) return;
  (*loops_)[request.shard]->mailbox().post(ConfiguredLetter{request.token, std::move(answer)}, true);
}

void Hub::retire(config::SnapshotPtr snapshot) {
  const std::lock_guard lock(mutex_);
  retired_.push_back(std::move(snapshot));
}

void Hub::bury() {
  std::vector<config::SnapshotPtr> dead;
  const std::lock_guard lock(mutex_);
  std::erase_if(retired_, [&](config::SnapshotPtr& snapshot) {
    if (snapshot.use_count() > 1) return false;  // a call still pins it
    dead.push_back(std::move(snapshot));
    return true;
  });
}

}  // namespace carillon::server
