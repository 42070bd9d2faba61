#pragma once
// What a person sees when the server starts.

#include <string>
#include <vector>

#include "admin/open.h"
#include "server/live.h"

namespace carillon::server {

struct Greeting {
  std::string data_dir;
  bool first = false;  // a new data directory
  std::vector<OpenListener> listeners;
  std::vector<admin::DemoPhone> demo;  // with their passwords
  std::vector<Address> addresses;      // of this machine
};

// The first time: a dozen lines, what to type into a phone and what to try. Later: where it listens.
std::string greeting_text(const Greeting& greeting);

}  // namespace carillon::server
