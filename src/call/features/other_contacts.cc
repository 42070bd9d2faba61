// The other Contacts of a 3xx, when nobody has been reached at the one before (RFC 3261 §8.1.3.4): busy, absent,
// refused. A 6xx says that it is no use to try on (§21.6).

#include "call/other_contacts.h"

#include <utility>

#include "call/route.h"

namespace carillon::call {

namespace {

// As if the phone that sent the call on had named this number alone.
struct Beginning {
  std::vector<Redirection> redirected;
  Party called;
  config::EntityId line = 0;
};

Beginning go_back(Call& call, size_t depth) {
  Beginning now{call.redirected, call.called, call.called_line};
  call.called = call.redirected[depth].from;
  call.called_line = call.redirected[depth].line;
  call.redirected.resize(depth);
  return now;
}

void undo(Call& call, Beginning&& was) {
  call.redirected = std::move(was.redirected);
  call.called = std::move(was.called);
  call.called_line = was.line;
}

Verdict on_exhausted(Turn& t, const Failure& f) {
  Call& call = t.call;
  if (call.other_contacts == nullptr || f.lack == Lack::no_answer || f.status / 100 == 6) return Verdict::pass;
  OtherContacts& others = *call.other_contacts;
  if (others.depth >= call.redirected.size()) return Verdict::pass;
  Beginning was = go_back(call, others.depth);
  while (!others.numbers.empty() && others.tried < OtherContacts::kMost) {
    const std::string number = std::move(others.numbers.front());
    others.numbers.erase(others.numbers.begin());
    others.tried++;
    const Hop hop{.number = number, .reach = others.reach, .why = others.why, .status = f.status};
    if (route_call(t, hop) == Routed::yes) return Verdict::taken;
  }
  undo(call, std::move(was));
  return Verdict::pass;
}

}  // namespace

extern const Feature other_contacts;
const Feature other_contacts{.name = "other_contacts", .on_exhausted = on_exhausted};

}  // namespace carillon::call
