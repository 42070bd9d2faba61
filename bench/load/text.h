#pragma once
// Just enough SIP text for a load generator, independent of the server's own parser.

#include <string>
#include <string_view>

namespace load {

// The value of the n-th header line called `name` (or its compact form), "" when there is none.
std::string_view header(std::string_view message, std::string_view name, char compact = 0, int nth = 0);
// A parameter of a challenge, without quotes.
std::string_view auth_param(std::string_view challenge, std::string_view name);
// The Authorization header line that answers `challenge`.
std::string authorization(std::string_view challenge, std::string_view header_name, std::string_view method,
                          std::string_view uri, const std::string& user, const std::string& password);
// The status of a response, 0 for a request.
int status_of(std::string_view message);
std::string_view method_of(std::string_view message);  // of a request
std::string_view cseq_method(std::string_view message);
// The response to `request`: its Via lines, From, To (with `tag` when it has none), Call-ID and CSeq.
void respond(std::string& out, std::string_view request, std::string_view status, std::string_view tag,
             std::string_view more_lines, std::string_view body);

}  // namespace load
