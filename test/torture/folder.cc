#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "server.h"
#include "server_test.h"

namespace carillon::torture {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::map<std::string, std::string> read_verdicts(const fs::path& path) {
  std::map<std::string, std::string> out;
  std::ifstream in(path);
  for (std::string name, verdict; in >> name >> verdict;) out[name] = verdict;
  return out;
}

bool fits(const std::string& verdict, const Reply& r) {
  const int status = r.status();
  std::istringstream in(verdict);
  for (std::string one; std::getline(in, one, ',');) {
    if (one == "nothing" && status == 0) return true;
    if (one == "any" && status != 0) return true;
    if (one == "accept" && status != 0 && status != 400 && status < 500) return true;
    if (one == std::to_string(status)) return true;
  }
  return false;
}

// What is wrong, in words; "" when nothing is.
std::string judge(Server& server, const std::string& text, const std::string& verdict, std::string& answer) {
  const Reply r = server.send(text, Way::udp);
  answer = r.line();
  if (!verdict.empty() && !fits(verdict, r)) return "expected " + verdict;
  const bool refused = r.status() == 400 || r.status() == 505;
  for (const std::string& a : r.answers) {
    if (const std::string bad = unsound(a, refused); !bad.empty()) return "unsound answer: " + bad;
  }
  if (r.took >= milliseconds(100)) return "too slow";
  server.send(text, Way::tcp);
  server.pass(seconds(70));
  return server.serves() ? "" : "does not serve any longer";
}

int run_folder(const fs::path& folder, bool digest) {
  const auto verdicts = read_verdicts(folder / "verdicts.txt");
  std::map<std::string, std::string> messages;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".dat") messages[entry.path().stem().string()] = contents(entry.path());
  }
  Server server(digest);
  int failed = 0;
  for (const auto& [name, text] : messages) {
    const auto at = verdicts.find(name);
    std::string answer;
    const std::string wrong = judge(server, text, at == verdicts.end() ? "" : at->second, answer);
    std::printf("%-4s %-16s %-40s %s\n", wrong.empty() ? "ok" : "BAD", name.c_str(), answer.c_str(), wrong.c_str());
    failed += !wrong.empty();
  }
  std::printf("%zu passed, %d failed\n", messages.size() - static_cast<size_t>(failed), failed);
  return failed;
}

}  // namespace

int run_folders(int count, char** folders) {
  int failed = 0;
  for (int i = 0; i < count; i++) {
    for (const bool digest : {false, true}) failed += run_folder(folders[i], digest);
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace carillon::torture
