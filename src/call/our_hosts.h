#pragma once
// Is a Request-URI ours (decisions.md, "Addresses and domains")?

#include <string>
#include <string_view>
#include <vector>

#include "config/snapshot.h"
#include "sip/flow.h"

namespace carillon::call {

// Knows the listeners' addresses; the domains come with the snapshot. Single owner: it remembers the last host it
// accepted.
class OurHosts {
 public:
  explicit OurHosts(const std::vector<sip::Listener>& listeners);
  // The snapshot may name other domains now.
  void forget() { last_.clear(); }
  bool is_ours(std::string_view host, const sip::Flow& flow, const config::ParametersView& parameters);

 private:
  bool is_our_address(std::string_view host, const sip::Flow& flow) const;
  std::vector<Address> addresses_;
  std::vector<std::string> names_;  // advertised, lower case
  std::string last_;                // a host known to be ours whatever the flow
};

}  // namespace carillon::call
