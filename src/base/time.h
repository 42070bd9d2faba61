#pragma once
// Time as a value. Nothing below server/ reads a clock: every machine is given the Instant at which it acts.

#include <compare>
#include <cstdint>

namespace carillon {

// A span of time in microseconds.
struct Duration {
  int64_t us = 0;
  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration o) const { return {us + o.us}; }
  constexpr Duration operator-(Duration o) const { return {us - o.us}; }
  constexpr Duration operator*(int64_t n) const { return {us * n}; }
  constexpr Duration operator/(int64_t n) const { return {us / n}; }
  constexpr int64_t milliseconds() const { return us / 1000; }
  constexpr int64_t seconds() const { return us / 1000000; }
};
constexpr Duration microseconds(int64_t n) { return {n}; }
constexpr Duration milliseconds(int64_t n) { return {n * 1000}; }
constexpr Duration seconds(int64_t n) { return {n * 1000000}; }
constexpr Duration minutes(int64_t n) { return {n * 60000000}; }

// A moment: microseconds since the Unix epoch as the wall clock said when the process started, carried on by the
// monotonic clock. So it never jumps while the process runs, differences are exact, and it can be stored and printed
// (docs/adr/0003).
struct Instant {
  int64_t us = 0;
  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration d) const { return {us + d.us}; }
  constexpr Instant operator-(Duration d) const { return {us - d.us}; }
  constexpr Duration operator-(Instant o) const { return {us - o.us}; }
};
constexpr Instant kNever{INT64_MAX};

}  // namespace carillon
