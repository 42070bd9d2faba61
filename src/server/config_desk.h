#pragma once
// Where changes of the configuration that phones ask for are made: one thread between the call threads, which never
// wait, and the administration's service, which does.

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
  // `answer` is called on the desk's thread, after the snapshot that has the change was given to the listeners; the
  // fault is empty when it was made.
  using Answer = std::function<void(const call::ConfigRequest& request, std::string fault)>;
  ConfigDesk(admin::Service& service, Answer answer);
  ~ConfigDesk();  // what waits is not made any more
  ConfigDesk(const ConfigDesk&) = delete;
  ConfigDesk& operator=(const ConfigDesk&) = delete;

  static constexpr size_t kWaiting = 1000;
  // From any thread; never blocks for long. Beyond kWaiting requests the answer is a fault at once.
  void post(call::ConfigRequest request);

 private:
  void run();
  std::string make(const call::ConfigRequest& request);

  admin::Service& service_;
  Answer answer_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<call::ConfigRequest> waiting_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace carillon::server
