#include "server/demo_file.h"

#include <fstream>
#include <sstream>

namespace carillon::server {
namespace {
constexpr const char* kName = "demo-phones";
constexpr size_t kMostPhones = 16;
}  // namespace

Result<void> write_demo(const DataDir& dir, const std::vector<admin::DemoPhone>& phones) {
  std::string text;
  for (const auto& p : phones) text += p.userid + ' ' + p.password + ' ' + p.number + ' ' + p.product + '\n';
  return write_secret_file(dir.file(kName), text);
}

std::vector<admin::DemoPhone> read_demo(const DataDir& dir) {
  std::vector<admin::DemoPhone> phones;
  std::ifstream in(dir.file(kName));
  std::string line;
  while (phones.size() < kMostPhones && std::getline(in, line)) {
    admin::DemoPhone p;
    std::istringstream words(line);
    if (words >> p.userid >> p.password >> p.number >> p.product) phones.push_back(std::move(p));
  }
  return phones;
}

}  // namespace carillon::server
