#include "config/entities/service_parameters.h"

#include <algorithm>

#include "base/text.h"

namespace carillon::config {

namespace {

constexpr View kTrusted =
    "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,fe80::/10,fc00::/7";

constexpr Parameter kParameters[] = {
    {"busy-forward-on-486", ParameterType::boolean, "on", "A phone's 486 or 603 counts as busy for forwarding"},
    {"cfa-destination-override", ParameterType::boolean, "off",
     "A line's forward-all destination may call the line nevertheless"},
    {"cluster-id", ParameterType::text, "StandAloneCluster", "Name of this system in exported call detail records"},
    {"call-back-duration", ParameterType::integer, "1800",
     "How long a call-back that was asked for stands, in seconds", 60, 86400},
    {"call-park-reversion-timer", ParameterType::integer, "60",
     "How long a call stays parked before it goes back to whoever parked it, in seconds", 5, 3600},
    {"domains", ParameterType::domains, "", "Host names in Request-URIs that are ours, besides our addresses"},
    {"forward-maximum-hops", ParameterType::integer, "12", "Most times that one call may be forwarded", 1, 60},
    {"forward-no-answer-timer", ParameterType::integer, "12",
     "How long a line without a duration of its own rings before its no-answer forward, in seconds", 1, 300},
    {"keepalive-interval", ParameterType::integer, "120",
     "Registration lifetime when a phone asks for none, or when its SIP profile fixes it, in seconds", 30, 86400},
    {"licence-pool", ParameterType::integer, "", "Device licence units that may be used; empty for no limit", 0,
     1000000000, true},
    {"max-forward-unregistered-hops", ParameterType::integer, "0",
     "Most unregistered forwards that one call may go through; 0 for no limit but forward-maximum-hops", 0, 60},
    {"realm", ParameterType::text, "ccmsipline", "Realm of the digest challenge to phones"},
    {"registration-maximum", ParameterType::integer, "3600", "Longest registration lifetime granted, in seconds", 60,
     604800},
    {"registration-minimum", ParameterType::integer, "60", "Shortest registration lifetime accepted, in seconds", 1,
     86400},
    {"server-header", ParameterType::boolean, "off", "Name the product in the Server and User-Agent headers"},
    {"subscription-maximum", ParameterType::integer, "3600",
     "Longest lifetime of a subscription or publication granted, in seconds", 60, 604800},
    {"subscription-minimum", ParameterType::integer, "60",
     "Shortest lifetime of a subscription or publication accepted, in seconds", 1, 86400},
    {"t301", ParameterType::integer, "180", "Longest time a call may ring without an answer, in seconds", 10, 3600},
    {"trusted-networks", ParameterType::networks, kTrusted,
     "Networks from which a phone with digest off is known by its user name alone; entries of your own at most /8 or "
     "/32 (IPv6)"},
};

bool default_entry(View entry) {
  for (const std::string& known : split_list(kTrusted)) {
    if (known == entry) return true;
  }
  return false;
}

Fault wrong(const Parameter& p, std::string text) {
  return {FaultKind::invalid, std::string(p.name) + ": " + std::move(text), "value"};
}

Result<std::string> normal_networks(const Parameter& p, View value) {
  std::string all;
  for (const std::string& entry : split_list(value)) {
    const auto network = Network::parse(entry);
    if (!network)
      return wrong(p, "\"" + printable(entry, 60) + "\" is not a network such as 10.0.0.0/8 or 2001:db8::/32");
    const bool v4 = network->base.is_v4() && network->bits >= 96;
    const bool holds_v4 = !v4 && network->contains(Address::v4(0, 0));  // ::/32 holds all mapped IPv4 addresses
    if (!default_entry(entry) && (network->bits < (v4 ? 104 : 32) || holds_v4)) {
      return wrong(p, entry + " is too large; an entry of your own may be at most a /8 (IPv4) or a /32 (IPv6)");
    }
    if (!all.empty()) all += ',';
    all += network->text();
  }
  return all;
}

bool is_domain(View d) {
  if (d.empty() || d.size() > 253 || d.front() == '.' || d.front() == '-') return false;
  for (const char c : d) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
                      c == ':' || c == '[' || c == ']';
    if (!good) return false;
  }
  return d.find("..") == View::npos;
}

Result<std::string> normal_domains(const Parameter& p, View value) {
  std::string all;
  for (const std::string& entry : split_list(value)) {
    const std::string domain = to_lower(entry);
    if (!is_domain(domain)) return wrong(p, "\"" + printable(entry, 60) + "\" is not a host name");
    if (!all.empty()) all += ',';
    all += domain;
  }
  return all;
}

Result<std::string> normal_integer(const Parameter& p, View value) {
  if (value.empty() && p.optional) return std::string();
  const auto number = to_number<int64_t>(value);
  if (number && *number >= p.min && *number <= p.max) return std::to_string(*number);
  return wrong(p, "must be a whole number from " + std::to_string(p.min) + " to " + std::to_string(p.max));
}

Result<std::string> normal_boolean(const Parameter& p, View value) {
  const std::string v = to_lower(value);
  if (v == "on" || v == "true" || v == "yes" || v == "1") return std::string("on");
  if (v == "off" || v == "false" || v == "no" || v == "0") return std::string("off");
  return wrong(p, "must be on or off");
}

Result<std::string> normal_text(const Parameter& p, View value) {
  if (value.empty()) return wrong(p, "must not be empty");
  if (value.size() > 128 || !is_clean_utf8(value) || value.find_first_of("\"\\") != View::npos) {
    return wrong(p, "must be at most 128 printable characters without quotes and backslashes");
  }
  return std::string(value);
}

int64_t number_of(View text) { return to_number<int64_t>(text).value_or(0); }

}  // namespace

std::span<const Parameter> parameters() { return kParameters; }

const Parameter* find_parameter(View name) {
  for (const Parameter& p : kParameters) {
    if (p.name == name) return &p;
  }
  return nullptr;
}

View type_word(ParameterType type) {
  switch (type) {
    case ParameterType::text:
      return "text";
    case ParameterType::integer:
      return "integer";
    case ParameterType::boolean:
      return "boolean";
    case ParameterType::networks:
    case ParameterType::domains:
      return "list";
  }
  return "text";
}

Result<std::string> normal_value(const Parameter& parameter, View value) {
  value = trim(value);
  switch (parameter.type) {
    case ParameterType::text:
      return normal_text(parameter, value);
    case ParameterType::integer:
      return normal_integer(parameter, value);
    case ParameterType::boolean:
      return normal_boolean(parameter, value);
    case ParameterType::networks:
      return normal_networks(parameter, value);
    case ParameterType::domains:
      return normal_domains(parameter, value);
  }
  return std::string(value);
}

View value_of(const std::map<std::string, std::string, std::less<>>& values, View name) {
  const auto set = values.find(name);
  if (set != values.end()) return set->second;
  const Parameter* p = find_parameter(name);
  return p == nullptr ? View() : p->default_value;
}

std::string check_parameters(const std::map<std::string, std::string, std::less<>>& values) {
  const int64_t least = number_of(value_of(values, "registration-minimum"));
  const int64_t most = number_of(value_of(values, "registration-maximum"));
  const int64_t keepalive = number_of(value_of(values, "keepalive-interval"));
  if (least > most) {
    return "registration-minimum (" + std::to_string(least) + ") is above registration-maximum (" +
           std::to_string(most) + ")";
  }
  const int64_t brief = number_of(value_of(values, "subscription-minimum"));
  const int64_t longest = number_of(value_of(values, "subscription-maximum"));
  if (brief > longest) {
    return "subscription-minimum (" + std::to_string(brief) + ") is above subscription-maximum (" +
           std::to_string(longest) + ")";
  }
  // Its default stands aside where an administrator wants calls to end sooner.
  const auto ring = values.find("forward-no-answer-timer");
  if (ring != values.end() && number_of(ring->second) >= number_of(value_of(values, "t301"))) {
    return "forward-no-answer-timer (" + ring->second + ") must be below t301 (" +
           std::string(value_of(values, "t301")) + ")";
  }
  if (keepalive < least || keepalive > most) {
    return "keepalive-interval (" + std::to_string(keepalive) + ") must lie between registration-minimum (" +
           std::to_string(least) + ") and registration-maximum (" + std::to_string(most) + ")";
  }
  return "";
}

ParametersView parameters_view(const std::map<std::string, std::string, std::less<>>& values) {
  ParametersView view;
  const auto number = [&](View name) { return number_of(value_of(values, name)); };
  view.realm = std::string(value_of(values, "realm"));
  view.trusted_networks.clear();
  for (const std::string& entry : split_list(value_of(values, "trusted-networks"))) {
    if (const auto network = Network::parse(entry)) view.trusted_networks.push_back(*network);
  }
  view.domains = split_list(value_of(values, "domains"));
  view.min_expires = seconds(number("registration-minimum"));
  view.max_expires = seconds(number("registration-maximum"));
  view.keepalive = seconds(number("keepalive-interval"));
  view.no_answer_release = seconds(number("t301"));
  view.min_subscription = seconds(number("subscription-minimum"));
  view.max_subscription = seconds(number("subscription-maximum"));
  view.park_reversion = seconds(number("call-park-reversion-timer"));
  view.call_back_duration = seconds(number("call-back-duration"));
  view.max_hops = static_cast<uint32_t>(number("forward-maximum-hops"));
  view.busy_forward_on_486 = value_of(values, "busy-forward-on-486") == "on";
  view.forward_no_answer = seconds(std::min(number("forward-no-answer-timer"), number("t301") - 1));
  view.max_unregistered_hops = static_cast<uint32_t>(number("max-forward-unregistered-hops"));
  view.cfa_destination_override = value_of(values, "cfa-destination-override") == "on";
  view.send_server_header = value_of(values, "server-header") == "on";
  return view;
}

}  // namespace carillon::config
