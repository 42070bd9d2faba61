#include "admin/table.h"

#include <algorithm>

#include "base/text.h"
#include "text/csv.h"

namespace carillon::admin {
namespace {

constexpr std::string_view kBold = "\x1b[1m", kDim = "\x1b[2m", kPlain = "\x1b[0m";
constexpr size_t kCellMax = 2000;  // bytes

const json::value* field_of(const json::value& row, std::string_view path) {
  if (!row.is_object()) return nullptr;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    const auto* found = row.get_object().if_contains(path.substr(0, end));
    if (found != nullptr && !found->is_null() && cell_text(*found) != "") return found;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return nullptr;
}

// 2026-11-22T13:05:06.789Z without its milliseconds, which tables have no room for.
std::string without_milliseconds(std::string text) {
  const bool time = text.size() == 24 && text[10] == 'T' && text[19] == '.' && text[23] == 'Z';
  return time ? text.erase(19, 4) : text;
}

// A list's item: an object is named by its first field.
std::string item_text(const json::value& value) {
  if (!value.is_object()) return cell_text(value);
  return value.get_object().empty() ? "" : cell_text(value.get_object().begin()->value());
}

void pad(std::string& to, std::string_view text, size_t width) {
  to += text;
  const size_t taken = display_width(text);
  to.append(width > taken ? width - taken : 0, ' ');
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<size_t>& widths, size_t screen) {
  std::string out;
  size_t at = 0;
  for (size_t i = 0; i < cells.size(); i++) {
    const bool last = i + 1 == cells.size();
    if (!last) {
      pad(out, cells[i], widths[i] + 2);
      at += widths[i] + 2;
    } else {
      out += screen == 0 ? cells[i] : fitted(cells[i], screen > at + 10 ? screen - at : 10);
    }
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

// Plain in YAML when nothing of it could be taken for something else.
bool is_plain(std::string_view text) {
  if (text.empty() || text == "true" || text == "false" || text == "null" || text == "yes" || text == "no" ||
      text == "on" || text == "off") {
    return false;
  }
  if (text.front() == '-' || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  const bool number = text.find_first_not_of("0123456789.+-eExXoO_") == std::string_view::npos &&
                      text.find_first_of("0123456789") != std::string_view::npos;
  const bool safe = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '/' || c == ' ' || c == '(' || c == ')';
  });
  return safe && !number;
}

void add_yaml(std::string& to, const json::value& value, size_t indent);

void add_yaml_item(std::string& to, const json::value& value, size_t indent) {
  const bool nested =
      (value.is_object() && !value.get_object().empty()) || (value.is_array() && !value.get_array().empty());
  if (nested) {
    to += '\n';
    add_yaml(to, value, indent);
  } else {
    to += ' ';
    add_yaml(to, value, 0);
    to += '\n';
  }
}

void add_yaml(std::string& to, const json::value& value, size_t indent) {
  const std::string margin(indent, ' ');
  if (value.is_object() && !value.get_object().empty()) {
    for (const auto& [name, inner] : value.get_object()) {
      to.append(margin).append(name.data(), name.size()).append(":");
      add_yaml_item(to, inner, indent + 2);
    }
  } else if (value.is_array() && !value.get_array().empty()) {
    for (const auto& inner : value.get_array()) {
      to.append(margin).append("-");
      if (!inner.is_object() || inner.get_object().empty()) {
        add_yaml_item(to, inner, indent + 2);
        continue;
      }
      std::string text;
      add_yaml(text, inner, indent + 2);
      to.append(" ").append(text.substr(indent + 2));
    }
  } else if (value.is_string() && is_plain({value.get_string().data(), value.get_string().size()})) {
    to.append(value.get_string().data(), value.get_string().size());
  } else {
    to += json::print(value);  // JSON is YAML
  }
}

}  // namespace

std::string cell_text(const json::value& value) {
  if (value.is_null()) return "";
  if (value.is_bool()) return value.get_bool() ? "yes" : "no";
  if (value.is_string()) return {value.get_string().data(), value.get_string().size()};
  if (value.is_array()) {
    std::string out;
    for (const auto& item : value.get_array()) out.append(out.empty() ? "" : ",").append(item_text(item));
    return out;
  }
  return json::print(value);
}

size_t display_width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string fitted(std::string_view text, size_t width) {
  const std::string clean = printable(text, kCellMax);
  if (display_width(clean) <= width || width == 0) return clean;
  std::string out;
  size_t taken = 0;
  for (const char c : clean) {
    taken += (c & 0xc0) != 0x80;
    if (taken >= width) break;
    out += c;
  }
  return out + "…";
}

std::string print_table(const json::array& rows, const std::vector<Column>& columns, const TableStyle& style) {
  std::vector<std::vector<std::string>> cells;
  std::vector<size_t> widths(columns.size(), 0);
  std::vector<std::string> headers;
  for (size_t i = 0; i < columns.size(); i++) {
    headers.push_back(columns[i].header);
    if (style.headers) widths[i] = display_width(columns[i].header);
  }
  for (const auto& row : rows) {
    auto& line = cells.emplace_back();
    for (size_t i = 0; i < columns.size(); i++) {
      const auto* value = field_of(row, columns[i].field);
      line.push_back(value == nullptr ? "-" : printable(without_milliseconds(cell_text(*value)), kCellMax));
      widths[i] = std::max(widths[i], display_width(line.back()));
    }
  }
  std::string out;
  if (style.headers) {
    const std::string head = line_of(headers, widths, style.width);
    out += style.colour ? std::string(kBold) + head + std::string(kPlain) + "\n" : head + "\n";
  }
  for (const auto& line : cells) out += line_of(line, widths, style.width) + "\n";
  return out;
}

std::string print_facts(const json::object& object, const TableStyle& style) {
  size_t width = 0;
  for (const auto& each : object) width = std::max(width, each.key().size());
  std::string out;
  for (const auto& each : object) {
    std::string name;
    pad(name, {each.key().data(), each.key().size()}, width + 2);
    out += style.colour ? std::string(kDim) + name + std::string(kPlain) : name;
    const auto text = cell_text(each.value());
    out += (text.empty() ? "-" : printable(text, kCellMax)) + "\n";
  }
  return out;
}

std::string print_csv(const json::array& rows, bool headers) {
  std::vector<std::string> names;
  for (const auto& row : rows) {
    if (!row.is_object()) continue;
    for (const auto& each : row.get_object()) {
      const std::string name(each.key().data(), each.key().size());
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::string out;
  if (headers && !names.empty()) csv::write_row(out, names);
  for (const auto& row : rows) {
    if (!row.is_object()) continue;
    std::vector<std::string> cells;
    for (const auto& name : names) {
      const auto* value = row.get_object().if_contains(name);
      std::string text = value == nullptr ? "" : value->is_bool() ? json::print(*value) : cell_text(*value);
      if (value != nullptr && value->is_array()) std::replace(text.begin(), text.end(), ',', ';');
      cells.push_back(csv::without_formula(text));
    }
    csv::write_row(out, cells);
  }
  return out;
}

std::string print_yaml(const json::value& value) {
  std::string out;
  add_yaml(out, value, 0);
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace carillon::admin
