#pragma once
// The REST face: HTTP requests to Service and Live, and their answers back as JSON. Errors are problem details (RFC
// 9457). One table of routes drives both the routing and the OpenAPI document.

#include <optional>
#include <string>

#include "admin/live.h"
#include "admin/service.h"
#include "http/server.h"

namespace carillon::admin {

struct RestOptions {
  std::string token;    // that callers who are not local show; "" lets in nobody
  std::string version;  // of the server, for the document
};

// Thread-safe. `service` and `live` must outlive it.
class Rest {
 public:
  Rest(Service& service, Live& live, RestOptions options)
      : service_(service), live_(live), options_(std::move(options)) {}
  http::Response handle(const http::Request& request);
  // For http::ServerOptions::admit: refuses, by its header, what handle() would refuse for its token, path, method or
  // length.
  std::optional<http::Response> admit(const http::Request& head);

 private:
  Service& service_;
  Live& live_;
  RestOptions options_;
};

// The same time whatever the difference. False when `expected` is empty.
bool same_secret(std::string_view given, std::string_view expected);

}  // namespace carillon::admin
