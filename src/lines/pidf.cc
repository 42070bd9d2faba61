#include "lines/pidf.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"

namespace carillon::lines {
namespace {

// Activities of RFC 4480 §3.2: only these are passed on, so nothing of the sender's text becomes markup of ours.
constexpr std::string_view kKnown[] = {"appointment", "away",
                                       "breakfast",   "busy",
                                       "dinner",      "holiday",
                                       "in-transit",  "looking-for-work",
                                       "lunch",       "meal",
                                       "meeting",     "on-the-phone",
                                       "performance", "permanent-absence",
                                       "playing",     "presentation",
                                       "shopping",    "sleeping",
                                       "spectator",   "steering",
                                       "travel",      "tv",
                                       "vacation",    "working",
                                       "worship"};

// The name without its prefix: whoever writes the document chooses that.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void take_note(const pugi::xml_node& node, PublishedPresence& to) {
  const std::string_view text = trim(node.child_value());
  if (!to.note.empty() || text.empty() || !is_clean_utf8(text)) return;
  to.note = trim(text.substr(0, kNoteBytes));
  while (!to.note.empty() && !is_clean_utf8(to.note)) to.note.pop_back();  // cut between characters
}

void take_activity(const pugi::xml_node& node, PublishedPresence& to) {
  const std::string_view name = local_name(node);
  const bool known = std::find(std::begin(kKnown), std::end(kKnown), name) != std::end(kKnown);
  const bool twice = std::find(to.activities.begin(), to.activities.end(), name) != to.activities.end();
  if (known && !twice && to.activities.size() < kActivities) to.activities.emplace_back(name);
}

void take_status(const pugi::xml_node& status, PublishedPresence& to) {
  for (const pugi::xml_node& part : status.children()) {
    if (local_name(part) != "basic") continue;
    const std::string_view value = trim(part.child_value());
    // Several tuples: reachable by any of them is reachable.
    if (value == "open") to.open = true;
    if (value == "closed" && !to.open) to.open = false;
  }
}

void take_element(const pugi::xml_node& element, PublishedPresence& to) {
  for (const pugi::xml_node& part : element.children()) {
    const std::string_view name = local_name(part);
    if (name == "status") take_status(part, to);
    if (name == "note") take_note(part, to);
    if (name != "activities") continue;
    for (const pugi::xml_node& activity : part.children()) take_activity(activity, to);
  }
}

}  // namespace

std::optional<PublishedPresence> read_pidf(std::string_view text) {
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_auto)) return {};
  const pugi::xml_node root = document.document_element();
  if (local_name(root) != "presence") return {};
  PublishedPresence out;
  for (const pugi::xml_node& part : root.children()) {
    const std::string_view name = local_name(part);
    if (name == "tuple" || name == "person") take_element(part, out);
    if (name == "note") take_note(part, out);
  }
  return out;
}

}  // namespace carillon::lines
