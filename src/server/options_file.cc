// carillon.toml. The one door to toml++.
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <variant>

#include "server/options.h"

namespace carillon::server {
namespace {

using Listens = std::optional<std::vector<FileOptions::Listen>>;
using Target = std::variant<std::optional<std::string> FileOptions::*, std::optional<int64_t> FileOptions::*,
                            std::optional<bool> FileOptions::*, Listens FileOptions::*>;
struct Key {
  std::string_view name;  // with its table
  Target target;
};
const Key kKeys[] = {
    {"data_dir", &FileOptions::data_dir},
    {"shards", &FileOptions::shards},
    {"drain_seconds", &FileOptions::drain_seconds},
    {"state_sync", &FileOptions::state_sync},
    {"trace", &FileOptions::trace},
    {"dns_servers", &FileOptions::dns_servers},
    {"ca_file", &FileOptions::ca_file},
    {"log.format", &FileOptions::log_format},
    {"log.level", &FileOptions::log_level},
    {"sip.udp", &FileOptions::udp},
    {"sip.tcp", &FileOptions::tcp},
    {"sip.tls", &FileOptions::tls},
    {"http.listen", &FileOptions::http},
    {"https.listen", &FileOptions::https},
};

size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); j++) row[j] = j;
  for (size_t i = 1; i <= a.size(); i++) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); j++) {
      const size_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
    }
  }
  return row.back();
}

struct Reader {
  const std::string& name;
  FileOptions out;
  std::optional<Fault> fault;

  void fail(const toml::node& at, const std::string& key, const std::string& text) {
    if (!fault)
      fault = Fault{FaultKind::invalid, name + ", line " + std::to_string(at.source().begin.line) + ": " + text, key};
  }
  void unknown(const toml::node& at, const std::string& key) {
    const Key* best = kKeys;
    for (const Key& k : kKeys) {
      if (distance(key, k.name) < distance(key, best->name)) best = &k;
    }
    std::string text = "unknown key " + key;
    if (distance(key, best->name) <= 4) text += "; did you mean " + std::string(best->name) + "?";
    fail(at, key, text);
  }

  void read(const toml::table& table, const std::string& prefix) {
    for (const auto& [part, node] : table) {
      const std::string key = prefix + std::string(part.str());
      const auto known = std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& k) { return k.name == key; });
      if (known != std::end(kKeys)) {
        std::visit([&](auto member) { value(node, key, out.*member); }, known->target);
      } else if (node.is_table() && prefix.empty()) {
        read(*node.as_table(), key + ".");
      } else {
        unknown(node, key);
      }
    }
  }
  void value(const toml::node& node, const std::string& key, std::optional<std::string>& to) {
    if (!(to = node.value_exact<std::string>())) fail(node, key, key + " must be a text in quotes");
  }
  void value(const toml::node& node, const std::string& key, std::optional<int64_t>& to) {
    if (!(to = node.value_exact<int64_t>())) fail(node, key, key + " must be a whole number");
  }
  void value(const toml::node& node, const std::string& key, std::optional<bool>& to) {
    if (!(to = node.value_exact<bool>())) fail(node, key, key + " must be true or false");
  }
  void value(const toml::node& node, const std::string& key, Listens& to) {
    to.emplace();
    if (!node.is_array()) return listen(node, key, *to);
    for (const toml::node& each : *node.as_array()) listen(each, key, *to);
  }
  void listen(const toml::node& node, const std::string& key, std::vector<FileOptions::Listen>& to) {
    const auto line = static_cast<int>(node.source().begin.line);
    if (const auto text = node.value_exact<std::string>()) {
      to.push_back({*text, "", line});
    } else if (const toml::table* table = node.as_table()) {
      to.push_back({(*table)["bind"].value_or(std::string()), (*table)["advertise"].value_or(std::string()), line});
      for (const auto& [part, ignored] : *table) {
        if (part != "bind" && part != "advertise")
          fail(ignored, key, "unknown key " + std::string(part.str()) + " in a listener; it has bind and advertise");
      }
    } else {
      fail(node, key, key + " must be a list of \"address:port\" or { bind = …, advertise = … }");
    }
  }
};

}  // namespace

Result<FileOptions> parse_options_file(std::string_view text, const std::string& name) {
  try {
    const toml::table table = toml::parse(text, name);
    Reader reader{name, {}, {}};
    reader.read(table, "");
    if (reader.fault) return *reader.fault;
    return reader.out;
  } catch (const toml::parse_error& error) {
    const std::string line = std::to_string(error.source().begin.line);
    return Fault{FaultKind::invalid, name + ", line " + line + ": " + std::string(error.description()), ""};
  }
}

}  // namespace carillon::server
