#include "admin/ladder.h"

#include <algorithm>

#include "admin/table.h"
#include "base/hash.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

constexpr size_t kMargin = 15;   // for the time
constexpr size_t kParties = 12;  // columns; later parties share the last one
constexpr size_t kRemembered = 100'000;

std::string text_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : "";
}

// The first value of a header, by its name or compact form; without folding, which a ladder can do without.
std::string_view header_of(std::string_view message, std::string_view name, std::string_view compact) {
  size_t at = message.find('\n');
  while (at != std::string_view::npos) {
    const size_t end = message.find('\n', at + 1);
    const auto line = message.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    if (line.empty() || line == "\r") break;
    const size_t colon = std::min(line.find(':'), line.size());
    const auto found = trim(line.substr(0, colon));
    if (colon < line.size() && (iequals(found, name) || iequals(found, compact))) {
      auto value = line.substr(colon + 1);
      if (value.ends_with('\r')) value.remove_suffix(1);
      return trim(value);
    }
    at = end;
  }
  return {};
}

std::string_view first_line(std::string_view message) {
  auto line = message.substr(0, message.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The user part of the first SIP URI in a text.
std::string_view user_of(std::string_view text) {
  const size_t sip = text.find("sip");
  const size_t colon = sip == std::string_view::npos ? sip : text.find(':', sip);
  if (colon == std::string_view::npos) return {};
  const auto uri = text.substr(colon + 1, text.find_first_of(">; ", colon + 1) - colon - 1);
  const size_t at = uri.find('@');
  return at == std::string_view::npos ? std::string_view() : uri.substr(0, at);
}

bool is_response(std::string_view line) { return line.starts_with("SIP/2.0 "); }

std::string label_of(std::string_view message) {
  const auto line = first_line(message);
  const auto cseq = header_of(message, "CSeq", "CSeq");
  const bool sdp = header_of(message, "Content-Type", "c").starts_with("application/sdp");
  std::string out;
  if (is_response(line)) {
    out = std::string(line.substr(8)) + " (" + std::string(cseq.substr(cseq.find(' ') + 1)) + " " +
          std::string(cseq.substr(0, cseq.find(' '))) + ")";
  } else {
    out = std::string(line.substr(0, line.find(' '))) + " " + std::string(cseq.substr(0, cseq.find(' ')));
  }
  return out + (sdp ? " SDP" : "");
}

std::string_view colour_of(std::string_view message) {
  const auto line = first_line(message);
  if (!is_response(line)) return "\x1b[1m";
  switch (line.size() > 8 ? line[8] : '0') {
    case '1':
      return "\x1b[36m";
    case '2':
      return "\x1b[32m";
    case '3':
      return "\x1b[33m";
    default:
      return "\x1b[31m";
  }
}

// 13:05:06.789 of an ISO time.
std::string clock_of(std::string_view time) {
  const size_t t = time.find('T');
  return t == std::string_view::npos ? printable(time, 13) : printable(time.substr(t + 1, 12), 13);
}

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; i++) out += text;
  return out;
}

// A screen line of one cell a column, for drawing by place.
struct Canvas {
  std::vector<std::string> cells;
  void put(size_t at, std::string_view text) {
    for (size_t i = 0; i < text.size();) {
      size_t length = 1;
      while (i + length < text.size() && (text[i + length] & 0xc0) == 0x80) length++;
      if (cells.size() <= at) cells.resize(at + 1, " ");
      cells[at++] = text.substr(i, length);
      i += length;
    }
  }
  void centre(size_t at, std::string_view text) {
    const size_t half = display_width(text) / 2;
    put(at > half ? at - half : 0, text);
  }
  std::string text() const {
    std::string out;
    for (const auto& cell : cells) out += cell;
    return out.substr(0, out.find_last_not_of(' ') + 1);
  }
};

}  // namespace

size_t Ladder::spacing() const {
  const size_t gaps = std::max<size_t>(parties_.size(), 2) - 1;
  const size_t room = style_.width > kMargin + 12 ? style_.width - kMargin - 12 : 40;
  return std::clamp<size_t>(room / gaps, 18, 38);
}

size_t Ladder::place(size_t party) const { return kMargin + 10 + party * spacing(); }

size_t Ladder::party_of(std::string_view address) const {
  for (size_t i = 0; i < parties_.size(); i++) {
    if (i != 1 && parties_[i].address == address) return i;
  }
  return parties_.size() - 1;
}

bool Ladder::learn(const json::object& message) {
  const auto remote = text_of(message, "remote"), text = text_of(message, "text");
  const bool in = text_of(message, "direction") == "in";
  bool changed = false;
  const bool known = std::any_of(parties_.begin(), parties_.end(), [&](const Party& p) { return p.address == remote; });
  if (!known && parties_.size() < kParties) {
    parties_.push_back({remote, ""});
    if (parties_.size() == 1) parties_.push_back({text_of(message, "local"), "carillon"});
    changed = true;
  }
  Party& party = parties_[party_of(remote)];
  const auto line = first_line(text);
  if (party.name.empty() && !is_response(line)) {
    auto name = in ? user_of(header_of(text, "From", "f")) : user_of(line);
    if (name.empty() && !in) name = user_of(header_of(text, "To", "t"));
    party.name = printable(name, 40);
    changed = changed || !party.name.empty();
  }
  return changed;
}

std::string Ladder::header() const {
  Canvas names, addresses;
  for (size_t i = 0; i < parties_.size(); i++) {
    names.centre(place(i), fitted(parties_[i].name, spacing() - 2));
    addresses.centre(place(i), fitted(parties_[i].address, spacing() - 1));
  }
  const std::string bold = style_.colour ? "\x1b[1m" : "", plain = style_.colour ? "\x1b[0m" : "";
  return bold + names.text() + plain + "\n" + addresses.text() + "\n";
}

std::string Ladder::row(const json::object& message) {
  const auto text = text_of(message, "text"), remote = text_of(message, "remote");
  const bool in = text_of(message, "direction") == "in";
  const size_t party = party_of(remote);
  if (seen_.size() >= kRemembered) seen_.clear();
  const bool again = !seen_.insert(hash_bytes(text, hash_bytes(remote, in))).second;

  Canvas canvas;
  canvas.put(0, clock_of(text_of(message, "time")));
  for (size_t i = 0; i < parties_.size(); i++) canvas.put(place(i), "│");
  const size_t left = std::min(place(1), place(party)), right = std::max(place(1), place(party));
  const bool rightwards = (place(party) < place(1)) == in;
  const size_t room = right - left - 1;
  std::string label = fitted(" " + label_of(text) + (again ? " again " : " "), room - 3);
  const size_t dashes = room - display_width(label) - 1;
  const std::string before = repeated("─", dashes / 2), after = repeated("─", dashes - dashes / 2);
  const std::string colour(style_.colour ? colour_of(text) : ""), plain = style_.colour ? "\x1b[0m" : "";
  // The label is put first and coloured last, since a colour takes no room.
  canvas.put(left + 1, rightwards ? before + label + after + ">" : "<" + before + label + after);
  std::string out = canvas.text();
  if (style_.colour) {
    const size_t at = out.find(label);
    if (at != std::string::npos) out = out.substr(0, at) + colour + label + plain + out.substr(at + label.size());
  }
  return out + "\n";
}

std::string print_ladder(const json::array& messages, const LadderStyle& style) {
  Ladder ladder(style);
  for (const auto& message : messages) {
    if (message.is_object()) ladder.learn(message.get_object());
  }
  std::string out = ladder.header();
  for (const auto& message : messages) {
    if (message.is_object()) out += ladder.row(message.get_object());
  }
  return out;
}

}  // namespace carillon::admin
