#include "sip/message/reasons.h"

namespace carillon::sip {
namespace {

struct Words {
  View bad, missing, repeated;
};
constexpr Words kWords[] = {
    {"Bad Header", "Missing Header", "Repeated Header"},
#define CARILLON_X(id, name, compact, list, source) {"Bad " name, "Missing " name, "Repeated " name},
    CARILLON_SIP_HEADERS(CARILLON_X)
#undef CARILLON_X
};

}  // namespace

View bad_header(HeaderId id) { return kWords[static_cast<size_t>(id)].bad; }
View missing_header(HeaderId id) { return kWords[static_cast<size_t>(id)].missing; }
View repeated_header(HeaderId id) { return kWords[static_cast<size_t>(id)].repeated; }

}  // namespace carillon::sip
