#include "server/greeting.h"

#include <fmt/format.h>

#include "admin/cli.h"
#include "server/version.h"

namespace carillon::server {
namespace {

std::string listeners_line(const Greeting& g) {
  std::string out;
  std::string kind;
  for (const OpenListener& l : g.listeners) {
    if (l.kind != kind) out += (out.empty() ? "" : "   ") + (kind = l.kind);
    out += " " + l.bound.text();
  }
  return out.empty() ? "nowhere but the local socket" : out;
}

// What a phone in this network would use: a listener's own address, or this machine's first one.
std::string server_for_phones(const Greeting& g) {
  for (const OpenListener& l : g.listeners) {
    if (l.kind != "UDP" && l.kind != "TCP" && l.kind != "TLS") continue;
    if (!l.advertised.empty()) return l.advertised;
    Address at = l.bound;
    if (at.is_any()) {
      for (const Address& a : g.addresses) {
        if (a.is_v4() != at.is_v4()) continue;
        at = a, at.port = l.bound.port;
        break;
      }
    }
    return at.port == 5060 ? at.host_text() : at.text();
  }
  return "this machine";
}

std::string demo_lines(const Greeting& g) {
  std::string out = fmt::format("  Phones to try with, at the server {}:\n", server_for_phones(g));
  for (const auto& p : g.demo) {
    out += fmt::format("    number {:<6} user {:<8} password {:<14} ({})\n", p.number, p.userid, p.password, p.product);
  }
  return out + "  Set up two of them (server, user, password, number), and call 1002 from 1001.\n";
}

std::string empty_lines(const Greeting& g) {
  return fmt::format(
      "  Nothing is configured yet. A user with a phone:\n"
      "    carillon user add alice --last-name Liddell --digest-credentials secret\n"
      "    carillon phone add --product basic --digest-user alice --line 1001\n"
      "  In the phone: server {}, user alice, password secret, number 1001.\n",
      server_for_phones(g));
}

}  // namespace

std::string greeting_text(const Greeting& g) {
  std::string out = fmt::format("Carillon {} is running.\n  Listens on {}\n", kVersion, listeners_line(g));
  if (!g.first && g.demo.empty()) return out;
  out += fmt::format("  Data in {} (API token: {}/token)\n", g.data_dir, g.data_dir);
  out += g.demo.empty() ? empty_lines(g) : demo_lines(g);
  out +=
      "  What next:\n"
      "    carillon status              one screen: listeners, registrations, calls\n"
      "    carillon registration list   who is there\n"
      "    carillon refusal list        why a phone does not register, and what to do\n"
      "    carillon trace --follow      SIP as it happens\n";
  if (g.data_dir != admin::default_data_dir()) out += fmt::format("  (each with --data-dir {})\n", g.data_dir);
  return out;
}

}  // namespace carillon::server
