#pragma once
// A phone's transactions (RFC 3261 §17, RFC 6026), written apart from sip/transaction: resending, absorbing, giving up.

#include <functional>
#include <map>
#include <string>

#include "base/time.h"
#include "wire.h"
#include "world.h"

namespace carillon::sim {

class Transactions {
 public:
  using Send = std::function<void(const std::string& bytes)>;
  // With the response, or null when nobody answered in 64*T1.
  using Answer = std::function<void(const Msg* response)>;

  Transactions(World& world, Send send) : world_(world), send_(std::move(send)) {}

  bool reliable = false;  // streams: nothing is resent but 2xx
  Duration t1 = milliseconds(500), t2 = seconds(4);
  int64_t lifetime() const { return 64 * t1.us; }

  // Sends a request and resends it; `answer` gets every provisional, each 2xx to an INVITE, and one other final.
  void request(std::string bytes, Answer answer);
  // A response from the wire; false when it belongs to no transaction.
  bool response(const Msg& m);
  // Is this INVITE (by branch) still without a final response? Then it may be cancelled.
  bool pending(const std::string& branch) const;

  // A request from the wire that was seen before, or an ACK to our non-2xx, or to our 2xx: true when that was all.
  bool absorb(const Msg& m);
  // Answers. Finals to INVITE are resent until the ACK.
  void respond(const Msg& request, int status, std::string bytes);
  // Stops resending the 2xx of this INVITE. True when it was still unacknowledged.
  bool acknowledged(const std::string& call_id, uint32_t cseq);
  // Called when a 2xx of ours was never acknowledged.
  std::function<void(const std::string& call_id)> on_no_ack;
  // Has the INVITE that this CANCEL means been answered finally? Nothing when it is unknown.
  std::optional<bool> answered(const Msg& cancel) const;
  bool busy() const { return !clients_.empty() || !servers_.empty(); }

 private:
  struct Client {
    std::string bytes, ack;
    Answer answer;
    bool invite = false, provisional = false, done = false;
    uint64_t id = 0;
  };
  struct Server {
    std::string response, call_id;
    int status = 0;
    bool invite = false, acknowledged = false;
    uint32_t cseq = 0;
    uint64_t id = 0;
  };
  static std::string key_of(const Msg& m);
  void resend_request(const std::string& key, uint64_t id, Duration interval);
  void give_up(const std::string& key, uint64_t id);
  void resend_response(const std::string& key, uint64_t id, Duration interval, Instant until);
  static std::string ack_for(const std::string& invite, const Msg& response);

  World& world_;
  Send send_;
  std::map<std::string, Client> clients_;
  std::map<std::string, Server> servers_;
  uint64_t next_ = 1;
};

}  // namespace carillon::sim
