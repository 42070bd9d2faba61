#pragma once
// A shard with two phones, driven without sockets: what it answers to whatever is sent to it, and
// whether it still serves afterwards. Posts count as durable at once.

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"

namespace carillon::torture {

enum class Way { udp, tcp };

// What one message led to.
struct Reply {
  std::vector<std::string> answers;   // responses, whole
  std::vector<std::string> requests;  // what the server sent on its own account
  bool closed = false;                // TCP: the stream cannot be followed any further
  Duration took;                      // processor time

  // The last answer's status; 0 when there is none.
  int status() const;
  // "SIP/2.0 200 OK", for messages of tests.
  std::string line() const;
};

class Server {
 public:
  // With `digest`, the phones' profile asks for digest authentication and verifies it.
  explicit Server(bool digest);
  ~Server();

  // A datagram, or all that one new connection says.
  Reply send(std::string_view text, Way way);
  // Lets time go by, with all that becomes due in it.
  Reply pass(Duration d);
  // An OPTIONS and a REGISTER (authorised when it must be) are answered with 200.
  bool serves();
  // What is left of calls and transactions.
  size_t leftovers() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What is wrong with a message that we sent: it must be SIP that a strict reader takes. "" when
// nothing is. An answer that repeats a malformed line of the request (From, To, Call-ID, CSeq) may
// be unreadable for that alone; `of_refusal` allows for it.
std::string unsound(const std::string& sent, bool of_refusal);

}  // namespace carillon::torture
