#include "server/server.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "admin/cli/terminal.h"
#include "server/boot.h"
#include "server/log.h"

namespace carillon::server {

int serve(const admin::ServeFlags& flags) {
  const auto resolve = [flags] {
    return resolve_options(flags, [](const char* name) { return static_cast<const char*>(std::getenv(name)); });
  };
  auto options = resolve();
  if (!options) {
    std::fprintf(stderr, "error: %s\n", options.error().text.c_str());
    return admin::kUsage;
  }
  const bool json = options->log_json;
  open_log(json, options->log_level);
  Signals signals;
  Server server(std::move(*options), resolve);
  if (auto r = server.start(); !r) {
    if (json) {
      log_error("boot", r.error().text);
    } else {
      std::fprintf(stderr, "error: %s\n", r.error().text.c_str());
    }
    return 1;
  }
  // For a person, on standard output; log lines go to standard error.
  const std::string text = greeting_text(server.greeting());
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  notify_manager("READY=1");
  server.run(signals);
  log_info("boot", "stopped");
  return 0;
}

}  // namespace carillon::server
