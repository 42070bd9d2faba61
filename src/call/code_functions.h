#pragma once
// What feature codes do: one line a function in the table of code_functions.cc. The dispatch is
// features/feature_code.cc; which code leads to which function is configuration (config/entities/feature_code.h).

#include <string_view>

#include "call/feature.h"

namespace carillon::call {

// `argument`: what was dialled behind the code, "" for none; a view of the number dialled, to be copied by whoever
// changes the call's. Taken: the caller has been cared for. Pass: as if there were no such number.
using CodeFunctionOf = Verdict (*)(Turn& t, const config::FeatureCodeView& code, std::string_view argument);

struct CodeAction {
  config::CodeFunction function;
  CodeFunctionOf run;
  // May be the target of a transfer too: the caller is a stand-in for the transferee then (move.h).
  bool by_transfer = false;
};

// Null for a function that nothing does: its codes are unknown numbers.
const CodeAction* action_of(config::CodeFunction function);

}  // namespace carillon::call
