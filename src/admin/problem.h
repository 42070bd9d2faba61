#pragma once
// Problem details for HTTP APIs (RFC 9457). Pure.

#include <string_view>

#include "base/result.h"
#include "http/server.h"

namespace carillon::admin {

http::Response problem(int status, std::string_view detail);
// With `errors`: the field and what is wrong with it, for each line of the fault's text.
http::Response problem(const Fault& fault);
int status_of(FaultKind kind);
http::Response json_response(int status, std::string body);

}  // namespace carillon::admin
