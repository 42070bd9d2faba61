#pragma once
// CHECK states what our own code guarantees; it stays on in production. A failure stops the process: the state is not
// to be trusted, and a restart from the state store is the recovery path. Never CHECK anything that came over the wire.

namespace carillon {
[[noreturn]] void check_failed(const char* what, const char* file, int line);
}

#define CHECK(condition)                                      \
  (__builtin_expect(static_cast<bool>(condition), 1) ? void() \
                                                     : ::carillon::check_failed(#condition, __FILE__, __LINE__))
