#include "server/config_desk.h"

#include <pthread.h>

namespace carillon::server {

ConfigDesk::ConfigDesk(admin::Service& service, Answer answer)
    : service_(service), answer_(std::move(answer)), thread_([this] { run(); }) {}

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
  answer_(request, "Too many changes wait; try again");
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
    answer_(request, make(request));
    lock.lock();
  }
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
