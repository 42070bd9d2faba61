// RFC 4475 §3.2 (transactions), §3.3 (application), §3.4 (RFC 2543): what the parser lets through,
// and what becomes of it.
#include "torture.h"

namespace carillon::torture {
namespace {

constexpr std::string_view kOptions = "OPTIONS sip:otto@test.example SIP/2.0";
constexpr std::string_view kRegister = "REGISTER sip:test.example SIP/2.0";

using Fields = std::vector<std::pair<std::string, std::string>>;

Case passes(const char* point, const char* name, std::string_view start, const std::string& lines,
            const char* server, Fields fields) {
  const std::string body = !fields.empty() && fields[0].first == "body" ? fields[0].second : "";
  return {std::string("4475 3.") + point, name, request(start, lines) + body, Verdict::accept, 0,
          std::move(fields), server};
}
Case bad(const char* point, const char* name, std::string text) {
  return {std::string("4475 3.") + point, name, std::move(text), Verdict::bad, 400, {}, ""};
}

Case nearly_nothing() {
  return bad("3.1", "only CSeq and Via",
             sip("INVITE sip:otto@test.example SIP/2.0\nCSeq: 19 INVITE\n"
                 "Via: SIP/2.0/UDP 198.51.100.4;branch=z9hG4bKi\nContent-Length: 0\n\n"));
}

Case everything_twice() {
  return bad("3.8", "everything that may stand once stands twice",
             sip("OPTIONS sip:otto@test.example SIP/2.0\n"
                 "Via: SIP/2.0/UDP 198.51.100.4;branch=z9hG4bKd\n"
                 "CSeq: 5 OPTIONS\nCSeq: 6 BYE\nCall-ID: one\nCall-ID: two\n"
                 "Max-Forwards: 70\nMax-Forwards: 5\nFrom: <sip:a@h>;tag=1\nFrom: <sip:b@h>;tag=2\n"
                 "To: <sip:c@h>\nTo: <sip:d@h>\nExpires: 1\nExpires: 2\nContent-Length: 0\n\n"));
}

Case two_lengths() {
  return bad("3.9", "two Content-Lengths that differ",
             request(kOptions, "Content-Length: 13\nl: 0\n") + "body, perhaps");
}

Case old_request() {
  return {"4475 3.4.1", "an INVITE of RFC 2543",
          sip("INVITE sip:otto@test.example SIP/2.0\nVia: SIP/2.0/UDP gw.example\n"
              "From: <sip:+19035550100@gw.example;user=phone>\nTo: <sip:otto@test.example>\n"
              "Call-ID: old.1@gw.example\nCSeq: 56 INVITE\n"
              "Record-Route: <sip:otto@test.example;maddr=p.example>\nContent-Type: application/sdp\n"
              "Contact: <sip:198.51.100.9:5060>\n\nv=0\n"),
          Verdict::accept, 0,
          {{"branch", ""}, {"from_tag", ""}, {"from_user", "+19035550100"}, {"body", "v=0\r\n"}}, ""};
}

}  // namespace

std::vector<Case> upper_layer_cases() {
  return {
      passes("2.1", "a branch that is the cookie alone", kOptions,
             "Via: SIP/2.0/UDP 198.51.100.4;branch=z9hG4bK\n", "", {{"branch", "z9hG4bK"}}),
      nearly_nothing(),
      passes("3.2", "an unknown scheme", "OPTIONS noSuchScheme:nobody-looks-into-this SIP/2.0", "",
             "416", {{"uri", "noSuchScheme:nobody-looks-into-this"}}),
      passes("3.3", "a known scheme that is not SIP", "OPTIONS soap.beep://198.51.100.7:3002 SIP/2.0", "",
             "416", {}),
      passes("3.4", "unknown schemes in headers", kRegister,
             "To: isbn:2983792874\nFrom: <http://www.test.example>;tag=3\nContact: <name:Cleo_Clay>\n",
             "401", {{"from_tag", "3"}}),
      passes("3.5", "options that nobody has", kOptions,
             "Require: noSuchOption, norThis\nProxy-Require: noSuchProxyOption\n", "420", {}),
      passes("3.6", "a body type that nobody knows", "INVITE sip:otto@test.example SIP/2.0",
             "Contact: <sip:c@198.51.100.4>\nContent-Type: application/no-such-type\nContent-Length: 5\n",
             "415", {{"body", "bytes"}}),
      passes("3.7", "an authorization scheme that nobody knows", kRegister,
             "Authorization: NoSuchScheme stuff=in-here\n", "401", {}),
      everything_twice(),
      two_lengths(),
      passes("3.10", "a response whose Via is not ours", "SIP/2.0 200 OK",
             "CSeq: 4 INVITE\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1\n"
             "Via: SIP/2.0/UDP 198.51.100.4;branch=z9hG4bK2\n", "drop", {{"vias", "2"}}),
      passes("3.11", "Max-Forwards 0", kOptions, "Max-Forwards: 0\n", "", {{"max_forwards", "0"}}),
      passes("3.12", "a parameter of Contact, not of its URI", kRegister,
             "Contact: sip:+19725550100@gw.example;odd\n", "", {{"contact_uri_params", ""}}),
      passes("3.13", "a parameter of Contact's URI", kRegister,
             "Contact: <sip:+19725550100@gw.example;odd>\n", "", {{"contact_uri_params", "odd"}}),
      passes("3.14", "headers in Contact's URI", kRegister,
             "Contact: <sip:cleo@test.example?Route=%3Csip:h.example%3E>\n", "", {{"contacts", "1"}}),
      passes("3.15", "an Accept without SDP", "INVITE sip:otto@test.example SIP/2.0",
             "Contact: <sip:c@198.51.100.4>\nAccept: text/no-such-type\n", "406", {}),
      old_request(),
  };
}

}  // namespace carillon::torture
