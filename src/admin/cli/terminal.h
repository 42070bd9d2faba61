#pragma once
// Where a command reads and writes, so that tests can look on.

#include <istream>
#include <ostream>
#include <string>

namespace carillon::admin {

enum Exit : int { kOk = 0, kFailed = 1, kUsage = 2, kNotFound = 3, kDenied = 4, kUnreachable = 5 };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
  bool out_is_tty = false;
  bool err_is_tty = false;
  bool colour = false;  // on `out`: a terminal, and NO_COLOR is not set
  size_t width = 100;   // columns of `out`

  // "error: TEXT" and, when it says more, what to do.
  int fail(int code, const std::string& text) const;
};

}  // namespace carillon::admin
