#pragma once
// Feature codes that change the settings of the caller's line and phone: forwards, do not disturb. The administration
// makes the change, with its rules, its audit and its snapshot; the phone shows what was done.

#include <string_view>

#include "call/feature.h"

namespace carillon::call {

// Forward all, busy, no answer: set to the number dialled behind the code, or cleared. A number that the forward could
// not reach is refused with 404, the line's own with 403.
Verdict forward_code(Turn& t, const config::FeatureCodeView& code, std::string_view number);
Verdict do_not_disturb_code(Turn& t, const config::FeatureCodeView& code, std::string_view);

}  // namespace carillon::call
