// The typed readers of Diversion and Remote-Party-ID: a name-addr, which here needs its brackets,
// and parameters.
#include "sip/message/grammar.h"

namespace carillon::sip {

bool read_diversion(Cursor& c, Diversion& out) {
  if (!read_address(c, out.address) || !out.address.brackets) return false;
  const char* const before = c.p;
  const bool good = read_params(c, [&out](View name, View value, bool) {
    if (iequals(name, "counter")) {
      out.counter = to_number<uint32_t>(value);
      return out.counter.has_value();
    }
    if (iequals(name, "reason")) out.reason = without_quotes(value);
    if (iequals(name, "privacy")) out.privacy = without_quotes(value);
    if (iequals(name, "screen")) out.screen = without_quotes(value);
    return true;
  });
  out.address.params = params_since(before, c.p);
  return good;
}

std::optional<Diversion> Diversion::parse(View value) {
  return read_whole<Diversion>(value, read_diversion);
}

bool read_remote_party_id(Cursor& c, RemotePartyId& out) {
  if (!read_address(c, out.address) || !out.address.brackets) return false;
  const char* const before = c.p;
  const bool good = read_params(c, [&out](View name, View value, bool) {
    if (iequals(name, "party")) out.party = without_quotes(value);
    if (iequals(name, "id-type")) out.id_type = without_quotes(value);
    if (iequals(name, "privacy")) out.privacy = without_quotes(value);
    if (iequals(name, "screen")) out.screen = without_quotes(value);
    return true;
  });
  out.address.params = params_since(before, c.p);
  return good;
}

std::optional<RemotePartyId> RemotePartyId::parse(View value) {
  return read_whole<RemotePartyId>(value, read_remote_party_id);
}

}  // namespace carillon::sip
