#pragma once
// A SIP message as the simulated phones and the audits read it. Written from RFC 3261 §7 and §25 apart from
// sip/message, so that a mistake of the one is not repeated by the other. A value; copies share the bytes.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::sim {

using View = std::string_view;

class Msg {
 public:
  // Nothing when the text is not a SIP message with the five mandatory headers.
  static std::optional<Msg> read(View bytes);

  bool request = false;
  View method;  // of a response: the CSeq's
  View uri;     // requests
  int status = 0;
  View reason;
  View body;
  View call_id, from_tag, to_tag, branch, top_via;
  uint32_t cseq = 0;

  View bytes() const { return *bytes_; }
  // The value of the first header line with this full name; "" when absent. Compact forms are known.
  View get(View name) const;
  bool has(View name) const;
  // The comma-separated values of all lines with this name.
  std::vector<View> values(View name) const;
  // Does the list header hold this token?
  bool lists(View name, View token) const;
  const std::vector<std::pair<View, View>>& headers() const { return headers_; }
  bool is(View m) const { return request && method == m; }
  bool final() const { return !request && status >= 200; }

 private:
  bool split();
  bool fields();
  std::shared_ptr<const std::string> bytes_;
  std::vector<std::pair<View, View>> headers_;
};

// ;name=value of a header value or URI parameter list, outside of <> and quotes; nothing when absent.
std::optional<View> param_of(View value, View name);
View param_or(View value, View name, View other);
// The URI inside a name-addr or addr-spec, without header parameters.
View uri_of(View name_addr);
// "1001" of "sip:1001@host;x=y".
View user_of(View uri);
// "host:port" of a SIP URI or of a Via value's sent-by.
View host_port_of(View uri);
// The value of name=value among comma-separated pairs (a challenge), quotes taken off.
View auth_param(View header, View name);
std::vector<View> split_list(View text);
std::vector<View> split_lines(View text);
uint32_t number_or(View text, uint32_t other);

// Cuts a byte stream into messages (RFC 3261 §18.3); CRLF keepalives come out as such.
class StreamReader {
 public:
  void feed(View bytes) { buffer_ += bytes; }
  // The next whole message, or "\r\n\r\n" or "\r\n"; nothing when more bytes are needed.
  std::optional<std::string> next();

 private:
  std::string buffer_;
};

}  // namespace carillon::sim
