#pragma once
// A small blocking HTTP/1.1 client for the command line and for tests: one connection for each request.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/url.h"

namespace carillon::http {

struct ClientOptions {
  bool verify = true;   // the server's certificate
  std::string ca_file;  // "" for the system's authorities
  Duration connect_time = seconds(5);
  Duration silence = seconds(120);  // without a byte from the server
};

struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";  // path and query, escaped
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;    // names in lower case
  std::string body;                                            // empty when pieces were asked for
  std::string_view header(std::string_view lower_name) const;  // "" when there is none
};

// Called with each piece of a successful (2xx) body as it comes; false ends the request there.
using OnPiece = std::function<bool(std::string_view)>;

// Faults: `unavailable` when there is no server there, `denied` when the socket or the certificate forbids it.
Result<ClientResponse> send(const Endpoint& to, const ClientOptions& options, const ClientRequest& request,
                            const OnPiece& on_piece);

}  // namespace carillon::http
