#include "registrar/identity.h"

#include "base/text.h"
#include "registrar/examiner.h"
#include "registrar/number.h"
#include "registrar/registrar.h"
#include "registrar/words.h"
#include "sip/message/privacy.h"

namespace carillon::registrar {
namespace {

using Kind = Verdict::Kind;

// What a request of this phone is about: To of a REGISTER, From of everything else.
const sip::NameAddr& subject_of(const sip::Message& m) {
  return m.method() == sip::Method::register_ ? m.to() : m.from();
}

// The line of the phone that a request outside a dialog comes from. From says it; where From does not say who calls
// (RFC 3323 §4.1.1.3) it is the first button's, and P-Preferred-Identity may choose among the phone's own in both cases
// (RFC 3325 §9.2). Null: a number that is no line of the phone.
const config::LineView* line_of_request(const config::Snapshot& snapshot, const config::PhoneView& phone,
                                        const sip::Message& m, NumberBuffer& buffer) {
  const config::LineView* line = nullptr;
  if (!sip::is_anonymous(m.from().uri)) {
    line = snapshot.line_of_phone(phone, number_of(m.from(), buffer));
    if (line == nullptr) return nullptr;
  } else if (!phone.lines.empty()) {
    line = snapshot.line(phone.lines.front().line);
  }
  const config::LineView* preferred = nullptr;
  sip::for_each_value(m, sip::HeaderId::p_preferred_identity, [&](View value) {
    const auto address = sip::NameAddr::parse(value);
    if (address) preferred = snapshot.line_of_phone(phone, number_of(*address, buffer));
    return preferred == nullptr;
  });
  return preferred != nullptr ? preferred : line;
}

bool phone_fits(const config::PhoneView& phone, const sip::Flow& flow) {
  return phone.active && transport_allowed(*phone.security, flow.transport);
}

}  // namespace

struct Identifier::Impl {
  Impl(IdentifierOptions options, Random& random) : examiner(options, random) {}

  Examiner examiner;
  Refusals refusals;
  std::string headers;
  NumberBuffer to_buffer, from_buffer;

  Question question(Instant now, const sip::Message& request, const sip::Flow& flow, const config::Snapshot& snapshot) {
    examiner.start(now);
    return {now, request, flow, snapshot, snapshot.parameters().is_trusted(flow.remote)};
  }
  Verdict accept(const Question& q, const Binding& by, const config::PhoneView& phone);
  Verdict by_credentials(const Question& q);
  Verdict settle(const Question& q, Finding& f);
  bool find_line(const Question& q, Finding& f, Identity& identity);
  Verdict challenge(const Question& q, const Finding& f);
  Verdict refuse(const Question& q, const Finding& f);
  void algorithms(const Question& q, const Finding& f, sip::auth::Challenge& challenge);
  void record(const Question& q, RefusalReason reason, int status, View user, const config::PhoneView* phone);
  const Binding* keepalive(const Question& q, const Registrar& registrar);
};

Identifier::Identifier(IdentifierOptions options, Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), random)) {}
Identifier::~Identifier() = default;
Refusals& Identifier::refusals() { return impl_->refusals; }

// A binding that says who this is.
Verdict Identifier::Impl::accept(const Question& q, const Binding& by, const config::PhoneView& phone) {
  Verdict v;
  v.kind = Kind::accepted;
  v.status = 200;
  v.identity.phone = &phone;
  v.identity.line = q.snapshot.line(by.line);
  v.identity.appearance = phone.appearance(by.line);
  v.identity.digest_user = phone.digest_user;
  v.identity.verification = by.verification;
  v.identity.verified = by.verified;
  return v;
}

Verdict Identifier::Impl::by_credentials(const Question& q) {
  Finding f = examiner.examine(q);
  return settle(q, f);
}

Verdict Identifier::Impl::settle(const Question& q, Finding& f) {
  if (f.kind == Finding::Kind::refused) return refuse(q, f);
  if (f.kind != Finding::Kind::accepted) return challenge(q, f);
  Verdict v;
  if (q.only == nullptr && !find_line(q, f, v.identity)) return refuse(q, f);
  examiner.consume(q.now, f);
  v.kind = Kind::accepted;
  v.status = 200;
  v.identity.phone = f.phone;
  v.identity.digest_user = f.phone->digest_user;
  v.identity.verification = f.verification;
  v.identity.verified = f.verified;
  v.identity.nonce_made = f.nonce.made;
  return v;
}

// The number must be a line of the phone: of a REGISTER in To and in From, of other requests in From.
bool Identifier::Impl::find_line(const Question& q, Finding& f, Identity& identity) {
  const sip::Message& m = q.request;
  const bool registers = m.method() == sip::Method::register_;
  identity.line = registers ? q.snapshot.line_of_phone(*f.phone, number_of(m.to(), to_buffer))
                            : line_of_request(q.snapshot, *f.phone, m, to_buffer);
  bool found = identity.line != nullptr;
  if (found && registers) {
    const View from = number_of(m.from(), from_buffer);
    found = from == identity.line->number || q.snapshot.line_of_phone(*f.phone, from) != nullptr;
  }
  if (!found) {
    f.reason = RefusalReason::not_a_line;
    f.status = 403;
    return false;
  }
  identity.appearance = f.phone->appearance(identity.line->id);
  return true;
}

// Which algorithms to offer must be known before the user is: the phones of the number decide. A number that is
// nobody's is offered what is usual.
void Identifier::Impl::algorithms(const Question& q, const Finding& f, sip::auth::Challenge& c) {
  const auto add = [&c](const config::SecurityView& s) { c.md5 |= s.md5, c.sha256 |= s.sha256; };
  c.md5 = c.sha256 = false;
  if (!q.snapshot.any_sha256()) {
    c.md5 = true;
    return;
  }
  if (q.only != nullptr) {
    add(*q.only->security);
  } else if (const auto* line = q.snapshot.line_by_number(number_of(subject_of(q.request), to_buffer), 0);
             line != nullptr) {
    for (const config::EntityId id : line->phones) {
      const auto* phone = q.snapshot.phone(id);
      if (phone != nullptr) add(*phone->security);
    }
  }
  const bool wrong_algorithm = f.kind == Finding::Kind::again && f.reason == RefusalReason::malformed_credentials;
  if (wrong_algorithm && f.phone != nullptr) add(*f.phone->security);
  if (!c.sha256) c.md5 = true;
}

Verdict Identifier::Impl::challenge(const Question& q, const Finding& f) {
  if (f.kind == Finding::Kind::again && f.recorded) record(q, f.reason, 401, f.user, f.phone);
  sip::auth::Challenge c;
  c.realm = q.snapshot.parameters().realm;
  c.stale = f.stale;
  algorithms(q, f, c);
  c.nonce = examiner.mint(q);
  headers.clear();
  sip::auth::append_challenge(headers, c);
  Verdict v;
  v.kind = Kind::challenge;
  v.status = 401;
  v.headers = headers;
  return v;
}

Verdict Identifier::Impl::refuse(const Question& q, const Finding& f) {
  record(q, f.reason, f.status, f.user, f.phone);
  headers.clear();
  if (q.trusted) append_warning(headers, f.reason, refusals_detail(q.request, q.snapshot, f.reason, f.user, f.phone));
  Verdict v;
  v.kind = Kind::refused;
  v.status = f.status;
  v.headers = headers;
  return v;
}

void Identifier::Impl::record(const Question& q, RefusalReason reason, int status, View user,
                              const config::PhoneView* phone) {
  Refusal row;
  row.source = q.flow.remote;
  row.transport = sip::via_name(q.flow.transport);
  row.method = q.request.method_name();
  row.user = user.substr(0, kNumberBytes);
  row.number = number_of(subject_of(q.request), to_buffer);
  row.reason = reason;
  row.status = status;
  row.detail = refusals_detail(q.request, q.snapshot, reason, user, phone);
  refusals.add(q.now, row);
}

void Identifier::note(Instant now, const sip::Message& request, const sip::Flow& flow, const Identity& identity,
                      RefusalReason reason, int status) {
  Refusal row;
  row.source = flow.remote;
  row.transport = sip::via_name(flow.transport);
  row.method = request.method_name();
  row.user = identity.digest_user;
  row.number = number_of(subject_of(request), impl_->to_buffer);
  row.reason = reason;
  row.status = status;
  if (identity.phone != nullptr) row.detail = "Phone " + identity.phone->name + ".";
  if (reason == RefusalReason::not_our_domain) row.detail = "asked for " + printable(request.request_uri(), 64);
  impl_->refusals.add(now, row);
}

// A REGISTER that needs no challenge: it only refreshes, and the nonce that identified its binding is alive.
const Binding* Identifier::Impl::keepalive(const Question& q, const Registrar& registrar) {
  const Binding* b = registrar.refreshed_by(q.request, q.flow, number_of(q.request.to(), to_buffer));
  if (b == nullptr) return nullptr;
  const config::PhoneView* phone = q.snapshot.phone(b->phone);
  if (phone == nullptr || !phone_fits(*phone, q.flow) || phone->appearance(b->line) == nullptr) return nullptr;
  if (phone->digest_user != b->digest_user) return nullptr;
  if (b->nonce_made + phone->security->nonce_validity < q.now) return nullptr;
  if (must_verify(*phone, q.trusted) && !b->verified) return nullptr;
  const View from = number_of(q.request.from(), from_buffer);
  return from == b->number || q.snapshot.line_of_phone(*phone, from) != nullptr ? b : nullptr;
}

Verdict Identifier::of_register(Instant now, const sip::Message& request, const sip::Flow& flow,
                                const config::Snapshot& snapshot, const Registrar& registrar) {
  const Question q = impl_->question(now, request, flow, snapshot);
  const Binding* b = impl_->keepalive(q, registrar);
  if (b != nullptr) return impl_->accept(q, *b, *snapshot.phone(b->phone));
  return impl_->by_credentials(q);
}

Verdict Identifier::of_request(Instant now, const sip::Message& request, const sip::Flow& flow,
                               const config::Snapshot& snapshot, const Registrar& registrar, bool again) {
  Question q = impl_->question(now, request, flow, snapshot);
  q.counted = again;
  const bool anonymous = sip::is_anonymous(request.from().uri);
  const Binding* b = anonymous ? registrar.only_phone_of(flow)
                               : registrar.by_flow(flow, number_of(request.from(), impl_->from_buffer));
  const config::PhoneView* phone = b == nullptr ? nullptr : snapshot.phone(b->phone);
  const bool options = request.method() == sip::Method::options;
  if (phone != nullptr && phone_fits(*phone, flow) && phone->appearance(b->line) != nullptr) {
    if (options || !must_verify(*phone, q.trusted)) {
      Verdict v = impl_->accept(q, *b, *phone);
      if (const auto* line = line_of_request(snapshot, *phone, request, impl_->from_buffer)) {
        v.identity.line = line;
        v.identity.appearance = phone->appearance(line->id);
      }
      return v;
    }
  } else if (options && registrar.knows_flow(flow)) {
    Verdict keepalive;
    keepalive.kind = Kind::accepted;
    keepalive.status = 200;
    return keepalive;
  }
  return impl_->by_credentials(q);
}

Verdict Identifier::in_dialog(Instant now, const sip::Message& request, const sip::Flow& flow,
                              const sip::Flow& dialog_flow, const config::PhoneView& phone,
                              const config::Snapshot& snapshot) {
  Question q = impl_->question(now, request, flow, snapshot);
  const sip::Method m = request.method();
  const bool unasked = m == sip::Method::ack || m == sip::Method::cancel;  // RFC 3261 §22.1: these cannot be challenged
  const bool spared =
      !must_verify(phone, q.trusted) || phone.security->challenge_out_of_dialog_only || m == sip::Method::options;
  if (unasked || (spared && flow.same_way(dialog_flow))) {
    Verdict v;
    v.kind = Kind::accepted;
    v.status = 200;
    v.identity.phone = &phone;
    v.identity.digest_user = phone.digest_user;
    return v;
  }
  q.only = &phone;
  return impl_->by_credentials(q);
}

}  // namespace carillon::registrar
