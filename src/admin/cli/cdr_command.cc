// cdr export: the records as a file, passed on as it comes.

#include <filesystem>
#include <fstream>

#include "admin/cli/commands.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

// The name that the server gave the file: what stands in quotes behind filename=. Never a path.
std::string file_name(const http::ClientResponse& response) {
  const std::string_view given = response.header("content-disposition");
  const size_t at = given.find("filename=\"");
  if (at == std::string_view::npos) return "";
  const std::string_view name = given.substr(at + 10, given.find('"', at + 10) - at - 10);
  const bool safe = !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos;
  return safe ? std::string(name) : "";
}

}  // namespace

int run_cdr_export(const Command& c, const Remote& remote, const Terminal& terminal) {
  http::ClientRequest request;
  request.method = "GET";
  request.target = "/api/v1/cdrs/export" + query_text({{"format", c.format},
                                                       {"since", c.since},
                                                       {"until", c.until},
                                                       {"number", c.number},
                                                       {"cause", c.cause},
                                                       {"call", c.of_call},
                                                       {"limit", c.limit}});
  if (c.directory.empty()) {
    const auto response = remote.send(std::move(request), [&](std::string_view piece) {
      terminal.out << piece;
      return terminal.out.good();
    });
    if (!response) return remote.complain(terminal, response.error());
    return response->status == 200 ? kOk : Remote::complain(terminal, *response);
  }
  // Its name is known when the answer has come; a name of its own until then, so that nobody reads half a file.
  const std::filesystem::path directory(c.directory), part = directory / ".cdr-export.part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  if (!file) return terminal.fail(kFailed, "cannot write in " + printable(c.directory, 300));
  const auto response = remote.send(std::move(request), [&](std::string_view piece) {
    file << piece;
    return file.good();
  });
  file.close();
  std::error_code error;
  const std::string name = response ? file_name(*response) : "";
  const bool good = response && response->status == 200 && file && !name.empty();
  if (good) std::filesystem::rename(part, directory / name, error);
  if (!good || error) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    if (!response) return remote.complain(terminal, response.error());
    if (response->status != 200) return Remote::complain(terminal, *response);
    return terminal.fail(kFailed, "cannot write in " + printable(c.directory, 300));
  }
  terminal.out << (directory / name).string() << "\n";
  return kOk;
}

}  // namespace carillon::admin
