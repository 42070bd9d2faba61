// Rules about dialogs: order of CSeq, tags, offers and answers, how it ends.

#include <set>

#include "audit_view.h"
#include "base/text.h"
#include "media.h"

namespace carillon::sim {
namespace {

template <typename F>
void each_conversation(const AuditView& v, F&& f) {
  for (const auto& [id, c] : v.conversations) f(c);
}

bool success(const Msg& m) { return !m.request && m.status >= 200 && m.status < 300; }

void cseq_rises(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    std::map<View, uint32_t> lasts;  // by our tag: a phone that subscribes twice at once has two dialogs
    uint32_t bye_life = 0;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (!s->ours || s->repeated || !m.request || m.method == "ACK" || m.method == "CANCEL") continue;
      uint32_t& last = lasts[m.from_tag];
      // A BYE that a killed server sent is sent again by its next life: nobody wrote down its number.
      if (m.method == "BYE" && bye_life != 0 && bye_life != s->entry->life) continue;
      if (m.method == "BYE") bye_life = s->entry->life;
      if (m.cseq <= last) out.add(rule, s->entry->at, brief(m) + " after CSeq " + std::to_string(last));
      last = std::max(last, m.cseq);
    }
  });
}

// Our tag and theirs stay what they were when the dialog was made.
void tags_constant(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    std::set<View> mine, theirs;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      const bool from_us = s->ours == m.request;  // From is our side
      const View our_tag = from_us ? m.from_tag : m.to_tag, their_tag = from_us ? m.to_tag : m.from_tag;
      if (s->ours && m.request) {
        if (!mine.empty() && mine.count(our_tag) == 0)
          out.add(rule, s->entry->at, brief(m) + " with another tag of ours");
        if (!m.to_tag.empty() && theirs.count(their_tag) == 0)
          out.add(rule, s->entry->at, brief(m) + " to an unknown tag");
      }
      if (!our_tag.empty() && (from_us || success(m) || (m.status > 100 && m.status < 200))) mine.insert(our_tag);
      if (!their_tag.empty()) theirs.insert(their_tag);
    }
  });
}

void to_tag_per_invite(const AuditView& v, const char* rule, Findings& out) {
  for (const auto& [key, e] : v.exchanges) {
    if (e.ours || e.method != "INVITE") continue;
    std::set<View> tags;
    for (const Sight* s : e.responses) {
      const bool stateless = s->m->status == 401;  // a challenge may be (RFC 3261 §8.2.7)
      if (s->m->status > 100 && !stateless && s->entry->life == e.life) tags.insert(s->m->to_tag);
    }
    if (tags.size() > 1)
      out.add(rule, e.requests[0]->entry->at, brief(*e.requests[0]->m) + " answered with several To tags");
  }
}

// An ACK follows each 2xx that we get, repeated ones included (they may share one while a delayed answer is being asked
// for). One that comes when the INVITE has been given up for want of any answer is nobody's (RFC 3261 §17.1.1.2, Timer
// B).
void success_acked(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    std::map<uint32_t, uint32_t> asked;        // CSeq → the life in which the INVITE was sent
    std::map<uint32_t, Instant> given_up;      // when, unless something is heard by then
    std::map<uint32_t, const Sight*> waiting;  // for its ACK
    for (const Sight* s : c.all) {
      if (s->ours && s->m->is("INVITE")) {
        asked[s->m->cseq] = s->entry->life;
        given_up.try_emplace(s->m->cseq, s->entry->at + v.options.t1 * 64);
      } else if (!s->ours && !s->m->request && s->m->method == "INVITE") {
        const auto limit = given_up.find(s->m->cseq);
        if (limit != given_up.end() && s->entry->at > limit->second) continue;
        if (limit != given_up.end()) limit->second = kNever;
      }
      if (s->ours && s->m->is("ACK")) waiting.erase(s->m->cseq);
      if (s->ours || !success(*s->m) || s->m->method != "INVITE") continue;
      const bool known = asked[s->m->cseq] == s->entry->life && (v.starts.empty() || s->entry->life == v.starts.size());
      if (known) waiting[s->m->cseq] = s;
    }
    for (const auto& [cseq, s] : waiting) out.add(rule, s->entry->at, brief(*s->m) + " was not ACKed");
  });
}

void success_stops_at_ack(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    std::map<uint32_t, Instant> acked;
    for (const Sight* s : c.all) {
      if (!s->ours && s->m->is("ACK") && !s->m->to_tag.empty()) acked.try_emplace(s->m->cseq, s->entry->at);
      if (!s->ours || !success(*s->m) || s->m->method != "INVITE") continue;
      const auto known = acked.find(s->m->cseq);
      if (known != acked.end() && s->entry->at > known->second + v.options.unknown)
        out.add(rule, s->entry->at, brief(*s->m) + " resent after its ACK");
    }
  });
}

void bye_in_order(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    const Sight* answered = nullptr;  // by us or to us
    bool acked = false;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (success(m) && m.method == "INVITE" && answered == nullptr) answered = s;
      acked = acked || (answered != nullptr && m.is("ACK"));
      if (!s->ours || !m.is("BYE") || s->repeated) continue;
      if (answered == nullptr) {
        out.add(rule, s->entry->at, "BYE without an answered INVITE");
        return;
      }
      const bool waited = s->entry->at - answered->entry->at >= v.options.t1 * 64 - milliseconds(100);
      const bool same_life = answered->entry->life == s->entry->life;
      if (answered->ours && !acked && !waited && same_life)
        out.add(rule, s->entry->at, "BYE before the ACK to our 2xx");
      return;
    }
  });
}

void nothing_after_bye(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    bool over = false, unheard = false;  // `unheard`: our BYE has no answer, and may be sent to another place
    bool referred = false, bye = false;  // `bye`: we have sent one
    uint32_t life = 0;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (life != s->entry->life) over = false, life = s->entry->life;
      if (!s->ours && !m.request && m.method == "BYE") unheard = false;
      // A REFER's subscription outlives the call (RFC 5057 §4): its NOTIFYs may follow the other side's BYE.
      referred = referred || (!s->ours && m.is("REFER"));
      const bool may =
          m.method == "ACK" || (m.method == "BYE" && unheard) || (m.method == "NOTIFY" && referred && !bye);
      if (over && s->ours && m.request && !s->repeated && !may)
        out.add(rule, s->entry->at, brief(m) + " after the BYE");
      if (s->ours && m.is("BYE")) unheard = bye = true;
      over = over || (m.method == "BYE" && ((s->ours && m.request) || (s->ours && success(m))));
    }
  });
}

// A request of ours that nobody has answered at all is over when Timer B or F fires (RFC 3261 §17.1.1.2).
bool gave_up(const Sight& s, Instant now, bool heard) { return s.ours && !heard && now >= s.entry->at + seconds(32); }

// One INVITE of ours at a time, and no offer while another is open (RFC 3261 §14.1, RFC 3264 §4).
void one_offer(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    struct Open {
      const Sight* sight = nullptr;
      bool heard = false;  // a provisional answer
    };
    std::map<std::pair<uint32_t, bool>, Open> open;  // by CSeq and who asked
    uint32_t life = 0;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (life != s->entry->life) open.clear(), life = s->entry->life;  // a kill ends what was open
      if (m.method != "INVITE" && m.method != "UPDATE") continue;
      if (!m.request) {
        const auto asked = open.find({m.cseq, !s->ours});
        if (asked == open.end()) continue;
        asked->second.heard = true;
        if (m.status >= 200 || (m.status > 100 && m.has("RSeq") && !m.body.empty())) open.erase(asked);
        continue;
      }
      if (s->repeated || m.to_tag.empty()) {
        if (!s->repeated) open[{m.cseq, s->ours}] = {s};
        continue;
      }
      const bool offers = m.method == "INVITE" || !m.body.empty();
      for (const auto& [key, other] : open) {
        const Sight& before = *other.sight;
        const bool early_update = m.method == "UPDATE" && before.m->to_tag.empty();
        if (s->ours && offers && key.second && !early_update && !gave_up(before, s->entry->at, other.heard)) {
          out.add(rule, s->entry->at, brief(m) + " while " + brief(*before.m) + " is open");
        }
      }
      if (offers) open[{m.cseq, s->ours}] = {s};
    }
  });
}

void compare_lines(const Sight& s, View offer, const char* rule, Findings& out) {
  const auto o = Sdp::read(offer), a = Sdp::read(s.m->body);
  if (!o || !a) return;
  if (o->lines.size() != a->lines.size()) {
    return out.add(rule, s.entry->at,
                   brief(*s.m) + " answers " + std::to_string(o->lines.size()) + " media lines with " +
                       std::to_string(a->lines.size()));
  }
  for (size_t i = 0; i < o->lines.size(); i++) {
    if (o->lines[i].type != a->lines[i].type) out.add(rule, s.entry->at, brief(*s.m) + " answers in another order");
    if (!o->lines[i].alive() && a->lines[i].alive())
      out.add(rule, s.entry->at, brief(*s.m) + " revives a refused media line");
  }
}

// Was there a BYE before, or does one leave in the same turn?
bool hung_up(const Conversation& c, const Sight& at) {
  for (const Sight* s : c.all) {
    if (s->m->is("BYE") && s->entry->at <= at.entry->at) return true;
  }
  return false;
}

void answer_lines(const AuditView& v, const char* rule, Findings& out) {
  for (const auto& [key, e] : v.exchanges) {
    if (e.ours || (e.method != "INVITE" && e.method != "UPDATE")) continue;
    const View offer = e.requests.empty() ? View() : e.requests[0]->m->body;
    bool answered = false;
    for (const Sight* s : e.responses) {
      if (offer.empty() || s->m->body.empty() || s->repeated) continue;
      answered = true;
      compare_lines(*s, offer, rule, out);
    }
    for (const Sight* s : e.responses) {
      if (Sdp::read(offer) && success(*s->m) && !answered && !s->repeated)
        out.add(rule, s->entry->at, brief(*s->m) + " leaves an offer unanswered");
    }
  }
  each_conversation(v, [&](const Conversation& c) {  // delayed offers: answered in our ACK
    std::map<uint32_t, View> offers;
    std::set<uint32_t> offered;
    for (const Sight* s : c.all) {
      if (s->ours && s->m->is("INVITE") && !s->m->body.empty()) offered.insert(s->m->cseq);
      if (!s->ours && success(*s->m) && s->m->method == "INVITE") offers[s->m->cseq] = s->m->body;
      // Who has answered a later INVITE has had this ACK before.
      const bool first = offers.upper_bound(s->m->cseq) == offers.end();
      const bool late =
          s->ours && s->m->is("ACK") && first && offers.count(s->m->cseq) != 0 && offered.count(s->m->cseq) == 0;
      // Whose caller is gone before he answered gets an empty ACK, and the BYE with it.
      if (late && Sdp::read(offers[s->m->cseq]) && s->m->body.empty() && !hung_up(c, *s))
        out.add(rule, s->entry->at, "ACK without the answer to a delayed offer");
      if (late) compare_lines(*s, offers[s->m->cseq], rule, out);
    }
  });
}

void origin_version(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    View last;
    for (const Sight* s : c.all) {
      if (!s->ours || s->repeated || !Sdp::read(s->m->body)) continue;
      const auto line_o = [](View body) {
        return body.substr(body.find("o="), body.find("\r\n", body.find("o=")) - body.find("o="));
      };
      if (!last.empty() && last != s->m->body && line_o(last) == line_o(s->m->body)) {
        out.add(rule, s->entry->at, brief(*s->m) + " changes the SDP without a new version");
      }
      last = s->m->body;
    }
  });
}

void reliable_order(const AuditView& v, const char* rule, Findings& out) {
  for (const auto& [key, e] : v.exchanges) {
    if (e.method != "INVITE" || e.ours) continue;
    uint32_t last = 0;
    for (const Sight* s : e.responses) {
      const uint32_t rseq = number_or(s->m->get("RSeq"), 0);
      if (rseq == 0 || s->repeated) continue;
      if (last != 0 && rseq != last + 1) out.add(rule, s->entry->at, brief(*s->m) + " RSeq jumps");
      last = rseq;
      const Msg& invite = *e.requests[0]->m;
      if (!invite.lists("Supported", "100rel") && !invite.lists("Require", "100rel"))
        out.add(rule, s->entry->at, brief(*s->m) + " reliable to one who cannot");
    }
  }
}

void prack_matches(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    std::set<std::string> reliable;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (!s->ours && !m.request && m.has("RSeq"))
        reliable.insert(std::string(m.get("RSeq")) + " " + std::string(m.get("CSeq")));
      const bool stray = s->ours && m.is("PRACK") && reliable.count(std::string(m.get("RAck"))) == 0;
      if (stray) out.add(rule, s->entry->at, brief(m) + " RAck " + std::string(m.get("RAck")) + " means nothing");
    }
  });
}

void success_waits_for_prack(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    bool waiting = false;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (s->ours && !m.request && m.has("RSeq") && !m.body.empty() && !s->repeated) waiting = true;
      if (!s->ours && m.is("PRACK")) waiting = false;
      if (s->ours && success(m) && m.method == "INVITE" && waiting)
        out.add(rule, s->entry->at, brief(m) + " before the PRACK");
    }
  });
}

void target_is_contact(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    std::set<View> contacts;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (!s->ours && m.has("Contact")) contacts.insert(uri_of(m.get("Contact")));
      if (!s->ours || !m.request || m.to_tag.empty() || contacts.empty() || (m.method == "ACK" && !c.ours)) continue;
      const bool failed_ack = m.method == "ACK" && v.exchanges.count("out|" + std::string(m.branch) + "|INVITE") != 0;
      if (!failed_ack && contacts.count(m.uri) == 0)
        out.add(rule, s->entry->at, brief(m) + " to " + std::string(m.uri));
    }
  });
}

void identities_constant(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    View from, to;
    for (const Sight* s : c.all) {
      const Msg& m = *s->m;
      if (!s->ours || !m.request) continue;
      if (from.empty()) from = uri_of(m.get("From")), to = uri_of(m.get("To"));
      if (uri_of(m.get("From")) != from || uri_of(m.get("To")) != to)
        out.add(rule, s->entry->at, brief(m) + " with other From or To");
    }
  });
}

void session_interval(const AuditView& v, const char* rule, Findings& out) {
  each_conversation(v, [&](const Conversation& c) {
    for (const Sight* s : c.all) {
      const View value = s->m->get("Session-Expires");
      if (!s->ours || value.empty() || s->repeated) continue;
      if (number_or(value.substr(0, value.find(';')), 0) < 90)
        out.add(rule, s->entry->at, brief(*s->m) + " Session-Expires below 90");
      if (success(*s->m) && !param_of(value, "refresher"))
        out.add(rule, s->entry->at, brief(*s->m) + " names no refresher");
    }
  });
}

}  // namespace

const std::vector<Rule> kDialogRules = {
    {"RFC 3261 §12.2.1.1 cseq-rises", cseq_rises},
    {"RFC 3261 §12.2.1.1 tags-constant", tags_constant},
    {"RFC 3261 §12.1.1 to-tag-per-invite", to_tag_per_invite},
    {"RFC 3261 §13.2.2.4 success-acked", success_acked},
    {"RFC 3261 §13.3.1.4 success-stops-at-ack", success_stops_at_ack},
    {"RFC 3261 §15 bye-in-order", bye_in_order},
    {"RFC 3261 §15.1 nothing-after-bye", nothing_after_bye},
    {"RFC 3264 §4 one-offer", one_offer},
    {"RFC 3264 §6 answer-lines", answer_lines},
    {"RFC 3264 §8 origin-version", origin_version},
    {"RFC 3262 §3 reliable-order", reliable_order},
    {"RFC 3262 §4 prack-matches", prack_matches},
    {"RFC 3262 §5 success-waits-for-prack", success_waits_for_prack},
    {"RFC 3261 §12.2.1.1 target-is-contact", target_is_contact},
    {"RFC 3261 §12.2.1.1 identities-constant", identities_constant},
    {"RFC 4028 §4 session-interval", session_interval},
};

}  // namespace carillon::sim
