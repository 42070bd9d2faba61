#include "admin/cli/fields.h"

#include <algorithm>
#include <array>

#include "admin/collections.h"
#include "base/text.h"
#include "config/entities.h"

namespace carillon::admin {
namespace {

constexpr std::array<std::string_view, 7> kOwnWithValue{"--data-dir", "--server", "--token",      "--ca-file",
                                                        "--output",   "-o",       "--if-revision"};
constexpr std::array<std::string_view, 9> kOwnBare{"--insecure", "--no-headers", "--quiet",   "-q", "--no-wait",
                                                   "--help",     "-h",           "--version", "-v"};

template <typename List>
bool holds(const List& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

template <typename V>
std::string takes() {
  if constexpr (std::is_same_v<V, bool>) {
    return "on|off";
  } else if constexpr (std::is_same_v<V, int64_t>) {
    return "N";
  } else if constexpr (config::EnumValue<V>) {
    std::string out;
    for (const auto word : config::words<V>) out.append(out.empty() ? "" : "|").append(word);
    return out;
  } else if constexpr (config::RefValue<V>) {
    return "NAME";
  } else if constexpr (std::is_same_v<V, config::Secret>) {
    return "SECRET";
  } else if constexpr (config::detail::IsList<V>::value) {
    return "A,B";
  } else {
    return "TEXT";
  }
}

template <typename T>
std::vector<FieldFlag> flags_of() {
  std::vector<FieldFlag> out;
  config::each_field<T>([&out](const auto& field) {
    using Value = typename std::decay_t<decltype(field)>::Value;
    if (field.rules.read_only) return;
    out.push_back({std::string(field.name), kebab(field.name), takes<Value>(), std::string(field.help),
                   config::detail::IsList<Value>::value});
  });
  return out;
}

// By name, or in the singular for a list (`--line 1001`).
const FieldFlag* find_flag(const std::vector<FieldFlag>& known, std::string_view flag) {
  for (const auto& each : known) {
    if (each.flag == flag || each.name == flag || (each.list && each.flag == std::string(flag) + "s")) return &each;
  }
  return nullptr;
}

Fault usage(std::string text, std::string_view flag) {
  return {FaultKind::invalid, std::move(text), "--" + std::string(flag)};
}

void append_items(json::array& to, std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(",;"), text.size());
    if (const auto item = trim(text.substr(0, end)); !item.empty()) to.push_back(json::value(std::string(item)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); j++) row[j] = j;
  for (size_t i = 1; i <= a.size(); i++) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); j++) {
      const size_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<FieldFlag> field_flags(std::string_view noun) {
  if (noun == "user") return flags_of<config::EndUser>();
  if (noun == "phone") return flags_of<config::Phone>();
  if (noun == "line") return flags_of<config::Line>();
  if (noun == "partition") return flags_of<config::Partition>();
  if (noun == "search-space") return flags_of<config::CallingSearchSpace>();
  if (noun == "presence-group") return flags_of<config::PresenceGroup>();
  if (noun == "security-profile") return flags_of<config::PhoneSecurityProfile>();
  if (noun == "sip-profile") return flags_of<config::SipProfile>();
  if (noun == "region") return flags_of<config::Region>();
  if (noun == "location") return flags_of<config::Location>();
  if (noun == "device-pool") return flags_of<config::DevicePool>();
  if (noun == "line-group") return flags_of<config::LineGroup>();
  if (noun == "hunt-list") return flags_of<config::HuntList>();
  if (noun == "hunt-pilot") return flags_of<config::HuntPilot>();
  if (noun == "pickup-group") return flags_of<config::CallPickupGroup>();
  if (noun == "call-park") return flags_of<config::CallPark>();
  if (noun == "directed-park") return flags_of<config::DirectedCallPark>();
  if (noun == "feature-code") return flags_of<config::FeatureCode>();
  if (noun == "caller-filter") return flags_of<config::CallerFilter>();
  return {};
}

std::string kebab(std::string_view camel) {
  std::string out;
  for (const char c : camel) {
    if (c >= 'A' && c <= 'Z') out += '-';
    out += ascii_lower(c);
  }
  return out;
}

bool is_own_with_value(std::string_view flag) { return holds(kOwnWithValue, flag); }
bool is_own_flag(std::string_view flag) { return holds(kOwnBare, flag); }

Result<SplitArguments> split_fields(const std::vector<std::string>& arguments) {
  SplitArguments out;
  std::vector<std::string_view> words;
  const auto writes = [&words] {
    return words.size() >= 2 && (words[1] == "add" || words[1] == "update") && find_noun(words[0]) != nullptr;
  };
  for (size_t i = 0; i < arguments.size(); i++) {
    const std::string& argument = arguments[i];
    const bool own_value = is_own_with_value(argument);
    const bool flag = argument.starts_with("--") && argument.size() > 2;
    const size_t equals = std::min(argument.find('='), argument.size());
    const std::string_view name = std::string_view(argument).substr(0, equals);
    const bool own = is_own_with_value(name) || is_own_flag(name);
    if (!flag || own || !writes()) {
      if (!argument.starts_with('-')) words.push_back(argument);
      out.own.push_back(argument);
      if (own_value && i + 1 < arguments.size()) out.own.push_back(arguments[++i]);
      continue;
    }
    const std::string bare(name.substr(2));
    if (equals < argument.size()) {
      out.fields.emplace_back(bare, argument.substr(equals + 1));
    } else if (i + 1 < arguments.size() && !arguments[i + 1].starts_with("--")) {
      out.fields.emplace_back(bare, arguments[++i]);
    } else {
      return usage("--" + bare + " needs a value", bare);
    }
  }
  return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = std::max<size_t>(word.size() / 3, 2) + 1;
  for (const auto& candidate : candidates) {
    const bool inside = word.size() >= 4 && candidate.find(word) != std::string::npos;
    const size_t far = inside ? 1 : distance(word, candidate);
    if (far < best_distance) best = candidate, best_distance = far;
  }
  return best;
}

Result<json::object> to_fields(std::string_view noun, const std::vector<std::pair<std::string, std::string>>& flags,
                               const std::function<std::string()>& read_secret) {
  const auto known = field_flags(noun);
  json::object out;
  for (const auto& [flag, given] : flags) {
    const FieldFlag* field = find_flag(known, flag);
    if (field == nullptr) {
      std::vector<std::string> candidates;
      for (const auto& each : known) candidates.push_back(each.flag);
      const auto near = nearest(flag, candidates);
      return usage("a " + std::string(noun) + " has no --" + flag +
                       (near.empty() ? " (see carillon " + std::string(noun) + " add --help)"
                                     : "; did you mean --" + near + "?"),
                   flag);
    }
    const bool secret = field->takes == "SECRET";
    const std::string value = secret && given == "-" ? read_secret() : given;
    if (field->list) {
      if (!out.contains(field->name)) out[field->name] = json::array();
      append_items(out[field->name].get_array(), value);
    } else if (out.contains(field->name)) {
      return usage("--" + flag + " is given twice", flag);
    } else {
      out[field->name] = value;
    }
  }
  return out;
}

}  // namespace carillon::admin
