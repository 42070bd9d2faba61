#pragma once
// Building a message: header lines appended to a string. Control bytes in what is given become
// blanks, so nothing that came from elsewhere can end a line or begin another (RFC 3261 §7.3.1);
// names and URIs are held to their own alphabets.

#include <cstdint>
#include <string>

#include "base/text.h"
#include "sip/message/header_id.h"

namespace carillon::sip {

// The standard reason phrase of a status; that of its class (x00) for others.
View reason_of(int status);

// Appends `text` with every control byte but HTAB replaced by a blank.
void append_clean(std::string& to, View text);
// Appends a URI for use between "<" and ">": blanks, quotes, brackets, control bytes and bytes
// above 0x7f become %HH.
void append_uri(std::string& to, View uri);
// Appends the user part of a URI, escaped (RFC 3261 §19.1.2).
void append_user(std::string& to, View user);
// Appends a display name as a quoted string; nothing when it is empty.
void append_quoted(std::string& to, View name);

class Writer {
 public:
  // `to` is appended to and must outlive the writer.
  explicit Writer(std::string& to) : to_(to) {}

  Writer& request_line(View method, View uri);
  // An empty reason stands for the standard one.
  Writer& status_line(int status, View reason);

  Writer& header(HeaderId id, View value);
  // Bytes of `name` that may not stand in a header name become "-".
  Writer& header(View name, View value);
  Writer& number(HeaderId id, uint64_t value);
  Writer& cseq(uint32_t number, View method);
  // Name: "Display" <uri>;params. `params` without the leading ';'; empty display or params leave
  // nothing behind.
  Writer& name_addr(HeaderId id, View display, View uri, View params);

  // A header line in pieces: begin(), any of the four, end().
  Writer& begin(HeaderId id);
  Writer& text(View piece);
  Writer& number(uint64_t value);
  Writer& quoted(View piece);               // "piece", escaped; "" is written as ""
  Writer& address(View display, View uri);  // "Display" <uri>
  Writer& end();

  // Lines that are whole already, each with its CRLF: from another Writer only.
  Writer& lines(View whole);
  // Ends the headers: Content-Type (when there is a body), Content-Length, empty line, body.
  Writer& body(View content_type, View body);

 private:
  std::string& to_;
};

}  // namespace carillon::sip
