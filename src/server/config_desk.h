#pragma once
// Where changes of the configuration that phones ask for are made, and call records looked up: one thread between the
// call threads, which never wait, and the administration's service and the store, which do.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "admin/service.h"
#include "call/config_request.h"

namespace carillon::server {

class ConfigDesk {
 public:
  // `answer` is called on the desk's thread, after the snapshot that has the change was given to the listeners.
  using Answer = std::function<void(const call::ConfigRequest& request, call::ConfigAnswer answer)>;
  using Records = std::function<Result<std::vector<state::Cdr>>(const state::CdrQuery& query)>;
  ConfigDesk(admin::Service& service, Records records, std::function<Instant()> now, Answer answer);
  ~ConfigDesk();  // what waits is not made any more
  ConfigDesk(const ConfigDesk&) = delete;
  ConfigDesk& operator=(const ConfigDesk&) = delete;

  static constexpr size_t kWaiting = 1000;
  // From any thread; never blocks for long. Beyond kWaiting requests the answer is a fault at once.
  void post(call::ConfigRequest request);

 private:
  void run();
  std::string make(const call::ConfigRequest& request);
  call::ConfigAnswer look_up(const call::ConfigRequest& request);

  admin::Service& service_;
  Records records_;
  std::function<Instant()> now_;
  Answer answer_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<call::ConfigRequest> waiting_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace carillon::server
