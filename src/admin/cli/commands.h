#pragma once
// What the commands do, once the command line is understood. Each gives the exit code.

#include <string>
#include <utility>
#include <vector>

#include "admin/cli/remote.h"
#include "admin/cli/terminal.h"

namespace carillon::admin {

struct Command {
  ClientFlags flags;
  std::string noun, verb;
  std::string name, value;                                  // positional
  std::string limit, search;                                // of list
  std::string since, until, number, cause, of_call;         // of call detail records
  std::string format, directory;                            // of their export
  std::vector<std::string> filters;                         // FIELD=VALUE
  std::vector<std::pair<std::string, std::string>> fields;  // of add and update
  std::string file;                                         // of import
  bool dry_run = false, atomic = false;
  std::string fresh, old, urgent_fresh, urgent_old;  // of mwi set
  std::string call;                                  // of trace
  bool follow = false, raw = false;
};

int run_entity(const Command& command, const Remote& remote, const Terminal& terminal);
int run_live(const Command& command, const Remote& remote, const Terminal& terminal);
int run_cdr_export(const Command& command, const Remote& remote, const Terminal& terminal);
int run_import(const Command& command, const Remote& remote, const Terminal& terminal);
int run_mwi(const Command& command, const Remote& remote, const Terminal& terminal);
int run_trace(const Command& command, const Remote& remote, const Terminal& terminal);
int run_status(const Command& command, const Remote& remote, const Terminal& terminal);
int run_licence(const Command& command, const Remote& remote, const Terminal& terminal);

// Rows or one object in the output form asked for.
void show_rows(const Command& command, const Terminal& terminal, const json::array& rows);
void show_object(const Command& command, const Terminal& terminal, const json::object& object);
std::string name_in(const json::value& row, std::string_view key);

}  // namespace carillon::admin
