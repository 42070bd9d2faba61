#pragma once
// Presence as we understand it: whether somebody can be reached, a note, and what they do. Read from the documents that
// phones publish (RFC 3863, 4479, 4480); what else such a document holds is not looked at. Input is a stranger's.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::lines {

struct Presence {
  bool open = false;
  std::string note;                     // at most kNoteBytes
  std::vector<std::string> activities;  // RPID names: "on-the-phone", "busy", "away" …; at most kActivities
};
constexpr size_t kNoteBytes = 128, kActivities = 8;

struct PublishedPresence {
  std::optional<bool> open;  // nothing: the document does not say
  std::string note;
  std::vector<std::string> activities;
};
// Nothing when the text is no PIDF document.
std::optional<PublishedPresence> read_pidf(std::string_view text);

}  // namespace carillon::lines
