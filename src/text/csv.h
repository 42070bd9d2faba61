#pragma once
// CSV by RFC 4180: quoted fields, doubled quotes, line ends LF or CRLF inside and outside of quotes, and a UTF-8 byte
// order mark at the start. Pure; a row is never more than what the text holds.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace carillon::csv {

struct Row {
  size_t line = 0;        // of the text, 1-based, where the row begins
  std::string_view text;  // the row as it stands, without its line end
  std::vector<std::string> fields;
};

// Reads row by row. `text` must outlive the reader and the rows' views.
class Reader {
 public:
  explicit Reader(std::string_view text);
  // The next row that is not an empty line. False at the end. A quote that is never closed, or text after a closing
  // quote, makes the row a fault, which names it; reading goes on at the next line.
  bool next(Row* row, Fault* fault);
  // Bytes read so far, for progress.
  size_t position() const { return at_; }

 private:
  bool field(std::string* to, const char** wrong);
  void skip_line();
  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
};

// Appends a row with CRLF. Quotes what needs it.
void write_row(std::string& to, const std::vector<std::string>& fields);
// A cell that a spreadsheet would take for a formula (first character = + - @, tab or CR) gets an apostrophe in front.
// For exports that people open; not for files that will be imported again.
std::string without_formula(std::string_view cell);

}  // namespace carillon::csv
