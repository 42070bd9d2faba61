#include "call/our_hosts.h"

#include "base/text.h"

namespace carillon::call {

OurHosts::OurHosts(const std::vector<sip::Listener>& listeners) {
  for (const sip::Listener& l : listeners) {
    if (!l.bound.is_any()) addresses_.push_back(l.bound);
    if (l.host.empty()) continue;
    if (const auto address = Address::parse_ip(l.host, 0)) {
      addresses_.push_back(*address);
    } else {
      names_.push_back(to_lower(l.host));
    }
  }
}

bool OurHosts::is_our_address(std::string_view host, const sip::Flow& flow) const {
  const auto address = Address::parse_ip(host, 0);
  if (!address) return false;
  if (address->ip == flow.local.ip) return true;
  for (const Address& a : addresses_) {
    if (a.ip == address->ip) return true;
  }
  return false;
}

bool OurHosts::is_ours(std::string_view host, const sip::Flow& flow, const config::ParametersView& parameters) {
  if (!last_.empty() && host == last_) return true;
  if (is_our_address(host, flow)) return true;
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);  // a fully qualified name may say so
  for (const std::string& domain : parameters.domains) {
    if (iequals(host, domain)) return last_ = host, true;
  }
  for (const std::string& name : names_) {
    if (iequals(host, name)) return last_ = host, true;
  }
  return false;
}

}  // namespace carillon::call
