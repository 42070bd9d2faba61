#pragma once
// Makes the Service over a repository, and fills an empty one with a directory to try things with.

#include <memory>
#include <string>
#include <vector>

#include "admin/service.h"
#include "base/random.h"
#include "config/repository.h"

namespace carillon::admin {

// `random` (seeded by the system) makes up device names. Reads the whole configuration into the first snapshot.
Result<std::unique_ptr<Service>> open_service(std::unique_ptr<config::Repository> repository, const Random& random);

struct DemoPhone {
  std::string userid;
  std::string password;
  std::string number;
  std::string product;  // "basic" or "advanced"
};

// Users alice, bob and carol with phones 1001, 1002 (basic) and 1003 (advanced) and made-up passwords, which are known
// to the caller only now. An empty list when the directory is not empty: then nothing is changed.
Result<std::vector<DemoPhone>> seed_demo(Service& service, Random& random);

}  // namespace carillon::admin
