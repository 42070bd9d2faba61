#include "sdp/marry.h"

#include "sdp/codec.h"
#include "sdp/write.h"

namespace carillon::sdp {

namespace {

bool has_line(const Media& m, View start) {
  View rest = m.lines, line;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (line.substr(0, start.size()) == start) return true;
  }
  return false;
}

void append_token(std::string& to, View token) {
  if (!to.empty()) to.push_back(' ');
  to.append(token);
}

// What the two lines share: their payload types side by side, in the first one's order.
class Shared {
 public:
  Shared(const Media& a, const Media& b, Pair& pair) : a_(a), b_(b), pair_(pair) {}

  bool find() {
    pair_.first_formats.clear(), pair_.second_formats.clear();
    bool conversation = false;
    for (const bool dependent : {false, true}) {  // a retransmission hangs on what it repeats (RFC 4588 §8.1)
      View rest = a_.formats;
      for (View number = next_token(rest); !number.empty(); number = next_token(rest)) {
        const Format f = format_of(a_, number);
        if (fmtp_value(f.parameters, "apt").empty() == dependent) continue;
        const View other = partner_of(f);
        if (other.empty()) continue;
        append_token(pair_.first_formats, number);
        append_token(pair_.second_formats, other);
        conversation |= f.conversation();
      }
    }
    return conversation;
  }

 private:
  // The payload type of the second that the first's `number` goes with; "" when there is none yet.
  View partner(View number) const {
    View ours = pair_.first_formats, theirs = pair_.second_formats;
    for (View one = next_token(ours), two = next_token(theirs); !one.empty();
         one = next_token(ours), two = next_token(theirs)) {
      if (one == number) return two;
    }
    return {};
  }
  View partner_of(const Format& f) const {
    const View apt = fmtp_value(f.parameters, "apt");
    const View wanted = apt.empty() ? View() : partner(apt);
    if (!apt.empty() && wanted.empty()) return {};
    View rest = b_.formats;
    for (View number = next_token(rest); !number.empty(); number = next_token(rest)) {
      const Format o = format_of(b_, number);
      if (same_codec(f, o) && fmtp_value(o.parameters, "apt") == wanted && !has_token(pair_.second_formats, number))
        return number;
    }
    return {};
  }

  const Media& a_;
  const Media& b_;
  Pair& pair_;
};

// The formats that both lines have, as the policy orders and limits them. False when there are none.
bool share_formats(const Media& a, const Media& b, const Policy& policy, Pair& pair) {
  if (!is_rtp(a)) {
    pair.first_formats = a.formats, pair.second_formats = b.formats;
    return a.formats == b.formats;
  }
  std::string left_a, left_b;
  const Choice of_a = choose_formats(a, policy, left_a), of_b = choose_formats(b, policy, left_b);
  if (of_a == Choice::nothing || of_b == Choice::nothing) return false;
  Media first = a, second = b;
  if (of_a == Choice::some) first.formats = left_a;
  if (of_b == Choice::some) second.formats = left_b;
  return Shared(first, second, pair).find();
}

bool eligible(const Media& m, const Policy& policy) {
  return m.port != 0 && policy.allows(m) && !has_line(m, "a=crypto:");
}

bool fit(const Media& a, const Media& b, const Policy& policy, Pair& pair) {
  return a.type == b.type && a.protocol == b.protocol && share_formats(a, b, policy, pair);
}

bool sends(Direction d) { return d == Direction::sendrecv || d == Direction::sendonly; }
bool receives(Direction d) { return d == Direction::sendrecv || d == Direction::recvonly; }

// What the writer of `own` may still do towards the writer of `other`.
Direction meet(Direction own, Direction other) {
  const bool send = sends(own) && receives(other), receive = receives(own) && sends(other);
  if (send) return receive ? Direction::sendrecv : Direction::sendonly;
  return receive ? Direction::recvonly : Direction::inactive;
}

bool is_direction(View line) {
  return line == "a=sendrecv" || line == "a=sendonly" || line == "a=recvonly" || line == "a=inactive";
}

void append_media(std::string& out, const Media& m, View formats, Direction direction, Spouse reader) {
  const bool rtp = is_rtp(m);
  out.append("m=").append(m.type).append(" ").append(m.port_text).append(" ").append(m.protocol).append(" ");
  out.append(formats).append("\r\n");
  View rest = m.lines, line;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (line.empty() || line[0] == 'i' || is_direction(line) || (rtp && is_left_over(line, formats))) continue;
    // Both would wait for the other or both would begin (RFC 4145 §4): the second party begins.
    if (line == "a=setup:actpass") line = reader == Spouse::first ? "a=setup:active" : "a=setup:passive";
    out.append(line).append("\r\n");
  }
  if (rtp) out.append("a=").append(to_string(direction)).append("\r\n");
}

}  // namespace

std::vector<Pair> marry(const Session& first, const Session& second, const Policy& policy) {
  std::vector<Pair> pairs;
  size_t from = 0;  // lines of the second that may still be taken: the order is kept
  for (size_t i = 0; i < first.size(); i++) {
    if (!eligible(first.media(i), policy)) continue;
    for (size_t k = from; k < second.size(); k++) {
      Pair pair{i, k, {}, {}};
      if (!eligible(second.media(k), policy) || !fit(first.media(i), second.media(k), policy, pair)) continue;
      pairs.push_back(std::move(pair));
      from = k + 1;
      break;
    }
  }
  return pairs;
}

void append_answer(std::string& out, const Session& first, const Session& second, const std::vector<Pair>& pairs,
                   Spouse whose, LineMap& map, OurOrigin& origin) {
  const bool to_first = whose == Spouse::first;
  const Session& offer = to_first ? first : second;
  const Session& other = to_first ? second : first;
  const size_t start = out.size();
  append_head(out, other, pairs.size() != other.size() || pairs.size() != offer.size(), {});
  size_t next = 0;
  for (size_t i = 0; i < offer.size(); i++) {
    const Pair* pair = next < pairs.size() ? &pairs[next] : nullptr;
    if (pair == nullptr || (to_first ? pair->first : pair->second) != i) {
      if (!map.has(i)) map.add(i, offer.media(i));
      out.append(map.line(i)).append("\r\n");
      continue;
    }
    const Media& m = other.media(to_first ? pair->second : pair->first);
    const View formats = to_first ? pair->second_formats : pair->first_formats;
    append_media(out, m, formats, meet(m.direction, offer.media(i).direction), whose);
    next++;
  }
  insert_origin(out, start, origin);
}

}  // namespace carillon::sdp
