#pragma once
// Message::parse() in steps. Used by message/parser*.cc only.

#include "sip/message/message.h"

namespace carillon::sip {

class MessageParser {
 public:
  MessageParser(Message& message, std::span<char> bytes, Framing framing)
      : m_(message), p_(bytes.data()), end_(bytes.data() + bytes.size()), framing_(framing) {}
  ParseFault run();

 private:
  void reset();
  void forget();
  ParseFault read();
  bool start_line();
  bool request_line(View line);
  void status_line(View line);
  void uri(View text);
  void version(View text);
  void header_lines();
  bool header_line();
  void store(View name, View value);
  View clean(char* begin, char* end);
  char* line_end();
  char* hard_line_end(char* at);
  void mandatory();
  void address(HeaderId id, NameAddr& out, View& tag);
  void cseq();
  void content();
  void content_length(View value);

  // Keeps the first fault.
  void fault(View reason, int status = 400);
  const Header* need(HeaderId id);

  Message& m_;
  char* p_;
  char* end_;
  Framing framing_;
  ParseFault fault_;
  size_t newline_ = 2;     // 1 when the lines of a datagram end in a bare LF, all of them
  bool controls_ = false;  // the line has bytes that may stand in a quoted pair at most
  bool ended_ = false;     // the empty line has been seen
  char* fold_ = nullptr;   // where the line was first folded, null when it was not
  char* next_ = nullptr;   // the line after the one that line_end() found
};

}  // namespace carillon::sip
