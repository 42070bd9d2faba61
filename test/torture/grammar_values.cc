// The values of the headers.
#include "grammar.h"

namespace carillon::torture {

using sip::HeaderId;

template <typename F>
std::string Grammar::list(F&& item, uint32_t at_most) {
  std::string out = item();
  for (uint32_t n = below(at_most); n > 0; n--) out += around(",") + item();
  return out;
}

std::string Grammar::via_value() {
  std::string out = one_of({"SIP", "sip"}) + around("/") + "2.0" + around("/") +
                    one_of({"UDP", "TCP", "TLS", "SCTP", "udp", "X-new"});
  out += lws() + host_port(true);
  if (below(5) != 0) out += parameter("branch", (flip() ? "z9hG4bK" : "") + token());
  if (flip()) out += around(";") + "rport";
  if (below(4) == 0) out += parameter("ttl", std::to_string(below(256)));
  if (below(4) == 0) out += parameter("maddr", host());
  if (below(4) == 0) out += parameter("received", flip() ? ipv4() : ipv6());
  return out + params();
}

std::string Grammar::contact_value() {
  std::string out = address();
  if (flip()) out += parameter("q", qvalue());
  if (flip()) out += parameter("expires", number(4000000000u));
  if (below(4) == 0)
    out += parameter("+sip.instance", "\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\"") + parameter("reg-id", "1");
  return out + params();
}

std::string Grammar::media_range() {
  std::string out =
      below(3) == 0 ? (flip() ? "*/*" : "*" + around("/") + "*") : token() + around("/") + (flip() ? "*" : token());
  out += media_params();
  if (flip()) out += parameter("q", qvalue()) + params();
  return out;
}

std::string Grammar::language() {
  std::string out = pick("abcdEFGH", 1, 8);
  for (uint32_t n = below(3); n > 0; n--) out += "-" + pick("abcdEFGH", 1, 8);
  return out;
}

std::string Grammar::credentials() {
  if (below(5) == 0)
    return "X" + token() + lws() + list([this] { return token() + around("=") + (flip() ? token() : quoted()); });
  std::string out = one_of({"Digest", "digest", "DIGEST"}) + lws();
  out += "username" + around("=") + quoted() + around(",") + "realm" + around("=") + quoted();
  out +=
      around(",") + "nonce" + around("=") + quoted() + around(",") + "uri" + around("=") + "\"" + sip_uri(false) + "\"";
  out += around(",") + "response" + around("=") + "\"" + pick("0123456789abcdef", 32, 32) + "\"";
  if (flip()) out += around(",") + "algorithm" + around("=") + one_of({"MD5", "SHA-256", "MD5-sess", "X-new"});
  if (flip()) out += around(",") + "qop=auth" + around(",") + "nc=00000001" + around(",") + "cnonce=" + quoted();
  if (flip()) out += around(",") + "opaque=" + quoted();
  if (flip()) out += around(",") + "x" + token() + around("=") + (flip() ? token() : quoted());
  return out;
}

std::string Grammar::challenge() {
  if (below(5) == 0)
    return "X" + token() + lws() + list([this] { return token() + around("=") + (flip() ? token() : quoted()); });
  std::string out = "Digest" + lws() + "realm" + around("=") + quoted() + around(",") + "nonce=" + quoted();
  if (flip()) out += around(",") + "domain" + around("=") + "\"" + sip_uri(false) + " /a/b\"";
  if (flip()) out += around(",") + "stale" + around("=") + one_of({"true", "FALSE", "false"});
  if (flip()) out += around(",") + "algorithm=MD5" + around(",") + "qop=\"auth,auth-int\"";
  return out;
}

std::string Grammar::warning_value() {
  return pick("0123456789", 3, 3) + " " + (flip() ? token() : host_port(false)) + " " + quoted();
}

std::string Grammar::date_value() {
  const auto two = [this](uint32_t low, uint32_t high) {
    const uint32_t n = low + below(high - low + 1);
    return std::string(n < 10 ? "0" : "") + std::to_string(n);
  };
  return one_of({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}) + ", " + two(1, 28) + " " +
         one_of({"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}) + " " +
         pick("0123456789", 4, 4) + " " + two(0, 23) + ":" + two(0, 59) + ":" + two(0, 59) + " GMT";
}

std::string Grammar::retry_after_value() {
  std::string out = number(4000000000u);
  if (flip()) out += sws() + comment() + sws();
  if (flip()) out += parameter("duration", number(100000));
  return out + params();
}

std::string Grammar::timestamp_value() {
  std::string out = digits(8);
  if (flip()) out += "." + (flip() ? digits(5) : "");
  if (flip()) out += lws() + (flip() ? digits(3) : "") + (flip() ? "." + (flip() ? digits(3) : "") : "");
  return out;
}

std::string Grammar::event_value() {
  std::string out = pick("abcxyz019-!%*_+`'~", 1, 8);
  for (uint32_t n = below(3); n > 0; n--) out += "." + pick("abcxyz019-!%*_+`'~", 1, 5);
  return out;
}

std::string Grammar::value(HeaderId id) {
  using enum HeaderId;
  const auto address_params = [this] { return address() + params(); };
  const auto name_params = [this] { return name_addr() + params(); };
  switch (id) {
    case via:
      return list([this] { return via_value(); });
    case from:
      return address_params() + parameter("tag", token());
    case to:
      return address_params() + (flip() ? parameter("tag", token()) : "");
    case call_id:
      return call_id_value();
    case cseq:
      return number(1u << 31) + lws() + "OPTIONS";
    case max_forwards:
      return number(256);
    case contact:
      return below(9) == 0 ? "*" : list([this] { return contact_value(); });
    case content_length:
      return pick("0", 1, 4);
    case content_type:
      return token() + around("/") + token() + media_params();
    case HeaderId::route:
    case record_route:
      return list(name_params);
    case authorization:
    case proxy_authorization:
      return credentials();
    case www_authenticate:
    case proxy_authenticate:
      return challenge();
    case authentication_info:
      return "nextnonce" + around("=") + quoted() + around(",") + "qop=auth" + around(",") + "rspauth=\"ab\"" +
             around(",") + "nc=00000001";
    default:
      return plain_value(id);
  }
}

std::string Grammar::plain_value(HeaderId id) {
  using enum HeaderId;
  const auto address_params = [this] { return address() + params(); };
  const auto tokens = [this] { return token(); };
  const auto info = [this] { return sws() + "<" + uri() + ">" + sws() + params(); };
  switch (id) {
    case expires:
    case min_expires:
      return number(4000000000u);
    case allow:
    case supported:
      return below(8) == 0 ? "" : list(tokens);
    case require:
    case proxy_require:
    case unsupported:
    case content_encoding:
      return list(tokens);
    case user_agent:
    case server:
      return token() + "/" + token() + lws() + comment() + lws() + token();
    case accept:
      return below(8) == 0 ? "" : list([this] { return media_range(); });
    case accept_encoding:
      return below(8) == 0 ? "" : list([this] {
        return (flip() ? "*" : token()) + (flip() ? parameter("q", qvalue()) : "") + params();
      });
    case accept_language:
      return below(8) == 0 ? "" : list([this] {
        return (flip() ? "*" : language()) + (flip() ? parameter("q", qvalue()) : "") + params();
      });
    case alert_info:
    case call_info:
    case error_info:
      return list(info);
    case content_disposition:
      return one_of({"render", "session", "icon", "x-new"}) +
             (flip() ? parameter("handling", one_of({"optional", "required"})) : "") + params();
    case content_language:
      return list([this] { return language(); });
    case date:
      return date_value();
    case in_reply_to:
      return list([this] { return call_id_value(); });
    case mime_version:
      return digits(2) + "." + digits(2);
    case organization:
    case subject:
      return flip() ? "" : quoted() + lws() + utf8() + "?,;";
    case priority:
      return one_of({"emergency", "urgent", "normal", "non-urgent", "x-other"});
    case reply_to:
      return address_params();
    case retry_after:
      return retry_after_value();
    case timestamp:
      return timestamp_value();
    case warning:
      return list([this] { return warning_value(); });
    default:
      return extension_value(id);
  }
}

std::string Grammar::extension_value(HeaderId id) {
  using enum HeaderId;
  const auto address_params = [this] { return address() + params(); };
  switch (id) {
    case rack:
      return number(4000000000u) + lws() + number(1u << 31) + lws() + token();
    case rseq:
    case flow_timer:
    case max_breadth:
      return number(4000000000u);
    case event:
      return event_value() + (flip() ? parameter("id", token()) : "") + params();
    case allow_events:
      return list([this] { return event_value(); });
    case subscription_state:
      return one_of({"active", "pending", "terminated", "x-new"}) + (flip() ? parameter("expires", number(4000)) : "") +
             (flip() ? parameter("reason", one_of({"timeout", "giveup", "x-new"})) : "") + params();
    case refer_to:
    case referred_by:
      return address_params();
    case refer_sub:
      return one_of({"true", "false", "TRUE"}) + params();
    case replaces:
    case join:
      return call_id_value() + parameter("to-tag", token()) + parameter("from-tag", token()) + params();
    case target_dialog:
      return call_id_value() + parameter("remote-tag", token()) + parameter("local-tag", token()) + params();
    default:
      return identity_value(id);
  }
}

std::string Grammar::identity_value(HeaderId id) {
  using enum HeaderId;
  const auto name_params = [this] { return name_addr() + params(); };
  const auto names = [this] { return sws() + display() + "<" + sip_uri(false) + ">"; };
  switch (id) {
    case session_expires:
      return number(90000) + (flip() ? parameter("refresher", one_of({"uac", "uas", "UAC"})) : "") + params();
    case min_se:
      return number(90000) + params();
    case p_asserted_identity:
    case p_preferred_identity:
      return flip() ? names() : names() + around(",") + display() + "<tel:+" + digits(9) + ">";
    case privacy:
      return one_of({"none", "id", "header;id", "header ; session ; user ; critical", "x-new"});
    case remote_party_id:
      return list([this] {
        return display() + "<" + sip_uri(false) + ">" + parameter("party", "calling") + parameter("privacy", "off") +
               params();
      });
    case diversion:
      return list([this] {
        return display() + "<" + sip_uri(false) + ">" + parameter("reason", "no-answer") + parameter("counter", "1") +
               params();
      });
    case history_info:
      return list([this] { return display() + "<" + sip_uri(true) + ">" + parameter("index", "1.2.3") + params(); });
    case reason:
      return list([this] {
        return one_of({"SIP", "Q.850", "x-new"}) + parameter("cause", std::to_string(below(700))) +
               parameter("text", quoted());
      });
    case HeaderId::path:
    case service_route:
      return list(name_params);
    case accept_contact:
    case reject_contact:
      return list([this] { return "*" + parameter("methods", quoted()) + around(";") + "audio" + params(); });
    case request_disposition:
      return list([this] { return one_of({"proxy", "fork", "no-cancel", "sequential"}); });
    case identity:
      return pick("abcXYZ012+/", 8, 40) + ";info=<https://a.example/c>" + parameter("alg", "ES256");
    case session_id:
      return pick("0123456789abcdef", 32, 32) + (flip() ? parameter("remote", pick("0123456789abcdef", 32, 32)) : "");
    case sip_etag:
    case sip_if_match:
      return token();
    case info_package:
      return token() + params();
    case recv_info:
      return below(8) == 0 ? "" : list([this] { return token() + params(); });
    case resource_priority:
      return list([this] { return pick("abc-!%", 1, 4) + "." + pick("012-!%", 1, 3); });
    case answer_mode:
      return one_of({"Auto", "Manual"}) + (flip() ? around(";") + "require" : "");
    default:
      return token();
  }
}

// What follows a good value to make it wrong depends on what a value of the header may end in.
std::string Grammar::wrong(HeaderId id) {
  using enum HeaderId;
  switch (id) {
    case max_forwards:
      return one_of({"256", "-1", "", "7 0", "0x10", "7,7", "99999999999999999999"});
    case cseq:
      return one_of({"1", "OPTIONS", "-1 OPTIONS", "4294967296 OPTIONS", "1 OPTIONS x", "1 INVITE", "1OPTIONS", ""});
    case content_length:
      return one_of({"-1", "0x0", "1 0", "", "99999999999999999999", "+0", "0,0"});
    case call_id:
      return one_of({"", "a b", "a@", "@b", "a@b@c", "a;b", "a,b", "\xc3\xa9"});
    case expires:
    case min_expires:
    case rseq:
    case flow_timer:
    case max_breadth:
      return one_of({"", "-1", "1.5", "4294967296", "x", "1 2", "1,2", "99999999999999999999"});
    case date:
      return one_of({"", "Sat, 13 Nov 2010 23:29:00 EST", "Sat 13 Nov 2010 23:29:00 GMT",
                     "Sat, 13 Nov 2010 25:29:00 GMT", "Sat, 13 Nom 2010 23:29:00 GMT", "13 Nov 2010",
                     "Sat, 13 Nov 10 23:29:00 GMT", "2010-11-13T23:29:00Z"});
    case warning:
      return one_of({"399 h", "39 h \"x\"", "3999 h \"x\"", "399 h x", "399 \"x\"", "", "399 h \"x", "399 h \"x\","});
    case timestamp:
      return one_of({"", "x", ".5", "1.x", "1 x", "-1", "1.5.5"});
    case retry_after:
      return one_of({"", "-1", "5 (open", "5;", "5;duration=x", "5 )", "(c)", "5 (c) x"});
    case mime_version:
      return one_of({"", "1", "1.", ".1", "a.b", "1.0 x"});
    case authorization:
    case proxy_authorization:
    case www_authenticate:
    case proxy_authenticate:
      return one_of({"Digest", "Digest realm", "Digest realm=", "Digest realm=\"x", "Digest realm=\"a\",realm=\"b\"",
                     "", "Digest realm=\"a\" nonce=\"b\"", "Digest ,,"});
    default:
      return wrong_list(id);
  }
}

std::string Grammar::wrong_list(HeaderId id) {
  using enum HeaderId;
  switch (id) {
    case allow:
    case supported:
    case require:
    case proxy_require:
    case unsupported:
    case content_encoding:
    case request_disposition:
      return one_of({"a,,b", ",", "a,", "a b", "a;b=", "\"a\"", "a@b"});
    case accept:
      return one_of({"a", "a/", "/b", "a/b;", "a/b;q=2", "a/b,,c/d", "a/b;x=\"y"});
    case accept_encoding:
    case accept_language:
      return one_of({"a;", "a;q=1.5", "a;q=x", "a,,b", "a b", "a;=b"});
    case content_type:
      return one_of({"", "a", "a/", "/b", "a/b;", "a/b;x", "a/b;x=", "a/b,c/d", "a/b;x=\"y"});
    case content_language:
      return one_of({"", "en_", "toolonglanguage", "en,", "1 2"});
    case rack:
      return one_of({"", "1", "1 2", "1 INVITE", "x 2 INVITE", "1 2 INVITE x", "4294967296 1 INVITE"});
    case alert_info:
    case call_info:
    case error_info:
      return one_of({"", "http://a.example/", "<>", "<http://a.example/", "<a b>", "<http://a.example/>;",
                     "<http://a.example/>,,<http://b.example/>"});
    case via:
      return via_value() + one_of({";", ";;x", ";=x", ";x=", ";x=\"y", ",", ",,", ";ttl=256", ";ttl=x"});
    case from:
    case to:
    case contact:
    case HeaderId::route:
    case record_route:
    case reply_to:
    case refer_to:
    case referred_by:
    case HeaderId::path:
    case service_route:
    case diversion:
    case remote_party_id:
    case history_info:
      return one_of({"\"A\" ", "A B ", ""}) +
             one_of({"<sip:a@b>;",  "<sip:a@b>;=x", "<sip:a@b>;x=",         "<sip:a@b>;x=\"y", "<sip:a@b",
                     "<sip:a@b>x",  "<>",           "< sip:a@b>",           "<sip:a@b >",      "<sip:a b@c>",
                     "<sip:@b>",    "<sip:a@>",     "<sip:a@b:>",           "<sip:a@b:70000>", "<sip:a@[::1>",
                     "<sip:a@b;>",  "<sip:a@b?>",   "<sip:a@b?x>",          "<sip:a@1.2.3>",   "<sip:a@-b>",
                     "<sip:a%4@b>", "<sip:a@b;x=>", "<sip:a@b>,,<sip:c@d>", "<sip:a@b>\"C\"",  "<a@b>",
                     "<:a>"});
    default:
      return {};
  }
}

}  // namespace carillon::torture
