#pragma once
// One connection's life: requests in, responses out, until one side has enough. Blocking; one thread each.

#include <atomic>
#include <semaphore>

#include "http/channel.h"
#include "http/framing.h"
#include "http/server.h"

namespace carillon::http {

// What all connections share.
struct ConnectionContext {
  const ServerOptions& options;
  const Handler& handler;
  std::counting_semaphore<1024>& handlers;  // one for each handler that may run
};

class Connection {
 public:
  Connection(const ConnectionContext& context, Channel& channel, bool local, const Address& remote)
      : context_(context), channel_(channel), reader_(context.options.max_body), local_(local), remote_(remote) {}
  // Serves until the end. `busy` is true while a request is being answered: such a connection is not closed to make
  // room.
  void run(std::atomic<bool>& busy);

 private:
  bool read_header();
  bool read_body();
  bool admitted();
  void stamp(Request& request) const;
  // Both say whether the connection may go on.
  bool refuse(int status);
  bool respond(Response response, bool head_only, bool keep_alive, bool chunks);
  bool send(std::string_view bytes);
  const ConnectionContext& context_;
  Channel& channel_;
  RequestReader reader_;
  bool local_;
  Address remote_;
  bool first_ = true;
};

}  // namespace carillon::http
