#include "config/names.h"

namespace carillon::config {

std::pair<View, View> split_line_name(View name) {
  const size_t at = name.find('@');
  if (at == View::npos) return {name, View()};
  return {name.substr(0, at), name.substr(at + 1)};
}

}  // namespace carillon::config
