// check_headers(): every header line against its rule.
#include <bitset>

#include "sip/message/message.h"
#include "sip/message/reasons.h"
#include "sip/message/rules.h"

namespace carillon::sip {
namespace {

constexpr size_t kCount = static_cast<size_t>(HeaderId::count);

class Checker {
 public:
  explicit Checker(const Message& message) : message_(message) {}

  ParseFault run() {
    for (const Header& h : message_.headers()) {
      const Rule& rule = rule_of(h.id);
      if (rule.form == Rule::Form::free || read_by_parser(h)) continue;
      const View wrong = line(rule, h);
      if (!wrong.empty()) return fault(wrong);
    }
    return {};
  }

 private:
  View line(const Rule& rule, const Header& h) {
    const auto id = static_cast<size_t>(h.id);
    if (seen_[id] && !rule.repeats) return repeated_header(h.id);
    if (h.id == HeaderId::contact && (star_ || h.value == "*")) {
      if (seen_[id]) return repeated_header(h.id);  // "*" stands alone (RFC 3261 §10.2.2)
      star_ = seen_[id] = true;
      return {};
    }
    seen_[id] = true;
    const int values = count_values(rule, h.value);
    if (values < 0) return bad_header(h.id);
    if (rule.limit != 0 && over_limit(rule, h.id, values)) return too_many(h.id);
    return {};
  }

  // The first Via line, when one value is all of it.
  bool read_by_parser(const Header& h) {
    const View read = message_.top_via().text;
    if (h.id != HeaderId::via || h.value.data() != read.data() || h.value.size() != read.size()) {
      return false;
    }
    vias_ = 1;
    return true;
  }

  bool over_limit(const Rule& rule, HeaderId id, int values) {
    size_t& sum = id == HeaderId::via ? vias_ : id == HeaderId::contact ? contacts_ : paths_;
    sum += static_cast<size_t>(values);
    return sum > rule.limit;
  }

  static View too_many(HeaderId id) {
    return id == HeaderId::via       ? "Too Many Vias"
           : id == HeaderId::contact ? "Too Many Contacts"
                                     : "Too Many Path Values";
  }

  ParseFault fault(View reason) const {
    const bool answerable = message_.is_request() && message_.method() != Method::ack;
    return {ParseFault::Kind::bad, 400, reason, answerable};
  }

  const Message& message_;
  std::bitset<kCount> seen_;
  size_t vias_ = 0, contacts_ = 0, paths_ = 0;
  bool star_ = false;
};

}  // namespace

int count_values(const Rule& rule, View value) {
  Cursor c(value);
  if (c.finished()) return rule.form == Rule::Form::list_or_empty ? 0 : -1;
  int values = 0;
  do {
    if (!rule.value(c)) return -1;
    values++;
  } while (rule.form != Rule::Form::single && c.separator(','));
  return c.finished() ? values : -1;
}

ParseFault check_headers(const Message& message) { return Checker(message).run(); }

}  // namespace carillon::sip
