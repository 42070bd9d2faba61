// What a shard does with a request that begins something: one switch on the method.

#include "base/limits.h"
#include "base/text.h"
#include "shard/shard_impl.h"
#include "sip/capabilities.h"
#include "sip/route_key.h"

namespace carillon::shard {
namespace {

// A user part that names nobody of ours is not answered for: RFC 3261 §11.2 wants what an INVITE would get.
constexpr std::string_view kNotOurs =
    "Warning: 399 carillon \"The host of the Request-URI is not one of this server's addresses or domains\"\r\n";

bool is_dialog_method(sip::Method m) {
  return m == sip::Method::bye || m == sip::Method::prack || m == sip::Method::update || m == sip::Method::info;
}

}  // namespace

void Shard::Impl::reply(const sip::Event& event, int status, std::string_view headers, Output& out) {
  stack.reply(event, {status, {}, {}, headers, {}, {}}, out.sip);
}

void Shard::Impl::request(Instant now, const sip::Event& event, Output& out) {
  const sip::Message& m = *event.message;
  if (m.method() == sip::Method::subscribe && !m.to_tag().empty()) {
    bool taken = false;
    with_lines(now, out, [&](lines::Context& context) { taken = lines.in_dialog(context, event); });
    if (taken) return;
  }
  if (m.method() != sip::Method::register_ && !m.to_tag().empty()) {
    with_engine(now, out, [&](call::Context& context) { engine.in_dialog(context, event); });
    return;
  }
  if (is_dialog_method(m.method())) {
    reply(event, 481, {}, out);
    return;
  }
  if (!check_domain(now, event, out)) return;
  if (m.method() == sip::Method::register_) {
    register_request(now, event, out);
  } else if (!passed_on(event, out)) {
    out_of_dialog(now, event, out);
  }
}

bool Shard::Impl::check_domain(Instant now, const sip::Event& event, Output& out) {
  const auto uri = sip::Uri::parse(event.message->request_uri());
  if (uri && (uri->scheme == sip::Uri::Scheme::tel || hosts.is_ours(uri->host, event.flow, snapshot->parameters())))
    return true;
  identifier.note(now, *event.message, event.flow, {}, registrar::RefusalReason::not_our_domain, 404);
  reply(event, 404, kNotOurs, out);
  return false;
}

// To and Request-URI may name different numbers: what is watched is the latter.
bool Shard::Impl::passed_on(const sip::Event& event, Output& out) {
  const sip::Message& m = *event.message;
  if (options_.shards == 1) return false;
  if (m.method() != sip::Method::subscribe && m.method() != sip::Method::publish) return false;
  const auto owner = static_cast<uint16_t>(sip::shard_of_user(lines::number_of(m), options_.shards));
  if (owner == options_.index) return false;
  out.mail.push_back({owner, Handoff{event.flow, std::string(m.bytes()), true}});
  return true;
}

bool Shard::Impl::not_accepted(const registrar::Verdict& v, const sip::Event& event, Output& out) {
  if (v.kind == registrar::Verdict::Kind::accepted) return false;
  if (v.kind == registrar::Verdict::Kind::challenge) {
    counters.challenges++;
  } else {
    counters.refusals++;
  }
  stack.reply(event, {v.status, v.reason, {}, v.headers, {}, {}}, out.sip);
  return true;
}

void Shard::Impl::register_request(Instant now, const sip::Event& event, Output& out) {
  const sip::Message& m = *event.message;
  const auto verdict = identifier.of_register(now, m, event.flow, *snapshot, registrar);
  if (not_accepted(verdict, event, out)) return;
  const sip::TxnId txn = stack.accept(now, event, false, out.sip);
  if (!txn.valid()) {
    reply(event, 503, "Retry-After: 5\r\n", out);
    return;
  }
  const size_t first_post = out.posts.size();
  const auto outcome = registrar.apply(now, m, event.flow, verdict.identity, *snapshot, out.posts, changes);
  if (outcome.refused) {
    counters.refusals++;
    identifier.note(now, m, event.flow, verdict.identity, outcome.refusal, outcome.status);
  } else {
    counters.registrations++;
  }
  if (!outcome.wait || out.posts.size() == first_post) {
    stack.respond(now, txn, {outcome.status, outcome.reason, {}, outcome.headers, {}, {}}, out.sip);
    return;
  }
  Pending p;
  p.token = out.posts.back().token = ++next_token;
  p.limit = now + limits::kInternalAnswer;
  p.txn = txn;
  p.mark = registrar.mark();
  p.status = outcome.status;
  p.reason = outcome.reason;
  p.headers = outcome.headers;
  pending.push_back(std::move(p));
}

void Shard::Impl::out_of_dialog(Instant now, const sip::Event& event, Output& out) {
  const sip::Message& m = *event.message;
  if (is_sought(now, m)) return;  // a repetition: its answer is yet to come
  if (m.method() == sip::Method::options && registrar.knows_flow(event.flow)) {  // a keepalive
    options(event, {}, out);
    return;
  }
  const auto verdict = identifier.of_request(now, m, event.flow, *snapshot, registrar, sought);
  if (not_accepted(verdict, event, out)) return;
  const bool may_follow = options_.shards > 1 && m.method() == sip::Method::invite;
  if (may_follow && (follow_replaces(now, event, out) || follow_number(now, event, verdict.identity, out))) return;
  if (m.method() == sip::Method::invite) {
    with_engine(now, out, [&](call::Context& c) { engine.invite(c, event, verdict.identity); });
  } else if (m.method() == sip::Method::options) {
    options(event, verdict.identity, out);
  } else if (m.method() == sip::Method::subscribe) {
    with_lines(now, out, [&](lines::Context& c) { lines.subscribe(c, event, verdict.identity); });
  } else if (m.method() == sip::Method::publish) {
    with_lines(now, out, [&](lines::Context& c) { lines.publish(c, event, verdict.identity); });
  } else {
    scratch.assign("Allow: ").append(sip::kAllow).append("\r\n");
    reply(event, 405, scratch, out);
  }
}

void Shard::Impl::options(const sip::Event& event, const registrar::Identity& identity, Output& out) {
  const auto uri = sip::Uri::parse(event.message->request_uri());
  if (uri && uri->has_user) {
    const config::EntityId css = identity.phone == nullptr ? 0 : identity.phone->calling_search_space;
    if (snapshot->line_by_number(sip::decoded_user(*uri), css) == nullptr) {
      reply(event, 404, {}, out);
      return;
    }
  }
  scratch.assign("Allow: ").append(sip::kAllow).append("\r\nAccept: ").append(sip::kAccept);
  scratch.append("\r\nAccept-Encoding: identity\r\nAccept-Language: en\r\nSupported: ")
      .append(sip::kSupported)
      .append("\r\nAllow-Events: ")
      .append(sip::kAllowEvents)
      .append("\r\n");
  reply(event, 200, scratch, out);
}

}  // namespace carillon::shard
