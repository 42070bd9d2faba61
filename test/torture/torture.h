#pragma once
// Hard messages with their verdicts: one for each point of RFC 4475 and RFC 5118, in words of our
// own, and what a server that receives it does. Used by torture_test.cc here and by tests that send
// them to a running server.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::torture {

enum class Verdict {
  accept,  // read, and every header is good
  bad,     // a request that is answered with `status`
  drop,    // nothing is answered
};

struct Case {
  std::string section;  // "4475 3.1.1.1"
  std::string name;
  std::string text;     // the datagram
  Verdict verdict = Verdict::accept;
  int status = 0;       // of bad
  // What must be read: a name of field_of() and its value.
  std::vector<std::pair<std::string, std::string>> fields;
  // What a server does with an accepted request where that follows from the message alone: "416",
  // "420", "400", … or "".
  std::string server;
};

std::vector<Case> valid_cases();        // RFC 4475 §3.1.1
std::vector<Case> invalid_cases();      // RFC 4475 §3.1.2
std::vector<Case> upper_layer_cases();  // RFC 4475 §3.2, §3.3, §3.4
std::vector<Case> ipv6_cases();         // RFC 5118
std::vector<Case> all_cases();

// Line feeds become CRLF and "{length}" the number of bytes after the empty line.
std::string sip(std::string_view text);

// A request with the usual headers; `lines` stands among them. Names beginning like one of `lines`
// are left out.
std::string request(std::string_view start, std::string_view lines);

}  // namespace carillon::torture
