#include "call/hunt_memory.h"

#include <algorithm>

namespace carillon::call {

void HuntMemory::line_busy(config::EntityId line) {
  Line& l = lines_[line];
  if (l.here) return;
  l.here = true;
  news_.push_back({HuntNews::Kind::busy, line, 0, {}});
}

void HuntMemory::line_idle(config::EntityId line, Instant now) {
  const auto found = lines_.find(line);
  if (found == lines_.end() || !found->second.here) return;
  found->second.here = false;
  found->second.idle_since = now;
  news_.push_back({HuntNews::Kind::idle, line, 0, now});
}

bool HuntMemory::is_busy_here(config::EntityId line) const {
  if (lines_.empty()) return false;
  const auto found = lines_.find(line);
  return found != lines_.end() && found->second.here;
}

void HuntMemory::got_call(config::EntityId group, config::EntityId line) {
  last_[group] = line;
  news_.push_back({HuntNews::Kind::got_call, line, group, {}});
}

Instant HuntMemory::idle_since(config::EntityId line) const {
  const auto found = lines_.find(line);
  if (found == lines_.end()) return {};
  const Line& l = found->second;
  return l.here || l.elsewhere != 0 ? kNever : l.idle_since;
}

config::EntityId HuntMemory::last_called(config::EntityId group) const {
  const auto found = last_.find(group);
  return found == last_.end() ? 0 : found->second;
}

void HuntMemory::absorb(const HuntNews& news) {
  switch (news.kind) {
    case HuntNews::Kind::busy:
      lines_[news.line].elsewhere++;
      break;
    case HuntNews::Kind::idle: {
      Line& l = lines_[news.line];
      if (l.elsewhere != 0) l.elsewhere--;
      l.idle_since = std::max(l.idle_since, news.at);
      break;
    }
    case HuntNews::Kind::got_call:
      last_[news.group] = news.line;
      break;
  }
}

bool HuntMemory::take_news(std::vector<HuntNews>& to) {
  if (news_.empty()) return false;
  to.clear();
  to.swap(news_);
  return true;
}

}  // namespace carillon::call
