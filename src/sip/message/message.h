#pragma once
// A received SIP message: views into the bytes that it was read from (RFC 3261 §7). Reading
// allocates nothing but, for messages with very many header lines, a longer table. Values are read
// by type on demand.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sip/message/cseq.h"
#include "sip/message/header_id.h"
#include "sip/message/method.h"
#include "sip/message/name_addr.h"
#include "sip/message/via.h"

namespace carillon::sip {

using View = std::string_view;

struct Header {
  HeaderId id = HeaderId::unknown;
  View name;   // as written
  View value;  // without surrounding blanks, unfolded
};

// Why a message could not be read, and what may be said to its sender.
struct ParseFault {
  enum class Kind : uint8_t {
    none,
    not_sip,     // nothing to answer: drop and count
    bad,         // answer `status` when `answerable`
  };
  Kind kind = Kind::none;
  int status = 400;
  View reason;              // short and in words: goes into the reason phrase, e.g. "Bad Via"
  // A request, not an ACK, whose top Via says where to answer: top_via() holds host and port, and
  // its `text` ends before the first parameter that is wrong. Lines of From, To, Call-ID and CSeq
  // that are there may be sent back as they are (they hold no CR, LF or NUL); any of them may be
  // missing.
  bool answerable = false;
};

enum class Framing : uint8_t { datagram, stream };

class Message {
 public:
  // Reads the one message in `bytes`, which must outlive the use of this object; folded lines are
  // unfolded in place (the CRLF becomes blanks). A datagram's bytes beyond Content-Length are cut
  // off; a datagram shorter than it says is bad (RFC 3261 §18.3). The five mandatory headers and
  // the start line are valid after `none`; other headers have been split into lines only, see
  // check_headers(). May be called again and again: keeps its table.
  ParseFault parse(std::span<char> bytes, Framing framing);

  bool is_request() const { return request_; }
  Method method() const { return method_; }       // of a response: the CSeq's
  View method_name() const { return method_name_; }
  View request_uri() const { return request_uri_; }  // requests
  int status() const { return status_; }             // responses
  View reason() const { return reason_; }            // responses
  View bytes() const { return bytes_; }              // the whole message
  View body() const { return body_; }

  // The five that every message has.
  const Via& top_via() const { return top_via_; }
  const NameAddr& from() const { return from_; }
  const NameAddr& to() const { return to_; }
  View from_tag() const { return from_tag_; }
  View to_tag() const { return to_tag_; }
  View call_id() const { return call_id_; }
  const CSeq& cseq() const { return cseq_; }

  // All header lines in their order.
  std::span<const Header> headers() const { return {table_.data(), count_}; }
  // The first line with this id, or null.
  const Header* find(HeaderId id) const;
  // The first line called `name`, for headers that have no id; case does not matter.
  const Header* find(View name) const;
  // The value of the first such line, "" when there is none.
  View value(HeaderId id) const;
  // Does any value of this list header equal `token` (Supported, Require, Allow …)?
  bool lists(HeaderId id, View token) const;
  // Max-Forwards, Expires, Min-SE …: the number, or nothing when absent or not a number.
  std::optional<uint32_t> number(HeaderId id) const;

 private:
  friend class MessageParser;
  View bytes_, body_, method_name_, request_uri_, reason_, call_id_, from_tag_, to_tag_;
  int status_ = 0;
  Method method_ = Method::other;
  bool request_ = false;
  Via top_via_;
  NameAddr from_, to_;
  CSeq cseq_;
  std::vector<Header> table_;
  size_t count_ = 0;
  std::array<uint16_t, static_cast<size_t>(HeaderId::count)> first_{};  // 1-based index into table_, 0 = none
};

// Calls f(View) for each comma-separated value of every line with this id, in order; stops when f
// returns false. Commas inside quoted strings, angle brackets and comments do not separate.
template <typename F>
void for_each_value(const Message& message, HeaderId id, F&& f);

// Checks the grammar of every header that we know (RFC 3261 §25 and the RFCs of the header table):
// what is needed before a request is acted upon. Unknown headers pass. Costs no allocation.
ParseFault check_headers(const Message& message);

}  // namespace carillon::sip

#include "sip/message/values.h"  // for_each_value and the value splitter
