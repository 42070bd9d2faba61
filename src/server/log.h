#pragma once
// Log lines to standard error: for a person, or one JSON object a line. Any thread, but never a call thread's turn:
// what happens there is counted and traced, not logged. At most a few hundred lines a second; what is left out is
// counted.

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace carillon::server {

enum class LogLevel : uint8_t { debug, info, warning, error };

// "debug", "info", "warning", "error"; false for anything else.
bool log_level_of(std::string_view text, LogLevel* level);

// Before the first line; may be called again.
void open_log(bool json, LogLevel level);
void set_log_level(LogLevel level);

// `component` is a word ("store", "tls"); `text` a sentence. Passwords, tokens and digest responses do not belong in
// `text`; what looks like one is masked.
void log(LogLevel level, std::string_view component, std::string_view text);

inline void log_info(std::string_view component, std::string_view text) { log(LogLevel::info, component, text); }
inline void log_warning(std::string_view component, std::string_view text) { log(LogLevel::warning, component, text); }
inline void log_error(std::string_view component, std::string_view text) { log(LogLevel::error, component, text); }

// The last warnings and errors, newest first, for `carillon status`.
struct LoggedError {
  Instant time;
  std::string component, text;
};
std::vector<LoggedError> recent_errors();

// Values of secrets (password=…, response="…", cnonce="…", Bearer …) replaced by ***.
std::string mask_secrets(std::string_view text);

}  // namespace carillon::server
