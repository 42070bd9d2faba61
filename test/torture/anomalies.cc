#include "anomalies.h"

#include <array>
#include <string_view>
#include <vector>

namespace carillon::torture {
namespace {

using namespace std::string_literals;  // NOLINT: the anomalies hold NUL bytes
using View = std::string_view;

struct Anomaly {
  std::string name;
  std::string text;
};

std::string times(size_t n, View text) {
  std::string out;
  for (size_t i = 0; i < n; i++) out += text;
  return out;
}

void add_overflows(std::vector<Anomaly>& to) {
  for (const size_t n : {1,    15,   16,   17,   63,   64,   127,  128,  255,   256,   257,   511,
                         1023, 1024, 1025, 2047, 4096, 8191, 8192, 8193, 16384, 32767, 50000, 64000}) {
    to.push_back({"overflow-" + std::to_string(n), std::string(n, 'a')});
  }
  for (const size_t n : {8, 128, 4096}) {
    for (const View text :
         {";", ",", ":", "@", "<", ">", "(", "\"", "\\", "/", ".", "=", "%41", "%", " ", "\t", "&?"}) {
      to.push_back({std::to_string(n) + " times " + std::string(text), times(n, text)});
    }
  }
}

void add_formats(std::vector<Anomaly>& to) {
  for (const View text : {"%s%s%s%s%s%s", "%n%n%n%n", "%d%x%p", "%.999999d", "%1$s", "{0}{}", "${x}", "' OR 1=1 --",
                          "<script>", "../../../etc/passwd", "`id`", "|id", "$(id)"}) {
    to.push_back({"format " + std::string(text), std::string(text)});
  }
  to.push_back({"many formats", times(500, "%s%n")});
}

void add_numbers(std::vector<Anomaly>& to) {
  for (const View text : {"-1",
                          "0",
                          "1",
                          "-0",
                          "+1",
                          "255",
                          "256",
                          "65535",
                          "65536",
                          "2147483647",
                          "2147483648",
                          "-2147483648",
                          "-2147483649",
                          "4294967295",
                          "4294967296",
                          "4294967297",
                          "9223372036854775807",
                          "9223372036854775808",
                          "18446744073709551615",
                          "18446744073709551616",
                          "0x10",
                          "1.5",
                          "1e9",
                          "0000000000000000000000001",
                          "1 1",
                          "NaN"}) {
    to.push_back({"number " + std::string(text), std::string(text)});
  }
  to.push_back({"number of 1000 digits", std::string(1000, '9')});
}

void add_bytes(std::vector<Anomaly>& to) {
  const std::pair<const char*, std::string> bytes[] = {
      {"empty", ""},
      {"blank", " "},
      {"NUL", "\0"s},
      {"NUL within", "a\0b"s},
      {"control", "\x01\x02\x1b\x7f"},
      {"bare CR", "a\rb"},
      {"bare LF", "a\nb"},
      {"line end", "a\r\nb"},
      {"header injected", "a\r\nX-Injected: 1\r\nb"},
      {"end of headers", "a\r\n\r\nb"},
      {"fold", "a\r\n b"},
      {"folds", times(300, "\r\n ")},
      {"overlong slash", "\xc0\xaf"},
      {"overlong NUL", "\xc0\x80"},
      {"surrogate", "\xed\xa0\x80"},
      {"beyond Unicode", "\xf4\x90\x80\x80"},
      {"cut UTF-8", "a\xe2\x82"},
      {"lone tail", "\x80\xbf"},
      {"bytes of no text", "\xff\xfe\xfd"},
      {"good UTF-8", "\xd1\x80\xe5\xa4\xa7\xf0\x9f\x98\x80"},
      {"many high bytes", std::string(2000, '\xff')},
      {"escaped NUL", "%00"},
      {"broken escape", "%"},
      {"escape of no digits", "%zz"},
      {"escaped line end", "%0d%0aX:%201"},
      {"open quote", "\"a"},
      {"quoted", "\"a b\""},
      {"quoted with pair at the end", "\"a\\\""},
      {"comment", "(a(b(c)))"},
      {"deep comment", times(200, "(") + times(200, ")")},
      {"bracketed", "<sip:a@b>"},
      {"URI", "sip:a@b;c=d?e=f"},
      {"version", "SIP/7.0"},
  };
  for (const auto& [name, text] : bytes) to.push_back({name, text});
}

void add_hosts(std::vector<Anomaly>& to) {
  for (const View text : {"[::]",
                          "[::1",
                          "::1]",
                          "[]",
                          "[:]",
                          "[:::]",
                          "[1:2:3:4:5:6:7:8:9]",
                          "[1:2:3:4:5:6:7]",
                          "[12345::1]",
                          "[::ffff:1.2.3.4]",
                          "[::1.2.3.4.5]",
                          "[::1.2.3.256]",
                          "[fe80::1%25eth0]",
                          "[::g]",
                          "2001:db8::1",
                          "[::1]]",
                          "[[::1]]",
                          "999.999.999.999",
                          "1.2.3",
                          "1.2.3.4.5",
                          "0.0.0.0",
                          "255.255.255.255",
                          "-a.example",
                          "a..example",
                          ".",
                          "a.",
                          "[::1]:0",
                          "h:65536",
                          "h:"}) {
    to.push_back({"host " + std::string(text), std::string(text)});
  }
  to.push_back({"host of 300 groups", "[" + times(300, "1:") + "]"});
  to.push_back({"host of 200 labels", times(200, "a.") + "a"});
}

std::vector<Anomaly> make_anomalies() {
  std::vector<Anomaly> out;
  add_overflows(out);
  add_formats(out);
  add_numbers(out);
  add_bytes(out);
  add_hosts(out);
  return out;
}

// Messages with their elements between braces: "{name=good value}". A good value has no "}".
struct Kind {
  const char* name;
  std::string text;
};

const std::string kCommon =
    "Via: {via-protocol=SIP/2.0}/{via-transport=UDP} {via-host=127.0.0.1}:{via-port=17060};branch={branch=z9hG4bK#};"
    "rport;{via-name=ttl}={via-value=7}\r\n"
    "Max-Forwards: {max-forwards=70}\r\n"
    "{from-name=From}: {from-display=\"Cleo\"} "
    "<{from-scheme=sip}:{from-user=1001}@{from-host=test.example}>;tag={from-tag=f1}\r\n"
    "To: {to-display=Otto} <sip:{to-user=$}@{to-host=test.example}>{to-parameters=}\r\n"
    "Call-ID: {call-id=anomaly-#}@{call-host=h}\r\n"
    "CSeq: {cseq=1} {cseq-method=!}\r\n";
const std::string kContact =
    "Contact: {contact-display=C} <sip:{contact-user=1001}@{contact-host=127.0.0.1}:{contact-port=17060};"
    "{contact-name=x}={contact-value=y}>;{parameter-name=q}={q=0.5}\r\n";
const std::string kLists =
    "Supported: {supported=timer}\r\nAllow: {allow=INVITE}\r\nAccept: {accept=application/sdp}\r\n"
    "User-Agent: {user-agent=t}\r\n{unknown-name=X-Unknown}: {unknown-value=v}\r\n{whole-line=Subject: s}\r\n";
const std::string kLength = "{length-name=Content-Length}: {length=0}\r\n\r\n";
const std::string kSdp =
    "v={sdp-version=0}\r\no={sdp-user=-} {sdp-session=1} {sdp-number=1} IN IP4 "
    "{sdp-origin=127.0.0.1}\r\ns={sdp-name=-}\r\n"
    "c=IN {sdp-family=IP4} {sdp-address=127.0.0.1}\r\nt={sdp-start=0} {sdp-stop=0}\r\n"
    "m={sdp-media=audio} {sdp-port=30000} {sdp-profile=RTP/AVP} "
    "{sdp-format=0}\r\na={sdp-attribute=rtpmap}:{sdp-value=0 PCMU/8000}\r\n";

std::string first(const char* method, const std::string& user) {
  const std::string m = method;
  std::string out = "{method=" + m + "} {scheme=sip}:" + user +
                    "{host=test.example}{uri-parameters=} {version=SIP/2.0}\r\n" + kCommon;
  out.replace(out.find('!'), 1, m);
  return out.replace(out.find('$'), 1, m == "REGISTER" ? "1001" : "1002");
}

std::vector<Kind> make_kinds() {
  const std::string user = "{user=1002}@";
  const std::string tagged =
      "Route: <sip:{route-host=127.0.0.1};{route-parameter=lr}>\r\nReason: {reason=SIP};cause={cause=200}\r\n";
  return {
      {"INVITE",
       first("INVITE", user) + kContact + kLists +
           "Date: {date=Sat, 13 Nov 2010 23:29:00 GMT}\r\nTimestamp: {timestamp=1.5}\r\nRequire: {require=timer}\r\n"
           "Session-Expires: {session-expires=1800};refresher={refresher=uac}\r\nPrivacy: {privacy=none}\r\n"
           "Record-Route: <sip:{record-host=127.0.0.1};lr>\r\nAlert-Info: <{alert=http://a.example/}>\r\n"
           "Content-Type: {type=application}/{subtype=sdp}\r\n\r\n" +
           kSdp},
      {"REGISTER",
       first("REGISTER", "") + kContact +
           "Expires: {expires=600}\r\nPath: <sip:{path-host=127.0.0.1};lr>\r\nAuthorization: {auth-scheme=Digest} "
           "username=\"{username=1001}\",realm=\"{realm=ccmsipline}\",nonce=\"{nonce=n}\",uri=\"{digest-uri=sip:test."
           "example}\","
           "response=\"{response=0123456789abcdef0123456789abcdef}\",algorithm={algorithm=MD5},qop={qop=auth},nc={nc="
           "00000001},"
           "cnonce=\"{cnonce=c}\"\r\n" +
           kLists + kLength},
      {"OPTIONS", first("OPTIONS", user) + kLists +
                      "Warning: {warning=399 h \"w\"}\r\nRetry-After: {retry-after=5}\r\n"
                      "Accept-Encoding: {encoding=gzip}\r\nAccept-Language: {language=en}\r\nProxy-Require: "
                      "{proxy-require=none}\r\n" +
                      kLength},
      {"BYE", first("BYE", user) + tagged + kLength},
      {"CANCEL", first("CANCEL", user) + tagged + kLength},
      {"ACK", first("ACK", user) + tagged + kLength},
      {"PRACK", first("PRACK", user) + "RAck: {rack=1} {rack-cseq=1} {rack-method=INVITE}\r\n" + kLength},
      {"SUBSCRIBE", first("SUBSCRIBE", user) + kContact +
                        "Event: {event=dialog};id={event-id=1}\r\nExpires: {expires=60}\r\n" + kLength},
      {"REFER", first("REFER", user) + kContact +
                    "Refer-To: <{refer-to=sip:1002@test.example}>\r\nReferred-By: <{referred-by=sip:a@b}>\r\n"
                    "Replaces: {replaces=c};to-tag={to-tag=1};from-tag={replaces-from=2}\r\n" +
                    kLength},
      {"200", "{version=SIP/2.0} {status=200} {phrase=OK}\r\n" +
                  first("INVITE", user).substr(first("INVITE", user).find("Via:")) + kContact + kLength},
  };
}

// Where the elements of a kind stand.
struct Element {
  size_t begin, end;  // with the braces
  std::string name, good;
};

std::vector<Element> elements_of(const std::string& text) {
  std::vector<Element> out;
  for (size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
    const size_t equals = text.find('=', at), end = text.find('}', at);
    out.push_back({at, end + 1, text.substr(at + 1, equals - at - 1), text.substr(equals + 1, end - equals - 1)});
  }
  return out;
}

constexpr size_t kRepeats[] = {0, 2, 60, 300};  // of a whole line

struct Suite {
  std::vector<Anomaly> anomalies = make_anomalies();
  std::vector<Kind> kinds = make_kinds();
  std::vector<std::vector<Element>> elements;
  std::vector<std::vector<size_t>> lines;  // where each line begins, and the end of the headers
  std::vector<size_t> counts;
  Suite() {
    for (const Kind& k : kinds) {
      elements.push_back(elements_of(k.text));
      std::vector<size_t> begins = {0};
      const size_t body = k.text.find("\r\n\r\n") + 2;
      for (size_t at = k.text.find("\r\n"); at < body; at = k.text.find("\r\n", at + 2)) begins.push_back(at + 2);
      lines.push_back(std::move(begins));
      counts.push_back(elements.back().size() * anomalies.size() + (lines.back().size() - 1) * std::size(kRepeats));
    }
  }
};

const Suite& suite() {
  static const Suite s;
  return s;
}

// The text of a kind with its good values, but for element `bad`.
std::string filled(const std::string& text, const std::vector<Element>& elements, size_t bad,
                   const std::string& anomaly, size_t i) {
  std::string out;
  size_t at = 0;
  for (size_t e = 0; e < elements.size(); e++) {
    out.append(text, at, elements[e].begin - at);
    std::string good = elements[e].good;
    if (const size_t mark = good.find('#'); mark != good.npos) good.replace(mark, 1, std::to_string(i));
    out += e == bad ? anomaly : good;
    at = elements[e].end;
  }
  return out.append(text, at);
}

}  // namespace

size_t anomalous_count() {
  size_t n = 0;
  for (const size_t count : suite().counts) n += count;
  return n;
}

Anomalous anomalous(size_t i) {
  const Suite& s = suite();
  size_t k = 0, at = i;
  while (at >= s.counts[k]) at -= s.counts[k++];
  const auto& elements = s.elements[k];
  const std::string& text = s.kinds[k].text;
  const std::string kind = s.kinds[k].name;
  if (at < elements.size() * s.anomalies.size()) {
    const size_t e = at / s.anomalies.size();
    const Anomaly& a = s.anomalies[at % s.anomalies.size()];
    return {kind + " " + elements[e].name + ": " + a.name, filled(text, elements, e, a.text, i)};
  }
  at -= elements.size() * s.anomalies.size();
  const auto& lines = s.lines[k];
  const size_t line = at / std::size(kRepeats), repeats = kRepeats[at % std::size(kRepeats)];
  std::string changed = text.substr(0, lines[line]);
  changed += times(repeats, View(text).substr(lines[line], lines[line + 1] - lines[line]));
  changed += text.substr(lines[line + 1]);
  return {kind + " line " + std::to_string(line) + " " + std::to_string(repeats) + " times",
          filled(changed, elements_of(changed), ~size_t{0}, "", i)};
}

}  // namespace carillon::torture
