#include "text/csv.h"

namespace carillon::csv {

Reader::Reader(std::string_view text) : text_(text) {
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
}

// One field; leaves at_ on the separator. False with `wrong` set when it is malformed.
bool Reader::field(std::string* to, const char** wrong) {
  to->clear();
  if (at_ >= text_.size() || text_[at_] != '"') {
    const size_t end = text_.find_first_of(",\r\n", at_);
    const size_t stop = end == std::string_view::npos ? text_.size() : end;
    to->assign(text_.substr(at_, stop - at_));
    at_ = stop;
    return true;
  }
  at_++;
  for (;;) {
    if (at_ >= text_.size()) {
      *wrong = "a quote is not closed";
      return false;
    }
    const char c = text_[at_++];
    if (c == '\n') line_++;
    if (c != '"') {
      *to += c;
      continue;
    }
    if (at_ < text_.size() && text_[at_] == '"') {
      *to += text_[at_++];
      continue;
    }
    if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\r' && text_[at_] != '\n') {
      *wrong = "text after a closing quote";
      return false;
    }
    return true;
  }
}

void Reader::skip_line() {
  const size_t end = text_.find('\n', at_);
  if (end == std::string_view::npos) {
    at_ = text_.size();
    return;
  }
  at_ = end + 1;
  line_++;
}

bool Reader::next(Row* row, Fault* fault) {
  *fault = {};
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
    if (text_[at_] == '\n') line_++;
    at_++;
  }
  if (at_ >= text_.size()) return false;
  row->line = line_;
  row->fields.clear();
  const size_t begin = at_;
  for (;;) {
    const char* wrong = nullptr;
    row->fields.emplace_back();
    if (!field(&row->fields.back(), &wrong)) {
      // An open quote would swallow the rest of the file: begin again at the line after the row's first.
      if (at_ >= text_.size()) at_ = begin, line_ = row->line;
      skip_line();
      row->text = text_.substr(begin, at_ - begin);
      while (!row->text.empty() && (row->text.back() == '\n' || row->text.back() == '\r')) row->text.remove_suffix(1);
      *fault = {FaultKind::invalid, std::string(wrong), ""};
      return true;
    }
    if (at_ >= text_.size() || text_[at_] != ',') break;
    at_++;
  }
  row->text = text_.substr(begin, at_ - begin);
  if (at_ < text_.size() && text_[at_] == '\r') at_++;
  if (at_ < text_.size() && text_[at_] == '\n') at_++, line_++;
  return true;
}

void write_row(std::string& to, const std::vector<std::string>& fields) {
  bool first = true;
  for (const std::string& f : fields) {
    if (!first) to += ',';
    first = false;
    const bool plain = f.find_first_of(",\"\r\n") == std::string::npos && !(fields.size() == 1 && f.empty());
    if (plain) {
      to += f;
      continue;
    }
    to += '"';
    for (const char c : f) {
      if (c == '"') to += '"';
      to += c;
    }
    to += '"';
  }
  to += "\r\n";
}

std::string without_formula(std::string_view cell) {
  if (!cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos) {
    return "'" + std::string(cell);
  }
  return std::string(cell);
}

}  // namespace carillon::csv
