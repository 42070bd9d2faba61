// RFC 4475 §3.1.2: wrong.
#include "torture.h"

namespace carillon::torture {
namespace {

constexpr std::string_view kOptions = "OPTIONS sip:otto@test.example SIP/2.0";

Case bad(const char* point, const char* name, std::string_view start, const std::string& lines) {
  return {std::string("4475 3.1.2.") + point, name, request(start, lines), Verdict::bad, 400, {}, ""};
}
Case drop(const char* point, const char* name, std::string_view start, const std::string& lines) {
  return {std::string("4475 3.1.2.") + point, name, request(start, lines), Verdict::drop, 0, {}, ""};
}

Case other_version() {
  Case c = bad("16", "another version of SIP", "OPTIONS sip:otto@test.example SIP/7.0",
               "Via: SIP/7.0/UDP 198.51.100.4;branch=z9hG4bKv\n");
  c.status = 505;
  return c;
}

}  // namespace

std::vector<Case> invalid_cases() {
  return {
      bad("1", "stray semicolons and commas", "INVITE sip:otto@test.example SIP/2.0",
          "Via: SIP/2.0/UDP 198.51.100.4;;,;,,\nContact: \"C\" <sip:c@h.example>;;;;\n"),
      bad("2", "Content-Length beyond the datagram", kOptions, "Content-Length: 9998\n"),
      bad("3", "a negative Content-Length", kOptions, "Content-Length: -998\n"),
      bad("4", "numbers out of range in a request", "REGISTER sip:test.example SIP/2.0",
          "CSeq: 36893488147419103299 REGISTER\nMax-Forwards: 301\n"
          "Expires: 10000000000000000000000000000\nContact: <sip:c@h>;expires=280297596632816\n"),
      drop("5", "numbers out of range in a response", "SIP/2.0 503 Service Unavailable",
           "CSeq: 9292394834772304023399 OPTIONS\nRetry-After: 949302838503028349304023989\n"
           "Warning: 1812 h \"late\"\n"),
      bad("6", "a quoted string without end", "INVITE sip:otto@test.example SIP/2.0",
          "To: \"Mr. O <sip:otto@test.example>\n"),
      bad("7", "a Request-URI in brackets", "INVITE <sip:otto@test.example> SIP/2.0", ""),
      bad("8", "a blank in the Request-URI", "INVITE sip:otto@test.example; lr SIP/2.0", ""),
      bad("9", "too many blanks in the start line", "INVITE  sip:otto@test.example  SIP/2.0", ""),
      bad("10", "blanks behind the start line", "OPTIONS sip:otto@test.example SIP/2.0  ", ""),
      bad("11", "headers in the Request-URI",
          "INVITE sip:otto@test.example?Route=%3Csip:test.example%3E SIP/2.0", ""),
      bad("12", "a Date not in GMT", "INVITE sip:otto@test.example SIP/2.0",
          "Date: Sun, 07 Mar 2021 09:00:00 PST\n"),
      bad("13", "a URI with headers but without brackets", "REGISTER sip:test.example SIP/2.0",
          "Contact: sip:cleo@test.example?Route=%3Csip:h.example%3E\n"),
      bad("14", "blanks within brackets", kOptions, "To: \"Otto, O\" < sip:otto@test.example >\n"),
      bad("15", "a display name that needs quotes", kOptions,
          "From: Clay, Cleo <sip:cleo@test.example>;tag=4\n"),
      other_version(),
      bad("17", "CSeq of another method", kOptions, "CSeq: 8 INVITE\n"),
      bad("18", "CSeq of another method, unknown method", "NOVEL sip:otto@test.example SIP/2.0",
          "CSeq: 8 INVITE\n"),
      drop("19", "a status that overflows", "SIP/2.0 4294967301 hold on", "CSeq: 8 INVITE\n"),
  };
}

}  // namespace carillon::torture
