#pragma once
// The server that a command speaks to: over the UNIX socket of a data directory, or over HTTP with a token.

#include <optional>
#include <string>
#include <string_view>

#include "admin/cli/terminal.h"
#include "http/client.h"
#include "text/json.h"

namespace carillon::admin {

// What every command takes.
struct ClientFlags {
  std::string data_dir, server, token, ca_file;
  bool insecure = false;
  std::string output = "table";  // table, json, csv or yaml
  bool no_headers = false, quiet = false, no_wait = false;
  std::string if_revision;
};

class Remote {
 public:
  // The flags win over CARILLON_SERVER, CARILLON_TOKEN and CARILLON_DATA_DIR. A fault is a usage error.
  static Result<Remote> make(const ClientFlags& flags);

  Result<http::ClientResponse> send(http::ClientRequest request, const http::OnPiece& on_piece) const;
  // Sends a JSON body when there is one.
  Result<http::ClientResponse> call(std::string_view method, const std::string& target,
                                    const std::optional<json::object>& body) const;
  // A successful body as JSON, or the exit code after the complaint was printed.
  std::optional<json::value> fetch(const Terminal& terminal, const std::string& target, int* exit) const;
  // Prints what went wrong, and gives the exit code for it.
  int complain(const Terminal& terminal, const Fault& fault) const;
  static int complain(const Terminal& terminal, const http::ClientResponse& response);

 private:
  http::Endpoint endpoint_;
  http::ClientOptions options_;
  std::string token_;
  std::string data_dir_;
  std::string if_match_;
};

// "a=b&c=d", escaped, with a ? in front; "" for none. Pairs with an empty value are left out.
std::string query_text(const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace carillon::admin
