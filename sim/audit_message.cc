// Rules about single messages of ours.

#include <set>

#include "audit_view.h"
#include "base/text.h"
#include "media.h"

namespace carillon::sim {
namespace {

// Calls f for each message that we sent, resent ones left out.
template <typename F>
void each_sent(const AuditView& v, F&& f) {
  for (const Sight& s : v.sights) {
    if (s.ours && !s.repeated) f(s, *s.m);
  }
}

bool makes_dialog(const Msg& m) { return m.method == "INVITE" || m.method == "SUBSCRIBE" || m.method == "UPDATE"; }

void content_length(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    const size_t head = m.bytes().find("\r\n\r\n") + 4;
    if (!m.has("Content-Length") || number_or(m.get("Content-Length"), 99999) != m.bytes().size() - head) {
      out.add(rule, s.entry->at, brief(m) + " has Content-Length '" + std::string(m.get("Content-Length")) + "'");
    }
  });
}

void mandatory_headers(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    for (View name : {"To", "From", "CSeq", "Call-ID", "Via"}) {
      if (!m.has(name)) out.add(rule, s.entry->at, brief(m) + " lacks " + std::string(name));
    }
    if (m.request && !m.has("Max-Forwards")) out.add(rule, s.entry->at, brief(m) + " lacks Max-Forwards");
  });
}

void single_headers(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    for (View name : {"To", "From", "CSeq", "Call-ID", "Max-Forwards", "Content-Length", "Content-Type", "RSeq", "RAck",
                      "Expires", "Session-Expires", "Min-SE", "Min-Expires"}) {
      int n = 0;
      for (const auto& [key, value] : m.headers()) n += iequals(key, name);
      if (n > 1) out.add(rule, s.entry->at, brief(m) + " has " + std::string(name) + " twice");
    }
  });
}

void max_forwards_range(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request && number_or(m.get("Max-Forwards"), 256) > 255)
      out.add(rule, s.entry->at, brief(m) + " Max-Forwards out of range");
  });
}

void branch_magic(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request && m.branch.substr(0, 7) != "z9hG4bK")
      out.add(rule, s.entry->at, brief(m) + " branch without magic cookie");
  });
}

void one_via(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request && m.values("Via").size() != 1)
      out.add(rule, s.entry->at, brief(m) + " of a user agent with several Via");
  });
}

void via_is_ours(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request && host_port_of(m.top_via) != s.entry->from.text() &&
        host_port_of(m.top_via) != s.entry->from.host_text()) {
      out.add(rule, s.entry->at, brief(m) + " Via shows " + std::string(host_port_of(m.top_via)));
    }
  });
}

void from_tag(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request && m.from_tag.empty()) out.add(rule, s.entry->at, brief(m) + " without From tag");
  });
}

void to_tag_in_response(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (!m.request && m.status > 100 && m.to_tag.empty()) out.add(rule, s.entry->at, brief(m) + " without To tag");
  });
}

void no_trying_to_others(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (!m.request && m.status < 200 && m.method != "INVITE") out.add(rule, s.entry->at, brief(m));
  });
}

void contact_in_dialog_makers(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (!makes_dialog(m) || m.method == "UPDATE") return;
    const bool needs = m.request || (m.status >= 200 && m.status < 300);
    if (needs && m.values("Contact").size() != 1) out.add(rule, s.entry->at, brief(m) + " needs one Contact");
  });
}

void contact_in_early(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    const bool early = !m.request && m.method == "INVITE" && m.status > 100 && m.status < 200;
    if (early && !m.has("Contact")) out.add(rule, s.entry->at, brief(m) + " makes an early dialog without Contact");
  });
}

void content_type_with_body(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (!m.body.empty() && !m.has("Content-Type"))
      out.add(rule, s.entry->at, brief(m) + " has a body without Content-Type");
  });
}

void cseq_method(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request && m.get("CSeq").find(m.method) == View::npos)
      out.add(rule, s.entry->at, brief(m) + " CSeq has another method");
    if (m.cseq >= 0x80000000u) out.add(rule, s.entry->at, brief(m) + " CSeq too large");
  });
}

void challenge_in_401(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request || m.status != 401) return;
    const View c = m.get("WWW-Authenticate");
    if (auth_param(c, "realm").empty() || auth_param(c, "nonce").empty())
      out.add(rule, s.entry->at, brief(m) + " without challenge");
  });
}

void allow_in_405(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (!m.request && m.status == 405 && !m.has("Allow")) out.add(rule, s.entry->at, brief(m) + " without Allow");
  });
}

void abilities_in_2xx(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request || m.status / 100 != 2 || !m.get("CSeq").ends_with("INVITE")) return;
    if (!m.has("Allow") || m.get("Supported").find("replaces") == View::npos)
      out.add(rule, s.entry->at, brief(m) + " does not say that it takes REFER and Replaces");
  });
}

void min_expires_in_423(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (!m.request && m.status == 423 && !m.has("Min-Expires"))
      out.add(rule, s.entry->at, brief(m) + " without Min-Expires");
    if (!m.request && m.status == 422 && !m.has("Min-SE")) out.add(rule, s.entry->at, brief(m) + " without Min-SE");
    if (!m.request && m.status == 420 && !m.has("Unsupported"))
      out.add(rule, s.entry->at, brief(m) + " without Unsupported");
  });
}

void contact_expires(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request || m.status != 200 || m.method != "REGISTER") return;
    for (View c : m.values("Contact")) {
      if (!param_of(c, "expires")) out.add(rule, s.entry->at, brief(m) + " Contact without expires");
    }
  });
}

void sdp_shape(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.body.empty() || !iequals(m.get("Content-Type").substr(0, 15), "application/sdp")) return;
    const auto lines = split_lines(m.body);
    const char order[] = {'v', 'o', 's'};
    for (size_t i = 0; i < 3; i++) {
      if (lines.size() <= i || lines[i].empty() || lines[i][0] != order[i])
        out.add(rule, s.entry->at, brief(m) + " SDP starts wrong");
    }
    const auto sdp = Sdp::read(m.body);
    for (const MediaLine& line : sdp->lines) {
      if (line.ip.empty()) out.add(rule, s.entry->at, brief(m) + " SDP media without address");
    }
  });
}

void rel_has_rseq(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request || m.status >= 200) return;
    const bool requires_it = m.lists("Require", "100rel");
    if (requires_it != m.has("RSeq") || (requires_it && m.status == 100))
      out.add(rule, s.entry->at, brief(m) + " RSeq without Require");
  });
}

void date_and_reason(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (!m.request && m.reason.empty()) out.add(rule, s.entry->at, brief(m) + " without reason phrase");
  });
}

void request_uri_clean(const AuditView& v, const char* rule, Findings& out) {
  each_sent(v, [&](const Sight& s, const Msg& m) {
    if (m.request &&
        (m.uri.find('<') != View::npos || m.uri.find('?') != View::npos || m.uri.find(";method=") != View::npos)) {
      out.add(rule, s.entry->at, brief(m) + " Request-URI " + std::string(m.uri));
    }
  });
}

}  // namespace

const std::vector<Rule> kMessageRules = {
    {"RFC 3261 §18.3 content-length", content_length},
    {"RFC 3261 §8.1.1 mandatory-headers", mandatory_headers},
    {"RFC 3261 §7.3.1 single-headers", single_headers},
    {"RFC 3261 §20.22 max-forwards-range", max_forwards_range},
    {"RFC 3261 §8.1.1.7 branch-cookie", branch_magic},
    {"RFC 3261 §8.1.1.7 one-via", one_via},
    {"RFC 3261 §18.1.1 via-is-ours", via_is_ours},
    {"RFC 3261 §8.1.1.3 from-tag", from_tag},
    {"RFC 3261 §8.2.6.2 to-tag-in-response", to_tag_in_response},
    {"RFC 4320 §4.1 no-1xx-to-non-invite", no_trying_to_others},
    {"RFC 3261 §12.1.1 contact-makes-dialog", contact_in_dialog_makers},
    {"RFC 3261 §13.3.1.1 contact-in-1xx", contact_in_early},
    {"RFC 3261 §7.4.1 content-type", content_type_with_body},
    {"RFC 3261 §8.1.1.5 cseq-method", cseq_method},
    {"RFC 3261 §22.1 challenge-in-401", challenge_in_401},
    {"RFC 3261 §8.2.1 allow-in-405", allow_in_405},
    {"RFC 3261 §13.3.1.4 abilities-in-2xx", abilities_in_2xx},
    {"RFC 3261 §21.4 refusal-names-limit", min_expires_in_423},
    {"RFC 3261 §10.3 contact-expires", contact_expires},
    {"RFC 4566 §5 sdp-shape", sdp_shape},
    {"RFC 3262 §3 rseq-with-require", rel_has_rseq},
    {"RFC 3261 §7.2 reason-phrase", date_and_reason},
    {"RFC 3261 §19.1.5 request-uri-clean", request_uri_clean},
};

}  // namespace carillon::sim
