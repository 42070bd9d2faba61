#pragma once
// Feature codes in front of a number that is called: withheld, or as an intercom call. They stay part of what was
// dialled, for the record and for redial.

#include <string_view>

#include "call/feature.h"

namespace carillon::call {

// The called party is not told who calls (RFC 3323).
Verdict withhold_code(Turn& t, const config::FeatureCodeView&, std::string_view number);
// The phone is asked to answer by itself (features/auto_answer.cc). Only lines can be called so; forwards do not apply.
Verdict intercom_code(Turn& t, const config::FeatureCodeView&, std::string_view number);

}  // namespace carillon::call
