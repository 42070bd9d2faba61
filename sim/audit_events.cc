// Rules about subscriptions and their documents (RFC 6665, RFC 4235, RFC 3842, RFC 3863, RFC 3903).

#include <map>

#include "audit_view.h"

namespace carillon::sim {
namespace {

// The progress of a transfer is another matter (RFC 3515): a call may have several.
bool is_notify(const Msg& m) { return m.is("NOTIFY") && m.get("Event").substr(0, 5) != "refer"; }

bool terminated(const Msg& m) { return m.get("Subscription-State").substr(0, 10) == "terminated"; }

// After the last NOTIFY of a subscription there is no other.
void nothing_after_terminated(const AuditView& v, const char* rule, Findings& out) {
  for (const auto& [id, c] : v.conversations) {
    bool over = false;
    uint32_t life = 0;
    for (const Sight* s : c.all) {
      if (!s->ours || !is_notify(*s->m) || s->repeated || s->m->to_tag.empty()) continue;
      if (life != s->entry->life) over = false, life = s->entry->life;  // a kill may lose the end
      if (over) out.add(rule, s->entry->at, brief(*s->m) + " after the last one");
      over = over || terminated(*s->m);
    }
  }
}

// Each 2xx to a SUBSCRIBE has its NOTIFY at once.
void notify_at_once(const AuditView& v, const char* rule, Findings& out) {
  for (const auto& [id, c] : v.conversations) {
    for (size_t i = 0; i < c.all.size(); i++) {
      const Sight& s = *c.all[i];
      if (!c.all.front()->m->is("SUBSCRIBE")) break;
      if (!s.ours || s.m->request || s.m->method != "SUBSCRIBE" || s.m->status != 200 || s.repeated) continue;
      bool found = false;
      for (size_t k = 0; k < c.all.size() && !found; k++) {
        const Sight& n = *c.all[k];
        const Instant from = s.entry->at - milliseconds(1), to = s.entry->at + milliseconds(5);
        found = n.ours && n.m->is("NOTIFY") && !n.repeated && n.entry->at >= from && n.entry->at <= to;
      }
      if (!found) out.add(rule, s.entry->at, brief(*s.m) + " has no NOTIFY");
    }
  }
}

void state_and_event(const AuditView& v, const char* rule, Findings& out) {
  for (const Sight& s : v.sights) {
    if (!s.ours || !is_notify(*s.m) || s.repeated) continue;
    const View state = s.m->get("Subscription-State");
    if (s.m->get("Event").empty() || state.empty()) out.add(rule, s.entry->at, brief(*s.m) + " lacks Event or state");
    if (terminated(*s.m) && !param_of(state, "reason")) out.add(rule, s.entry->at, brief(*s.m) + " ends for no reason");
    if (!s.m->to_tag.empty() && !terminated(*s.m) && !param_of(state, "expires"))
      out.add(rule, s.entry->at, brief(*s.m) + " does not say until when");
  }
}

uint32_t version_of(View body) {
  const size_t at = body.find(" version=\"");
  return at == View::npos ? 0 : number_or(body.substr(at + 10, body.find('"', at + 10) - at - 10), 0);
}

// RFC 4235 §4.3: one higher each time; after a kill at least higher.
void version_rises(const AuditView& v, const char* rule, Findings& out) {
  for (const auto& [id, c] : v.conversations) {
    struct Shown {
      int64_t last = -1;
      uint32_t life = 0;
    };
    std::map<View, Shown> dialogs;  // by our tag
    for (const Sight* s : c.all) {
      const View body = s->m->body;
      if (!s->ours || s->repeated || !is_notify(*s->m) || body.find("<dialog-info") == View::npos) continue;
      auto& [last, life] = dialogs[s->m->from_tag];
      const int64_t now = version_of(body.substr(body.find("<dialog-info")));
      const bool same_life = life == s->entry->life;
      if (last == -1 && life == 0 && now != 0 && v.starts.size() <= 1)
        out.add(rule, s->entry->at, brief(*s->m) + " begins with version " + std::to_string(now));
      if (life != 0 && (same_life ? now != last + 1 : now <= last))
        out.add(rule, s->entry->at,
                brief(*s->m) + " has version " + std::to_string(now) + " after " + std::to_string(last));
      if (body.find("state=\"full\"") == View::npos) out.add(rule, s->entry->at, brief(*s->m) + " is not full state");
      last = now, life = s->entry->life;
    }
  }
}

// 2xx to PUBLISH: an entity-tag that no other has, and a lifetime.
void publish_answer(const AuditView& v, const char* rule, Findings& out) {
  std::map<View, View> tags;  // → branch
  for (const Sight& s : v.sights) {
    if (!s.ours || s.m->request || s.m->method != "PUBLISH" || s.repeated) continue;
    if (s.m->status != 200) continue;
    const View tag = s.m->get("SIP-ETag");
    if (tag.empty() || !s.m->has("Expires")) out.add(rule, s.entry->at, brief(*s.m) + " lacks SIP-ETag or Expires");
    const auto [at, fresh] = tags.emplace(tag, s.m->branch);
    if (!fresh && at->second != s.m->branch) out.add(rule, s.entry->at, brief(*s.m) + " repeats an entity-tag");
  }
}

void events_in_489(const AuditView& v, const char* rule, Findings& out) {
  for (const Sight& s : v.sights) {
    if (s.ours && s.m->status == 489 && !s.m->has("Allow-Events"))
      out.add(rule, s.entry->at, brief(*s.m) + " without Allow-Events");
  }
}

}  // namespace

const std::vector<Rule> kEventRules = {
    {"RFC 6665 §4.2.2 nothing-after-terminated", nothing_after_terminated},
    {"RFC 6665 §4.2.1.2 notify-at-once", notify_at_once},
    {"RFC 6665 §8.2 state-and-event", state_and_event},
    {"RFC 6665 §8.3.2 events-in-489", events_in_489},
    {"RFC 4235 §4.3 version-rises", version_rises},
    {"RFC 3903 §6 publish-answer", publish_answer},
};

}  // namespace carillon::sim
