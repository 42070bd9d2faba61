// The grammar in CLI11's terms. The one door to CLI11.

#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "admin/cli.h"
#include "admin/cli/commands.h"
#include "admin/cli/fields.h"
#include "admin/cli/grammar.h"
#include "admin/collections.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

std::string whole_number(const std::string& text) {
  return to_number<uint64_t>(text) ? "" : "must be a whole number, and '" + printable(text, 40) + "' is none";
}

void add_common(CLI::App& app, ClientFlags& flags) {
  const std::string group = "Which server, and how to show";
  app.add_option("--data-dir", flags.data_dir, "Data directory; its socket is used (CARILLON_DATA_DIR)")
      ->type_name("DIR")
      ->group(group);
  app.add_option("--server", flags.server, "Server's URL instead, with --token (CARILLON_SERVER)")
      ->type_name("URL")
      ->group(group);
  app.add_option("--token", flags.token,
                 "Token of the API; the file token in the data directory has it (CARILLON_TOKEN)")
      ->type_name("T")
      ->group(group);
  app.add_option("--ca-file", flags.ca_file, "Authority of the server's certificate, PEM")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--insecure", flags.insecure, "Do not check the server's certificate")->group(group);
  app.add_option("-o,--output", flags.output, "table, json, csv or yaml")
      ->check(CLI::IsMember({"table", "json", "csv", "yaml"}))
      ->group(group)
      ->type_name("FORM");
  app.add_flag("--no-headers", flags.no_headers, "Tables and CSV without their first line")->group(group);
  app.add_flag("-q,--quiet", flags.quiet, "Names only")->group(group);
  app.add_flag("--no-wait", flags.no_wait, "Do not wait until a change is in force for calls")->group(group);
  app.add_option("--if-revision", flags.if_revision, "Change only what has not changed since this revision")
      ->type_name("N")
      ->group(group);
}

void add_serve(CLI::App& app, ServeFlags& flags) {
  const auto list = [&app](const char* name, const char* env, std::vector<std::string>& to, const char* help) {
    app.add_option(name, to, help)
        ->envname(env)
        ->delimiter(',')
        ->take_all()
        ->type_name("A:P")
        ->expected(1)
        ->allow_extra_args(false);
  };
  app.add_option("--config", flags.config_file, "Settings, TOML; flags and CARILLON_… win over it")
      ->envname("CARILLON_CONFIG")
      ->type_name("FILE");
  list("--sip-udp", "CARILLON_SIP_UDP", flags.sip_udp, "Listen for SIP over UDP; may be repeated");
  list("--sip-tcp", "CARILLON_SIP_TCP", flags.sip_tcp, "Listen for SIP over TCP");
  list("--sip-tls", "CARILLON_SIP_TLS", flags.sip_tls, "Listen for SIP over TLS");
  list("--http", "CARILLON_HTTP", flags.http, "Listen for the API over HTTP; none for none");
  list("--https", "CARILLON_HTTPS", flags.https, "Listen for the API over HTTPS; none for none");
  app.add_option("--log-format", flags.log_format, "text (the default) or json")
      ->envname("CARILLON_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
  app.add_option("--log-level", flags.log_level, "debug, info, warning or error")
      ->envname("CARILLON_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  app.add_flag("--demo", flags.demo, "Fill an empty data directory with users alice, bob and carol, and their phones");
}

bool takes_name(std::string_view verb) { return verb != "list" && verb != "export"; }

void add_cdr_options(CLI::App& app, std::string_view verb, Command& c) {
  app.add_option("--since", c.since, "Begun then or later: 2026-11-22, 2026-11-22T13:05:06Z, or an age such as 2h, 7d")
      ->type_name("TIME");
  app.add_option("--until", c.until, "Begun before then")->type_name("TIME");
  app.add_option("--number", c.number, "With this number: calling, dialled, called, or that sent the call on")
      ->type_name("N");
  app.add_option("--cause", c.cause, "With this Q.850 cause")->check(CLI::Range(0, 127))->type_name("N");
  app.add_option("--call", c.of_call, "All records of this call")->type_name("ID");
  if (verb != "export") return;
  app.add_option("--limit", c.limit, "At most so many, the oldest")->check(whole_number)->type_name("N");
  app.add_option("--format", c.format, "cucm (its columns and codes; the default) or csv (ours)")
      ->check(CLI::IsMember({"cucm", "csv"}))
      ->type_name("FORM");
  app.add_option("--directory", c.directory, "Write a file with the usual name there, instead of standard output")
      ->type_name("DIR");
}

void add_mwi(CLI::App& app, Command& c) {
  app.add_option("LAMP", c.value, "on or off; what the counts say when left out")
      ->check(CLI::IsMember({"on", "off"}))
      ->type_name("");
  const auto count = [&app](const char* name, std::string& to, const char* help) {
    app.add_option(name, to, help)->check(CLI::Range(0, 99'999))->type_name("N");
  };
  count("--new", c.fresh, "New messages");
  count("--old", c.old, "Messages that were heard");
  count("--urgent-new", c.urgent_fresh, "Of the new ones, urgent");
  count("--urgent-old", c.urgent_old, "Of those that were heard, urgent");
}

void add_verb(CLI::App& noun, const Noun& facts, std::string_view verb, Command& c) {
  CLI::App* app = noun.add_subcommand(std::string(verb));
  app->fallthrough();
  const auto* collection = find_noun(facts.noun);
  if (takes_name(verb)) {
    auto* name = app->add_option(
        "NAME", c.name,
        std::string(collection != nullptr ? collection->key : "name") + " of the " + std::string(facts.noun));
    name->required(verb != "add" || facts.noun != "phone")->type_name("");
  }
  if (verb == "set" && facts.noun == "mwi") add_mwi(*app, c);
  if (verb == "set" && facts.noun != "mwi")
    app->add_option("VALUE", c.value, "New value; lists are comma-separated")->required()->type_name("");
  if (verb == "list") {
    app->add_option("--limit", c.limit, "At most so many")->check(whole_number)->type_name("N");
    app->add_option("--search", c.search, "Those that have this in them")->type_name("TEXT");
    if (collection != nullptr) {
      app->add_option("--filter", c.filters, "Those with this value of a field")
          ->type_name("FIELD=VALUE")
          ->expected(1)
          ->take_all()
          ->allow_extra_args(false);
    }
  }
  if (facts.noun == "cdr" && verb != "show") add_cdr_options(*app, verb, c);
  const std::string fields = verb == "add" || verb == "update" ? "\nFields:\n" + field_help(facts.noun) : "";
  app->footer(fields + "\nExamples:\n  " + std::string(facts.example) +
              "\n\nWhat every command takes: carillon --help");
  app->callback([&c, noun = std::string(facts.noun), verb = std::string(verb)] { c.noun = noun, c.verb = verb; });
}

void add_noun(CLI::App& root, const Noun& facts, Command& c, ServeFlags& serve) {
  CLI::App* app = root.add_subcommand(std::string(facts.noun), std::string(facts.help));
  app->fallthrough();
  app->footer("\nExamples:\n  " + std::string(facts.example));
  for (const auto verb : facts.verbs) add_verb(*app, facts, verb, c);
  if (!facts.verbs.empty()) {
    app->require_subcommand(1);
    return;
  }
  app->callback([&c, noun = std::string(facts.noun)] { c.noun = noun; });
  if (facts.noun == "serve") add_serve(*app, serve);
  if (facts.noun == "import") {
    app->add_option("FILE", c.file, "CSV with a header row; - is standard input")->required()->type_name("");
    app->add_flag("--dry-run", c.dry_run, "Check everything, change nothing");
    app->add_flag("--atomic", c.atomic, "All rows or none");
  }
  if (facts.noun == "trace") {
    app->add_option("--call", c.call, "Of this call only: its name, or a SIP Call-ID")->type_name("ID");
    app->add_flag("--follow,-f", c.follow, "Go on as messages come");
    app->add_flag("--raw", c.raw, "The messages themselves");
  }
}

int dispatch(const Command& c, const ServeFlags& flags, const Terminal& terminal,
             const std::function<int(const ServeFlags&)>& serve) {
  if (c.noun == "serve") return serve(flags);
  const auto remote = Remote::make(c.flags);
  if (!remote) return terminal.fail(kUsage, remote.error().text);
  if (c.noun == "import") return run_import(c, *remote, terminal);
  if (c.noun == "trace") return run_trace(c, *remote, terminal);
  if (c.noun == "mwi") return run_mwi(c, *remote, terminal);
  if (c.noun == "cdr" && c.verb == "export") return run_cdr_export(c, *remote, terminal);
  if (c.noun == "status") return run_status(c, *remote, terminal);
  if (c.noun == "licence") return run_licence(c, *remote, terminal);
  return find_noun(c.noun) != nullptr ? run_entity(c, *remote, terminal) : run_live(c, *remote, terminal);
}

bool asks_help(const std::vector<std::string>& arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const auto& a) { return a == "--help" || a == "-h" || a == "--version"; });
}

// The bare words, as far as they can be told from the values of flags: the first two at the front.
std::vector<std::string> front_words(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  for (size_t i = 0; i < arguments.size() && out.size() < 2; i++) {
    if (!arguments[i].starts_with('-')) {
      out.push_back(arguments[i]);
    } else if (is_own_with_value(arguments[i])) {
      i++;
    } else if (arguments[i].find('=') == std::string::npos && !is_own_flag(arguments[i])) {
      break;  // a flag of the command: whatever follows may be its value
    }
  }
  return out;
}

// The first flag that none of the parsed commands takes, with the likeliest one; "" when the fault is another.
std::string unknown_flag(const CLI::App& root, const std::vector<std::string>& arguments) {
  std::vector<std::string> known;
  for (const CLI::App* app = &root; app != nullptr;) {
    for (const auto* option : app->get_options()) {
      for (const auto& name : option->get_lnames()) known.push_back(name);
    }
    const auto parsed = app->get_subcommands();
    app = parsed.empty() ? nullptr : parsed.front();
  }
  for (const auto& argument : arguments) {
    if (!argument.starts_with("--") || argument.size() == 2) continue;
    const std::string bare = argument.substr(2, argument.find('=') - 2);
    if (std::find(known.begin(), known.end(), bare) != known.end()) continue;
    const auto near = nearest(bare, known);
    return "there is no --" + printable(bare, 60) + (near.empty() ? "" : "; did you mean --" + near + "?");
  }
  return "";
}

}  // namespace

std::string default_data_dir() {
  char path[4096];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  const std::string_view program(path, size > 0 ? static_cast<size_t>(size) : 0);
  return program.starts_with("/usr/") || program.starts_with("/opt/") ? "/var/lib/carillon" : "./carillon-data";
}

int run(const std::vector<std::string>& arguments, const Terminal& terminal,
        const std::function<int(const ServeFlags&)>& serve) {
  if (arguments.empty()) return terminal.out << overview(), kOk;
  auto split = split_fields(arguments);
  if (!split) return terminal.fail(kUsage, split.error().text);
  if (!asks_help(split->own)) {
    const auto wrong = check_words(front_words(split->own));
    if (!wrong.empty()) return terminal.fail(kUsage, wrong);
  }
  Command command;
  command.fields = std::move(split->fields);
  ServeFlags flags;
  CLI::App app("Carillon, SIP call control", "carillon");
  app.set_version_flag("--version", "carillon " CARILLON_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  add_common(app, command.flags);
  for (const auto& noun : nouns()) add_noun(app, noun, command, flags);
  app.footer("\nExit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 denied, 5 unreachable");
  std::vector<std::string> reversed(split->own.rbegin(), split->own.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::Success& asked) {
    return app.exit(asked, terminal.out, terminal.err), kOk;
  } catch (const CLI::ParseError& e) {
    const bool extra = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
    const auto unknown = extra ? unknown_flag(app, split->own) : "";
    return terminal.fail(kUsage, (unknown.empty() ? std::string(e.what()) : unknown) +
                                     " (--help behind any command says what it takes)");
  }
  flags.data_dir = command.flags.data_dir;
  if (const char* directory = std::getenv("CARILLON_DATA_DIR"); flags.data_dir.empty() && directory != nullptr) {
    flags.data_dir = directory;
  }
  return dispatch(command, flags, terminal, serve);
}

int command_line(int argc, char** argv, const std::function<int(const ServeFlags&)>& serve) {
  Terminal terminal{std::cout, std::cerr, std::cin};
  terminal.out_is_tty = ::isatty(STDOUT_FILENO) == 1;
  terminal.err_is_tty = ::isatty(STDERR_FILENO) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  terminal.colour = terminal.out_is_tty && (no_colour == nullptr || *no_colour == '\0');
  winsize size{};
  if (terminal.out_is_tty && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    terminal.width = size.ws_col;
  const int exit = run({argv + 1, argv + argc}, terminal, serve);
  std::cout.flush();
  return exit;
}

}  // namespace carillon::admin
