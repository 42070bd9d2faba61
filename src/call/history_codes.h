#pragma once
// Feature codes that go by the call records: last-call return, redial. The store is asked, since it knows the calls of
// all shards and of earlier lives; a call that is not over has no record yet.

#include <string_view>

#include "call/config_request.h"
#include "call/feature.h"

namespace carillon::call {

// Calls whoever called the caller's line last, answered or not. A caller who withheld its number is not called: 403.
Verdict last_call_return_code(Turn& t, const config::FeatureCodeView&, std::string_view);
// Calls what this phone dialled last on the line: a number, or a code in front of one that does not change settings.
Verdict redial_code(Turn& t, const config::FeatureCodeView&, std::string_view);

// Has the store looked for the records of the caller's line. False: the caller has been refused.
bool ask_records(Turn& t, void (*then)(Turn&, const ConfigAnswer&));
// The newest of them that is a call of the caller's own, to `number` unless that is "". Null when there is none.
// `codes`: codes in front of a number count, else only numbers do.
const state::Cdr* last_dialled(const Turn& t, const ConfigAnswer& answer, std::string_view number, bool codes);
// Sends the waiting caller on to `number`, as if it had been dialled; what cannot be reached is refused with 404.
void call_number(Turn& t, std::string number);

}  // namespace carillon::call
