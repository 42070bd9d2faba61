// PUBLISH of presence (RFC 3903 §6): a phone says how its line's person can be reached. State is kept by entity-tag.

#include <algorithm>

#include "lines/lines_impl.h"
#include "sip/capabilities.h"
#include "sip/message/content_type.h"
#include "sip/message/event.h"

namespace carillon::lines {
namespace {

constexpr View kAcceptPidf = "Accept: application/pidf+xml\r\n";

std::string text_of_tag(uint64_t tag) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text.push_back("0123456789abcdef"[tag >> shift & 15]);
  return text;
}

std::optional<uint64_t> tag_of_text(View text) {
  if (text.size() != 16) return {};
  uint64_t tag = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), tag, 16);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return tag;
}

}  // namespace

Publication* Lines::Impl::find_publication(View text) {
  const auto tag = tag_of_text(text);
  const auto at = tag ? by_tag.find(*tag) : by_tag.end();
  return at == by_tag.end() ? nullptr : publications.find(at->second);
}

void Lines::Impl::publish(Context& c, const sip::Event& e, const registrar::Identity& who) {
  const sip::Message& m = *e.message;
  const auto event = sip::EventPackage::parse(m.value(sip::HeaderId::event));
  if (!event || package_of(event->type) != Package::presence) return answer_bad_event(c, e);
  const config::LineView* line = who.phone == nullptr ? nullptr : c.snapshot->line_of_phone(*who.phone, number_of(m));
  // §6 item 3: of its own lines only.
  if (line == nullptr) return refuse(c, e, who, registrar::RefusalReason::may_not_publish);
  const sip::Expiry expiry = sip::grant(m, bounds(c));
  if (expiry.too_brief) return answer_brief(c, e);
  const sip::Header* match = m.find("SIP-If-Match");
  if (match == nullptr) return publish_new(c, e, *line, who.phone->id, expiry.seconds);
  Publication* known = find_publication(match->value);
  if (known == nullptr || known->phone != who.phone->id || lamps.find(known->lamp)->line != line->id ||
      known->expires <= c.now) {
    return answer(c, e, 412, {});
  }
  publish_again(c, e, *known, expiry.seconds);
}

// False: it has been answered.
bool Lines::Impl::read_publication(Context& c, const sip::Event& e, PublishedPresence& to) {
  const sip::Message& m = *e.message;
  const auto type = sip::ContentType::parse(m.value(sip::HeaderId::content_type));
  if (!type || !type->is("application", "pidf+xml")) return answer(c, e, 415, kAcceptPidf), false;
  if (m.body().size() > limits::kPublicationBytes) return answer(c, e, 413, {}), false;
  auto says = read_pidf(m.body());
  if (!says) {
    answer(c, e, 400, "Warning: 399 carillon \"The body is not a PIDF document (RFC 3863)\"\r\n");
    return false;
  }
  to = std::move(*says);
  return true;
}

void Lines::Impl::publish_new(Context& c, const sip::Event& e, const config::LineView& line, EntityId phone,
                              uint32_t expires) {
  PublishedPresence says;
  if (e.message->body().empty()) return answer(c, e, 400, "Warning: 399 carillon \"Nothing is published\"\r\n");
  if (!read_publication(c, e, says)) return;
  Lamp* lamp = find_lamp(line.id);
  if (publications.full() || (lamp == nullptr && lamps.full())) return answer(c, e, 503, "Retry-After: 60\r\n");
  lamp = &lamp_of(line);
  if (lamp->publications.size() >= limits::kPublicationsPerLine)  // the oldest gives way
    remove(c, *publications.find(lamp->publications.front()));
  lamp = &lamp_of(line);
  const PublicationRef ref = publications.emplace();
  Publication& p = *publications.find(ref);
  p.self = ref;
  p.lamp = lamp->self;
  p.phone = phone;
  p.says = std::move(says);
  lamp->publications.push_back(ref);
  accept_publication(c, e, p, expires);
}

void Lines::Impl::publish_again(Context& c, const sip::Event& e, Publication& p, uint32_t expires) {
  if (expires != 0 && !e.message->body().empty()) {
    PublishedPresence says;
    if (!read_publication(c, e, says)) return;
    p.says = std::move(says);
  }
  accept_publication(c, e, p, expires);
}

// Each success has an entity-tag of its own (§6 item 6).
void Lines::Impl::accept_publication(Context& c, const sip::Event& e, Publication& p, uint32_t expires) {
  Lamp& lamp = *lamps.find(p.lamp);
  if (p.tag != 0) {
    by_tag.erase(p.tag);
    post_removal(c, state::RecordKind::publication, p.tag);
  }
  do p.tag = random.next64();
  while (p.tag == 0 || by_tag.contains(p.tag));
  by_tag[p.tag] = p.self;
  p.made = c.now;
  p.expires = c.now + seconds(expires);
  counters.published++;
  headers.assign("SIP-ETag: ").append(text_of_tag(p.tag)).append("\r\nExpires: ");
  append_number(headers, expires);
  headers.append("\r\n");
  answer(c, e, 200, headers);
  if (expires == 0) return remove(c, p);
  publication_expiries.start(c.now);
  publication_expiries.set(publications, p.self.index, p, p.expires);
  post(c, p, lamp);
  presence_changed(c, lamp);
}

void Lines::Impl::remove(Context& c, Publication& p) {
  Lamp& lamp = *lamps.find(p.lamp);
  publication_expiries.clear(publications, p);
  if (p.tag != 0) {
    by_tag.erase(p.tag);
    post_removal(c, state::RecordKind::publication, p.tag);
  }
  std::erase(lamp.publications, p.self);
  publications.erase(PublicationRef(p.self));
  presence_changed(c, lamp);
  drop_lamp_if_idle(lamp);
}

}  // namespace carillon::lines
