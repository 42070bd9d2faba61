#pragma once
// JSON objects as people and programs read them: a table, CSV, YAML. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "text/json.h"

namespace carillon::admin {

struct Column {
  std::string field;  // of the object; "a/b" takes b when there is no a
  std::string header;
};

struct TableStyle {
  bool headers = true;
  bool colour = false;
  size_t width = 0;  // columns of the screen, 0: any; the last column is cut to fit
};

// Aligned columns, two blanks between them.
std::string print_table(const json::array& rows, const std::vector<Column>& columns, const TableStyle& style);
// One line for each field of an object.
std::string print_facts(const json::object& object, const TableStyle& style);
// RFC 4180: the fields of all objects in order of their first appearance, as headers. No cell passes for a formula.
std::string print_csv(const json::array& rows, bool headers);
std::string print_yaml(const json::value& value);
// One value as a cell: lists with commas, true as yes, null as nothing.
std::string cell_text(const json::value& value);
// Columns that a UTF-8 text takes on a screen: code points, combining marks not told apart.
size_t display_width(std::string_view text);
// Cut to `width` columns, with … at the end when cut; control bytes made harmless.
std::string fitted(std::string_view text, size_t width);

}  // namespace carillon::admin
