// The grammar of every header, by example: values that must pass and values that must not.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sip/message/message.h"
#include "sip/message/rules.h"

namespace carillon::sip {
namespace {

ParseFault check(const std::string& lines) {
  std::string text =
      "OPTIONS sip:a.example SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKa\r\n"
      "From: <sip:a@a.example>;tag=1\r\nTo: <sip:b@a.example>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n" +
      lines + "\r\n";
  Message message;
  const ParseFault fault = message.parse({text.data(), text.size()}, Framing::datagram);
  return fault.kind == ParseFault::Kind::none ? check_headers(message) : fault;
}

struct Case {
  HeaderId id;
  std::vector<std::string> good, bad;
};

const std::vector<Case> kCases = {
    {HeaderId::via,
       {"SIP/2.0/TCP h.example:5061;received=2001:db8::9:255, SIP/2.0/UDP [::1];rport=5;ttl=016",
        "SIP / 2.0 / UNKNOWN  t1.example ; branch = abc;x=\"q;,\"", "SIP/2.0/UDP h;maddr=224.0.0.1",
        "SIP/2.0/UDP 10.0.0.1 : 5060;rport"},
       {"", "SIP/2.0/UDP", "SIP/2.0/UDP h;;x", "SIP/2.0/UDP h,", "SIP/2.0/UDP h;branch=a;branch=b",
        "SIP/2.0/UDP h;ttl=256", "SIP/2.0/UDP h:0", "SIP/2.0/UDP h:65536", "SIP/2.0/UDP h;rport=x",
        "SIP/2.0/UDP [::1", "SIP/2.0/UDP 2001:db8::1", "SIP/2.0 UDP h", "SIP/2.0/UDP h;x=\"a"}},
    {HeaderId::max_forwards, {"0", "070", "255"}, {"", "256", "-1", "7 0", "x", "99999999999"}},
    {HeaderId::contact,
       {"*", "<sip:a@b>", "\"A, B\" <sip:a@b?x=y>;q=0.7;expires=60, sip:c@d;q=1.000",
        "<sip:a@b>;expires=99999999999", "<sip:a@b>;expires=soon",
        "Bob <sip:b@c>;+sip.instance=\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\";reg-id=1",
        "<tel:+1-555>", "<name:John_Smith>", "Caller<sip:a@b>", "\"\" <sip:a@b>"},
       {"", "*, <sip:a@b>", "<sip:a@b>, *", "sip:a@b?x=y", "<sip:a@b", "<sip:a@b>;;", "< sip:a@b >",
        "Bell, A <sip:a@b>", "\"A <sip:a@b>", "<sip:a@b>;q=1.1", "<sip:a@b>;q=0.1234",
        "<sip:a@b>;reg-id=x", "<sip:@b>", "<sip:>", "<>", "<sip:a@b>;expires=1;expires=2",
        "<sip:a b@c>", "A: <sip:a@b>", "<sip:a@b>x"}},
    {HeaderId::content_type,
       {"application/sdp", "text/html ; charset = \"UTF-8\"", "multipart/mixed;boundary=a'b"},
       {"", "application", "application/", "/sdp", "a/b;x", "a/b;", "a/b, c/d", "a/b;x=[y"}},
    {HeaderId::route,
       {"<sip:p.example;lr>", "P <sip:p.example;lr>;x=y,<sips:q.example>"},
       {"", "sip:p.example;lr", "<sip:p.example;lr>;", "<sip:p.example;lr>,,<sip:q>"}},
    {HeaderId::record_route, {"<sip:p.example;lr>"}, {"sip:p.example", ""}},
    {HeaderId::path, {"<sip:p.example;lr;ob>"}, {"sip:p", "<sip:p>,"}},
    {HeaderId::service_route, {"<sip:p.example;lr>"}, {"sip:p", ""}},
    {HeaderId::authorization,
       {"Digest username=\"a\\\"b\", realm=\"r\",nonce = \"n\", uri=\"sip:x\", response=\"0\", "
        "algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\"",
        "Digest username*=UTF-8''J%C3%A4, realm=\"\"", "NoOneKnows opaque-data=here",
        "Basic QWxhZGRpbg=="},
       {"", "Digest", "Digest username", "Digest username=", "Digest username=\"a", "Digest a=b,",
        "Digest a=b c=d", "Digest username=\"a\", username=\"b\"", "Digest =x"}},
    {HeaderId::proxy_authorization, {"Digest a=b"}, {"Digest a=b,,c=d"}},
    {HeaderId::www_authenticate,
       {"Digest realm=\"r\", nonce=\"n\", qop=\"auth,auth-int\", stale=FALSE, algorithm=SHA-256"},
       {"Digest realm=\"r\", realm=\"s\"", "Digest realm=\"r", ""}},
    {HeaderId::proxy_authenticate, {"Digest realm=\"r\""}, {"Digest"}},
    {HeaderId::authentication_info, {"nextnonce=\"a\", rspauth=\"b\", nc=1"}, {"", "a", "a=b,"}},
    {HeaderId::expires, {"0", "004294967295"}, {"", "4294967296", "-1", "1.5", "60;x", "60 60"}},
    {HeaderId::min_expires, {"60"}, {"x", ""}},
    {HeaderId::allow, {"", "INVITE, ACK ,BYE", "x~'"}, {"INVITE,,ACK", "INVITE,", "IN VITE", "A;b"}},
    {HeaderId::supported, {"", "100rel", "a,b"}, {",", "a b"}},
    {HeaderId::require, {"100rel"}, {"", "a,"}},
    {HeaderId::proxy_require, {"sec-agree"}, {""}},
    {HeaderId::unsupported, {"x"}, {"", "\"x\""}},
    {HeaderId::user_agent, {"Phone (v \"1\") a/b@c", ""}, {}},
    {HeaderId::server, {"anything: at, all"}, {}},
    {HeaderId::accept,
       {"", "*/*", "text/*;q=0.5", "application/sdp;level=1, text/plain"},
       {"text", "text/", "text/plain;q=2", "text/plain,"}},
    {HeaderId::accept_encoding, {"", "*", "gzip;q=1.0, identity"}, {"gzip;q=x", ",gzip"}},
    {HeaderId::accept_language,
       {"", "*", "en-US, de;q=0.9, es-419"},
       {"en_US", "abcdefghi", "en-", "-", "de;q=1.001"}},
    {HeaderId::alert_info, {"<http://a.example/x.wav>;appearance=2"}, {"http://a.example/x", "", "<>"}},
    {HeaderId::call_info, {"<sip:a@b>;purpose=icon,<urn:x:y>; method=\"N;E=t\""}, {"x", "<urn:x>,"}},
    {HeaderId::content_disposition, {"session;handling=optional"}, {"", ";x", "a b"}},
    {HeaderId::content_encoding, {"gzip", "a,b"}, {"", "a;b"}},
    {HeaderId::content_language, {"fr", "de, en-GB"}, {"", "f r", "*"}},
    {HeaderId::date,
       {"Sat, 13 Nov 2010 23:29:00 GMT"},
       {"", "Fri, 01 Jan 2010 16:00:00 EST", "Sat, 13 Nov 10 23:29:00 GMT",
        "Sat, 32 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 24:29:00 GMT",
        "Sat, 13 Nov 2010 23:29:00 GMT+1", "Xxx, 13 Nov 2010 23:29:00 GMT",
        "Saturday, 13 Nov 2010 23:29:00 GMT", "Sat, 13-Nov-2010 23:29:00 GMT"}},
    {HeaderId::error_info, {"<sip:not-in@x.example>"}, {"sip:x"}},
    {HeaderId::in_reply_to, {"a@b, c"}, {"", "a@b@c", "a b"}},
    {HeaderId::mime_version, {"1.0"}, {"1", "1.", "", "a.b"}},
    {HeaderId::organization, {"", "Boxes by Bob, \"Inc"}, {}},
    {HeaderId::priority, {"non-urgent"}, {"", "very urgent"}},
    {HeaderId::reply_to, {"Bob <sip:b@c>;x=y", "sip:b@c"}, {"", "<sip:b@c>, <sip:d@e>"}},
    {HeaderId::retry_after,
       {"18000;duration=3600", "120 (I'm in a meeting)", "5"},
       {"", "x", "99999999999999", "120 (open", "5;duration=x", "-5"}},
    {HeaderId::subject, {"", "\"x"}, {}},
    {HeaderId::timestamp, {"54", "54.2 0.1", "54. .5"}, {"", ".5", "54 x", "5,4"}},
    {HeaderId::warning,
       {"370 dev.example \"text, here\"", "301 [::1]:5060 \"a\", 302 pseudo_ \"b\""},
       {"", "37 d \"x\"", "370 d", "370 d x", "370  d \"x\"", "370 d \"x"}},
    {HeaderId::rack, {"776656 1 INVITE"}, {"", "1 INVITE", "1 1", "1  INVITE 1", "4294967296 1 A"}},
    {HeaderId::rseq, {"988789"}, {"", "x", "4294967296"}},
    {HeaderId::event, {"presence.winfo;id=4", "refer"}, {"", ".x", "a..b", "a;id=\"b\"", "a,b"}},
    {HeaderId::allow_events, {"presence, a.b"}, {"", "a;b"}},
    {HeaderId::subscription_state,
       {"active;expires=60", "terminated;reason=timeout;retry-after=5"},
       {"", "active;expires=x", ";x", "active,x"}},
    {HeaderId::refer_to,
       {"<sip:a@b?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2>", "sip:a@b"},
       {"", "sip:a@b?Replaces=x", "<sip:a@b>,<sip:c@d>"}},
    {HeaderId::referred_by, {"<sip:r@x>;cid=\"1@x\""}, {"", "r"}},
    {HeaderId::refer_sub, {"false", "TRUE;x"}, {"", "maybe"}},
    {HeaderId::replaces,
       {"98732@x;from-tag=r33;to-tag=f44;early-only", "a;to-tag=1;from-tag=2;x=y"},
       {"", "a", "a;to-tag=1", "a;to-tag=1;from-tag=2;to-tag=3", "a;to-tag;from-tag=2",
        "a;to-tag=1;from-tag=2;early-only=1"}},
    {HeaderId::join, {"a@b;to-tag=1;from-tag=2"}, {"a;from-tag=1"}},
    {HeaderId::session_expires,
       {"1800", "90 ; refresher=UAC;x=y"},
       {"", "x", "90;refresher=me", "90;refresher=uac;refresher=uas", "4294967296"}},
    {HeaderId::min_se, {"90", "90;x"}, {"", "ninety"}},
    {HeaderId::p_asserted_identity, {"\"C\" <sip:c@d>, tel:+14085264000"}, {"", "<c>"}},
    {HeaderId::p_preferred_identity, {"<sip:c@d>"}, {"c"}},
    {HeaderId::privacy, {"id", "header; user;critical"}, {"", "id;", "id user"}},
    {HeaderId::remote_party_id,
       {"\"A\" <sip:a@b>;party=calling;id-type=subscriber;privacy=off;screen=yes"},
       {"", "sip:a@b", "<sip:a@b>;party="}},
    {HeaderId::diversion,
       {"<sip:a@b>;reason=unconditional;counter=1, <tel:+1>;reason=\"x\""},
       {"", "sip:a@b", "<sip:a@b>;counter=x"}},
    {HeaderId::history_info, {"<sip:a@b?Reason=SIP>;index=1.1"}, {"", "<sip:a@b>;index=1..1", "a"}},
    {HeaderId::reason,
       {"SIP;cause=200;text=\"Call completed\"", "Q.850 ; cause=16, x"},
       {"", "Q.850;cause=x", ";cause=1", "SIP;text=\"x"}},
    {HeaderId::flow_timer, {"126"}, {"", "1m"}},
    {HeaderId::accept_contact, {"*;audio;require", "*;+sip.x=\"#=1\", *"}, {"", "audio"}},
    {HeaderId::reject_contact, {"*;automata"}, {"x"}},
    {HeaderId::request_disposition, {"proxy, recurse"}, {"", "a b"}},
    {HeaderId::identity,
       {"eyJh.eyJk._-9/+;info=<https://a.example/c.pem>;alg=ES256;ppt=\"shaken\"", "\"aGk=\""},
       {"", ";info=<https://a>", "abc;info=<>", "\"abc"}},
    {HeaderId::session_id,
       {"ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2"},
       {"", "ab30", "zb30317f1a784dc48ff824d0d3715d86", "ab30317f1a784dc48ff824d0d3715d861"}},
    {HeaderId::sip_etag, {"a-1"}, {"", "a b"}},
    {HeaderId::sip_if_match, {"a"}, {"\"a\""}},
    {HeaderId::max_breadth, {"60"}, {"", "x"}},
    {HeaderId::info_package, {"foo;x=y"}, {"", "a,b"}},
    {HeaderId::recv_info, {"", "a,b;c"}, {"a,"}},
    {HeaderId::resource_priority, {"dsn.flash, wps.3"}, {"", "dsn", "dsn.", ".x", "a.b.c"}},
    {HeaderId::target_dialog, {"a@b;local-tag=1;remote-tag=2"}, {"", "a;local-tag=1"}},
    {HeaderId::answer_mode, {"Auto;require"}, {"", ";x"}},
};

TEST(CheckHeaders, AcceptsWhatTheGrammarHas) {
  for (const Case& c : kCases) {
    for (const std::string& value : c.good) {
      const std::string line = std::string(info_of(c.id).name) + ": " + value + "\r\n";
      const ParseFault fault = check(line);
      EXPECT_EQ(fault.kind, ParseFault::Kind::none) << line << fault.reason;
    }
  }
}

TEST(CheckHeaders, RefusesWhatItHasNot) {
  for (const Case& c : kCases) {
    for (const std::string& value : c.bad) {
      const std::string line = std::string(info_of(c.id).name) + ": " + value + "\r\n";
      const ParseFault fault = check(line);
      EXPECT_EQ(fault.kind, ParseFault::Kind::bad) << line;
      EXPECT_EQ(fault.status, 400);
      EXPECT_TRUE(fault.answerable) << line;
    }
  }
}

TEST(CheckHeaders, EveryHeaderHasACase) {
  std::vector<bool> seen(static_cast<size_t>(HeaderId::count));
  for (const Case& c : kCases) seen[static_cast<size_t>(c.id)] = true;
  for (const HeaderId id : {HeaderId::unknown, HeaderId::from, HeaderId::to, HeaderId::call_id,
                            HeaderId::cseq, HeaderId::content_length}) {
    seen[static_cast<size_t>(id)] = true;  // read by Message::parse()
  }
  for (size_t i = 0; i < seen.size(); i++) {
    EXPECT_TRUE(seen[i]) << info_of(static_cast<HeaderId>(i)).name;
  }
}

TEST(CheckHeaders, SaysWhichHeader) {
  EXPECT_EQ(check("Date: now\r\n").reason, "Bad Date");
  EXPECT_EQ(check("x: 1\r\nx: 1\r\n").reason, "Repeated Session-Expires");
  EXPECT_EQ(check("Contact: *\r\nm: <sip:a@b>\r\n").reason, "Repeated Contact");
  EXPECT_EQ(check("m: <sip:a@b>\r\nContact: *\r\n").reason, "Repeated Contact");
  EXPECT_EQ(check("X-Anything: ;;\r\nSubject: a\r\nSubject: b\r\n").kind, ParseFault::Kind::none);
}

std::string lines(const std::string& line, int n) {
  std::string out;
  for (int i = 0; i < n; i++) out += line + "\r\n";
  return out;
}

TEST(CheckHeaders, CountsValuesOverAllLines) {
  const std::string contact = "Contact: <sip:a@b>, <sip:c@d>";
  EXPECT_EQ(check(lines(contact, 8)).kind, ParseFault::Kind::none);
  EXPECT_EQ(check(lines(contact, 9)).reason, "Too Many Contacts");
  EXPECT_EQ(check(lines("Path: <sip:a>", 8)).kind, ParseFault::Kind::none);
  EXPECT_EQ(check(lines("Path: <sip:a>", 9)).reason, "Too Many Path Values");
  EXPECT_EQ(check(lines("Via: SIP/2.0/UDP h", 69)).kind, ParseFault::Kind::none);
  EXPECT_EQ(check(lines("Via: SIP/2.0/UDP h", 70)).reason, "Too Many Vias");
}

}  // namespace
}  // namespace carillon::sip
