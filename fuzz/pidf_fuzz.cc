// Whatever a phone publishes as presence: reading is bounded, and what we tell of it is a document of the same meaning.
// fuzz-links: carillon_lines

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "lines/documents.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace lines = carillon::lines;
  if (size > carillon::limits::kPublicationBytes) return 0;
  const auto read = lines::read_pidf({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  CHECK(read->note.size() <= lines::kNoteBytes && read->activities.size() <= lines::kActivities);
  std::string text;
  lines::append_presence(text, {"1002", "pbx.example"}, {read->open.value_or(false), read->note, read->activities});
  const auto again = lines::read_pidf(text);
  CHECK(again.has_value() && again->open == read->open.value_or(false));
  CHECK(again->note == read->note && again->activities == read->activities);
  return 0;
}
