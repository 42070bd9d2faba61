// RFC 4475 §3.1.1: strange, but right.
#include "torture.h"

namespace carillon::torture {
namespace {

using namespace std::string_literals;  // NOLINT: the literals hold NUL bytes

Case folded_everything() {
  return {"4475 3.1.1.1", "folding, blanks and compact forms everywhere",
          sip("INVITE sip:otto@pbx.test.example;novel SIP/2.0\n"
              "TO  :\n sip:otto@pbx.test.example ;  tag   =\n  7zz\n"
              "fROM:   \"Cleo \\\\ \\\"C\\\"\"    <sip:cleo@test.example>\n\t;\n  tag = 98a\n"
              "mAx-fOrWaRdS: 00042\n"
              "i : fold.3k@198.51.100.4\n"
              "l  : {length}\n"
              "CSEQ: 00009\n\t  INVITE\n"
              "Via :  SIP  /  2.0\n  /UDP\n   198.51.100.4;rport;branch=390x\n"
              "s :\n"
              "BrandNewHeader:  some\n text over\n\tthree lines\n"
              "OddHeader: ,,;;=;,\n"
              "c: application/sdp\n"
              "Route:\n <sip:hop.test.example;lr;odd=value;bare>\n"
              "v:  SIP / 2.0  / TCP   a.test.example  ;\n branch  =  z9hG4bKa  ,\n"
              " SIP /  2.0 / UDP  203.0.113.5  ; branch=\n z9hG4bKb\n"
              "m:\"say \\\"\\\"\" <sip:cleo@test.example> ; odd =\n  value ;\n bare ; q = 0.25\n"
              "\nv=0\no=cleo 1 1 IN IP4 198.51.100.4\ns=-\nt=0 0\nm=audio 9 RTP/AVP 0\n"),
          Verdict::accept, 0,
          {{"to_tag", "7zz"}, {"from_tag", "98a"}, {"display", "Cleo \\ \"C\""}, {"cseq", "9"},
           {"max_forwards", "42"}, {"via_host", "198.51.100.4"}, {"branch", "390x"}, {"vias", "3"},
           {"OddHeader", ",,;;=;,"}, {"contacts", "1"}, {"call_id", "fold.3k@198.51.100.4"}},
          ""};
}

Case wide_alphabet() {
  return {"4475 3.1.1.2", "every character that the grammar has",
          sip("!odd-Method_42*+`.%it'~ sip:2_odd.User~(of-ours!?)&a+b=$/c,;*:&x+=1,p*$w~(y)@t.example "
              "SIP/2.0\n"
              "Via: SIP/2.0/UDP h1.t.example;branch=z9hG4bK-.!%66*_+`'~\n"
              "To: \"BEL:\\\x07 NUL:\\"s + '\0' + " DEL:\\\x7f\" <sip:2_odd.User~(x)@t.example>\n"
              "From: tok1~` tok2'+_ tok3*%!.- <sip:cleo@t.example>"
              ";par''~+*_!.-%=\"\xD1\x80\xD0\xB0\";tag=_t~1'+`*%!-.\n"
              "Call-ID: odd%ZK-!.*_+'@w`~)(><:\\/\"][?}{\n"
              "CSeq: 139122385 !odd-Method_42*+`.%it'~\n"
              "Max-Forwards: 255\n"
              "newHeader-!.%*+_`'~:\xE5\xA4\xA7\xE9\x9B\xBB\n"
              "Content-Length: 0\n\n"s),
          Verdict::accept, 0,
          {{"from_tag", "_t~1'+`*%!-."}, {"call_id", "odd%ZK-!.*_+'@w`~)(><:\\/\"][?}{"},
           {"display", "tok1~` tok2'+_ tok3*%!.-"}, {"method", "!odd-Method_42*+`.%it'~"}},
          "405"};
}

Case escapes() {
  return {"4475 3.1.1.3", "%HH where it may stand",
          request("INVITE sip:sips%3Aotto%40a.example@test.example SIP/2.0",
                  "To: sip:%6Ftt%6F@test.example\n"
                  "From: <sip:my%20name%20has%20blanks@test.example>;tag=938\n"
                  "Contact: <sip:cle%6F@198.51.100.4;%6C%72;o%64d=v%61lue%25%34%31>\n"),
          Verdict::accept, 0, {{"to_user", "otto"}, {"from_user", "my name has blanks"}}, ""};
}

Case escaped_nul() {
  return {"4475 3.1.1.4", "%00 in URIs",
          request("REGISTER sip:test.example SIP/2.0",
                  "To: sip:x-%00-x@test.example\nFrom: sip:x-%00-x@test.example;tag=1\n"
                  "Contact: <sip:%00@198.51.100.4>\nContact: <sip:%00%00@198.51.100.4>\n"),
          Verdict::accept, 0, {{"to_user", "x-"s + '\0' + "-x"}, {"contacts", "2"}}, ""};
}

Case percent_without_escape() {
  return {"4475 3.1.1.5", "% that is no escape, in tokens and quoted strings",
          request("RE%47IST%45R sip:test.example SIP/2.0",
                  "To: \"%Q%45\" <sip:otto@test.example>\nFrom: \"%Q%45\" <sip:otto@test.example>;tag=f2\n"
                  "Contact: <sip:a1@h1.example>, <sip:a2@h2.example>\n"),
          Verdict::accept, 0, {{"method", "RE%47IST%45R"}, {"display", "%Q%45"}}, "405"};
}

Case no_blank_before_bracket() {
  return {"4475 3.1.1.6", "no blank between display name and <",
          request("OPTIONS sip:otto@test.example SIP/2.0", "From: cleo<sip:cleo@test.example>;tag=3\n"),
          Verdict::accept, 0, {{"display", "cleo"}, {"from_user", "cleo"}}, ""};
}

Case long_values() {
  const std::string user(1800, 'u');
  const std::string param(600, 'p');
  return {"4475 3.1.1.7", "long values in every field",
          request("INVITE sip:otto@test.example SIP/2.0",
                  "To: \"A name of uncommon extent\" <sip:otto" + user + "@test.example:5060;unknown" +
                      param + "=" + param + ";lr>\n"
                  "From: sip:cleo" + user + "@test.example;tag=12" + param + ";odd" + param + "=" + param +
                      "\nCall-ID: long." + param + "\nUnknown-" + param + ": " + param + "\n"
                  "Via: SIP/2.0/TCP sip33.test.example;branch=z9hG4bK" + param + "\n"
                  "Contact: <sip:cleo" + user + "@198.51.100.4>\n"),
          Verdict::accept, 0, {{"from_tag", "12" + param}, {"branch", "z9hG4bK" + param}}, ""};
}

Case two_in_a_datagram() {
  return {"4475 3.1.1.8", "another message behind the first",
          request("REGISTER sip:test.example SIP/2.0", "Contact: <sip:cleo@198.51.100.4>\n") +
              request("INVITE sip:otto@test.example SIP/2.0", ""),
          Verdict::accept, 0, {{"method", "REGISTER"}, {"body", ""}}, ""};
}

Case semicolon_user() {
  return {"4475 3.1.1.9", "a semicolon in the user part",
          request("OPTIONS sip:otto;x=u%40a.example@test.example SIP/2.0",
                  "To: sip:otto%3Bx%3Du%40a.example@test.example\n"),
          Verdict::accept, 0,
          {{"uri_user", "otto;x=u@a.example"}, {"to_user", "otto;x=u@a.example"}}, ""};
}

Case transports() {
  return {"4475 3.1.1.10", "transports known and unknown in Via",
          request("OPTIONS sip:otto@test.example SIP/2.0",
                  "Via: SIP/2.0/UDP t1.example;branch=z9hG4bK1\nVia: SIP/2.0/SCTP t2.example;branch=z9hG4bK2\n"
                  "Via: SIP/2.0/TLS t3.example;branch=z9hG4bK3\n"
                  "Via: SIP/2.0/NOVEL t4.example;branch=z9hG4bK4\nVia: SIP/2.0/TCP t5.example\n"),
          Verdict::accept, 0, {{"vias", "5"}, {"branch", "z9hG4bK1"}}, ""};
}

Case multipart() {
  std::string text = sip(
      "MESSAGE sip:otto@test.example SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.4;branch=z9hG4bKm\n"
      "Max-Forwards: 70\nFrom: <sip:cleo@test.example>;tag=m\nTo: <sip:otto@test.example>\n"
      "Call-ID: mp.1\nCSeq: 1 MESSAGE\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed;boundary=edge42\nContent-Length: {length}\n\n"
      "--edge42\nContent-Type: text/plain\n\nhello\n--edge42\nContent-Type: application/octet-stream\n"
      "Content-Transfer-Encoding: binary\n\n" + "\x01\x02\x80"s + '\0' + "\xff\n--edge42--\n");
  const std::string body = text.substr(text.find("\r\n\r\n") + 4);
  return {"4475 3.1.1.11", "a body of several parts with binary", std::move(text), Verdict::accept, 0,
          {{"body", body}}, "405"};
}

Case reason_phrase() {
  return {"4475 3.1.1.12", "a reason phrase of many characters",
          request("SIP/2.0 200 = 2**3 * 5**2 \xD0\xBD\xD0\xBE ;/?:@&,[]\"<>", "CSeq: 4 OPTIONS\n"),
          Verdict::accept, 0,
          {{"reason", "= 2**3 * 5**2 \xD0\xBD\xD0\xBE ;/?:@&,[]\"<>"}, {"status", "200"}}, ""};
}

Case no_reason_phrase() {
  return {"4475 3.1.1.13", "an empty reason phrase", request("SIP/2.0 100 ", "CSeq: 4 INVITE\n"),
          Verdict::accept, 0, {{"reason", ""}, {"status", "100"}}, ""};
}

}  // namespace

std::vector<Case> valid_cases() {
  return {folded_everything(), wide_alphabet(),      escapes(),       escaped_nul(),
          percent_without_escape(), no_blank_before_bracket(), long_values(), two_in_a_datagram(),
          semicolon_user(),    transports(),         multipart(),     reason_phrase(),
          no_reason_phrase()};
}

}  // namespace carillon::torture
