#include "sip/message/method.h"

#include <array>

namespace carillon::sip {
namespace {

constexpr std::array<std::string_view, kMethods> kNames = {
    "",        "INVITE", "ACK",  "BYE",   "CANCEL",    "REGISTER", "OPTIONS", "PRACK",
    "UPDATE", "INFO",   "REFER", "SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE",
};

Method only(std::string_view name, Method candidate) {
  return name == kNames[static_cast<size_t>(candidate)] ? candidate : Method::other;
}

Method of_six(std::string_view name) {
  switch (name[0]) {
    case 'I': return only(name, Method::invite);
    case 'C': return only(name, Method::cancel);
    case 'U': return only(name, Method::update);
    default: return only(name, Method::notify);
  }
}

Method of_seven(std::string_view name) {
  switch (name[0]) {
    case 'O': return only(name, Method::options);
    case 'P': return only(name, Method::publish);
    default: return only(name, Method::message);
  }
}

Method of_five(std::string_view name) {
  return only(name, name[0] == 'P' ? Method::prack : Method::refer);
}

}  // namespace

Method method_of(std::string_view name) {
  switch (name.size()) {
    case 3: return only(name, name[0] == 'A' ? Method::ack : Method::bye);
    case 4: return only(name, Method::info);
    case 5: return of_five(name);
    case 6: return of_six(name);
    case 7: return of_seven(name);
    case 8: return only(name, Method::register_);
    case 9: return only(name, Method::subscribe);
    default: return Method::other;
  }
}

std::string_view name_of(Method m) { return kNames[static_cast<size_t>(m)]; }

}  // namespace carillon::sip
