#include "server/config_desk.h"

#include <pthread.h>

namespace carillon::server {

ConfigDesk::ConfigDesk(admin::Service& service, Records records, std::function<Instant()> now, Answer answer)
    : service_(service),
      records_(std::move(records)),
      now_(std::move(now)),
      answer_(std::move(answer)),
      thread_([this] { run(); }) {}

ConfigDesk::~ConfigDesk() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void ConfigDesk::post(call::ConfigRequest request) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kWaiting) {
      waiting_.push_back(std::move(request));
      wake_.notify_one();
      return;
    }
  }
  answer_(request, {"Too many changes wait; try again", {}});
}

void ConfigDesk::run() {
  pthread_setname_np(pthread_self(), "config-desk");
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (waiting_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const call::ConfigRequest request = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const bool looks = request.entity == call::ConfigRequest::Entity::records;
    answer_(request, looks ? look_up(request) : call::ConfigAnswer{make(request), {}});
    lock.lock();
  }
}

call::ConfigAnswer ConfigDesk::look_up(const call::ConfigRequest& request) {
  state::CdrQuery query;
  if (const auto* number = std::get_if<std::string>(&request.value)) query.number = *number;
  query.since = now_() - call::ConfigRequest::kRecordsAge;
  query.limit = call::ConfigRequest::kRecords;
  auto found = records_(query);
  if (!found) return {found.error().text, {}};
  return {{}, std::move(found).value()};
}

std::string ConfigDesk::make(const call::ConfigRequest& request) {
  json::object fields;
  for (const std::string* name : {&request.field, &request.also}) {
    if (name->empty()) continue;
    if (const bool* flag = std::get_if<bool>(&request.value)) {
      fields[*name] = *flag;
    } else {
      fields[*name] = std::get<std::string>(request.value);
    }
  }
  const bool line = request.entity == call::ConfigRequest::Entity::line;
  const auto done = service_.update(line ? "lines" : "phones", request.id, fields, request.by);
  return done ? std::string() : done.error().text;
}

}  // namespace carillon::server
