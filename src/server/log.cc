#include "server/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <deque>
#include <mutex>

#include "base/text.h"
#include "server/clock.h"
#include "text/json.h"

namespace carillon::server {
namespace {

constexpr size_t kKeptErrors = 50;
constexpr uint64_t kLinesPerSecond = 300;
constexpr size_t kTextMax = 4096;
constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};

struct State {
  std::mutex mutex;
  bool json = false;
  std::deque<LoggedError> errors;
  int64_t second = 0;
  uint64_t lines = 0, left_out = 0;
  std::shared_ptr<spdlog::logger> logger;
  std::atomic<LogLevel> level{LogLevel::info};
};

State& state() {
  static State s;
  return s;
}

std::string line_of(bool json, Instant now, LogLevel level, std::string_view component, std::string_view text) {
  const std::string_view name = kNames[static_cast<size_t>(level)];
  if (json) {
    return json::print(
        json::object{{"ts", json::time_text(now)}, {"level", name}, {"component", component}, {"msg", text}});
  }
  return json::time_text(now).append(" ").append(name).append(" ").append(component).append(": ").append(
      printable(text, kTextMax));
}

// REQUIRES: the mutex is held.
bool may_write(State& s, Instant now) {
  const int64_t second = now.us / 1'000'000;
  if (second != s.second) {
    if (s.left_out > 0 && s.logger) {
      s.logger->info(
          line_of(s.json, now, LogLevel::warning, "log", std::to_string(s.left_out) + " lines were left out"));
    }
    s.second = second, s.lines = 0, s.left_out = 0;
  }
  if (++s.lines <= kLinesPerSecond) return true;
  s.left_out++;
  return false;
}

}  // namespace

bool log_level_of(std::string_view text, LogLevel* level) {
  for (size_t i = 0; i < std::size(kNames); i++) {
    if (text == kNames[i]) return *level = static_cast<LogLevel>(i), true;
  }
  return false;
}

void open_log(bool json, LogLevel level) {
  State& s = state();
  const std::lock_guard lock(s.mutex);
  s.json = json;
  s.level = level;
  s.logger = std::make_shared<spdlog::logger>("carillon", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  s.logger->set_pattern("%v");
  s.logger->flush_on(spdlog::level::info);
}

void set_log_level(LogLevel level) { state().level = level; }

void log(LogLevel level, std::string_view component, std::string_view text) {
  State& s = state();
  if (level < s.level) return;
  const std::string masked = mask_secrets(text.substr(0, kTextMax));
  const Instant now = Clock::wall();
  const std::lock_guard lock(s.mutex);
  if (level >= LogLevel::warning) {
    s.errors.push_front({now, std::string(component), masked});
    if (s.errors.size() > kKeptErrors) s.errors.pop_back();
  }
  if (s.logger && may_write(s, now)) s.logger->info(line_of(s.json, now, level, component, masked));
}

std::vector<LoggedError> recent_errors() {
  State& s = state();
  const std::lock_guard lock(s.mutex);
  return {s.errors.begin(), s.errors.end()};
}

}  // namespace carillon::server
