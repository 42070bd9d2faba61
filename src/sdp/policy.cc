#include "sdp/policy.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sdp/codec.h"

namespace carillon::sdp {

namespace {

constexpr size_t kMostFormats = 64;  // of a media line that a policy looks at: those after are left out

struct Chosen {
  Format format;
  size_t rank = 0;
};

size_t rank_of(const Policy& policy, const Format& f) {
  for (size_t i = 0; i < policy.preference.size(); i++) {
    if (iequals(policy.preference[i], f.encoding)) return i;
  }
  return policy.preference.size();
}

bool fits(const Policy& policy, const Format& f) {
  constexpr uint32_t kUnknownWire = 80;  // as G.711
  if (policy.wire_kbit != 0 && wire_rate(f).value_or(kUnknownWire) > policy.wire_kbit) return false;
  if (policy.audio_kbit == 0 && policy.unknown_codecs) return true;
  const auto rate = bit_rate(f);
  if (!rate) return policy.unknown_codecs;
  return policy.audio_kbit == 0 || *rate <= policy.audio_kbit;
}

}  // namespace

Choice choose_formats(const Media& m, const Policy& policy, std::string& formats) {
  if (!policy.touches_audio() || m.type != "audio" || m.port == 0 || !is_rtp(m)) return Choice::all;
  std::array<Chosen, kMostFormats> kept;
  size_t count = 0, order = 0;
  View rest = m.formats;
  bool same = true;
  std::array<Format, kMostFormats> aids;
  size_t aid_count = 0;
  for (View number = next_token(rest); !number.empty(); number = next_token(rest)) {
    const Format f = format_of(m, number);
    order++;
    if (!f.conversation()) {
      if (aid_count < kMostFormats) aids[aid_count++] = f;
    } else if (fits(policy, f) && count < kMostFormats) {
      kept[count++] = {f, rank_of(policy, f)};
    }
  }
  if (count == 0) return Choice::nothing;
  const auto end = kept.begin() + static_cast<std::ptrdiff_t>(count);
  same = count + aid_count == order;
  if (!policy.preference.empty()) {
    const auto before = [](const Chosen& a, const Chosen& b) { return a.rank < b.rank; };
    same = same && std::is_sorted(kept.begin(), end, before);
    std::stable_sort(kept.begin(), end, before);
  }
  if (same) return Choice::all;
  formats.clear();
  const auto add = [&formats](View number) {
    if (!formats.empty()) formats.push_back(' ');
    formats.append(number);
  };
  for (auto at = kept.begin(); at != end; ++at) add(at->format.number);
  for (size_t i = 0; i < aid_count; i++) {
    const auto rate = [&](const Chosen& c) { return c.format.clock == aids[i].clock; };
    if (aids[i].clock == 0 || std::any_of(kept.begin(), end, rate)) add(aids[i].number);
  }
  return Choice::some;
}

bool is_left_over(View line, View formats) {
  for (const View start : {View("a=rtpmap:"), View("a=fmtp:"), View("a=rtcp-fb:")}) {
    if (line.substr(0, start.size()) != start) continue;
    const View pt = line.substr(start.size(), line.find(' ') - start.size());
    return pt != "*" && !has_token(formats, pt);
  }
  return false;
}

bool BandwidthWriter::take(View line) {
  const bool as = line.substr(0, 5) == "b=AS:", tias = line.substr(0, 7) == "b=TIAS:";
  if (!as && !tias) return false;
  const auto number = to_number<uint32_t>(trim(line.substr(as ? 5 : 7)));
  (as ? as_ : tias_) = true;
  if (number) bits_ = std::max(bits_, static_cast<uint64_t>(*number) * (as ? 1000 : 1));
  return true;
}

void BandwidthWriter::flush(std::string& out) {
  if (done_) return;
  done_ = true;
  const uint64_t most = static_cast<uint64_t>(rules_.most_kbit) * 1000;
  if (!as_ && !tias_) {
    if (most == 0) return;
    as_ = true, bits_ = most;
  }
  if (most != 0) bits_ = std::min(bits_, most);
  const bool write_as = rules_.bandwidth == BandwidthLines::as || rules_.bandwidth == BandwidthLines::both ||
                        (rules_.bandwidth == BandwidthLines::as_received && as_);
  const bool write_tias = rules_.bandwidth == BandwidthLines::tias || rules_.bandwidth == BandwidthLines::both ||
                          (rules_.bandwidth == BandwidthLines::as_received && tias_);
  if (write_as) {
    out.append("b=AS:");
    append_number(out, (bits_ + 999) / 1000);
    out.append("\r\n");
  }
  if (write_tias) {
    out.append("b=TIAS:");
    append_number(out, bits_);
    out.append("\r\n");
  }
}

void append_lines(std::string& out, View lines, const LineRules& rules) {
  BandwidthWriter bandwidth(rules);
  const bool touches = rules.bandwidth != BandwidthLines::as_received || rules.most_kbit != 0;
  View line;
  bool crlf = false;
  while (next_line(lines, line, crlf)) {
    if (line.empty() || line[0] == 'i') continue;
    if (touches && bandwidth.take(line)) continue;
    if (touches && (line[0] == 'a' || line[0] == 'k')) bandwidth.flush(out);  // RFC 8866 §5: b= comes before
    if (!rules.formats.empty() && is_left_over(line, rules.formats)) continue;
    if (rules.zero_connection && line[0] == 'c') line = "c=IN IP4 0.0.0.0";
    out.append(line).append("\r\n");
  }
  if (touches) bandwidth.flush(out);
}

}  // namespace carillon::sdp
