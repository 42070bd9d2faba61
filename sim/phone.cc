#include "phone.h"

#include <algorithm>

#include "base/text.h"
#include "digest.h"

namespace carillon::sim {

Phone::Phone(World& world, Network& network, PhoneOptions options)
    : world_(world),
      network_(network),
      options_(std::move(options)),
      transactions_(world, [this](const std::string& bytes) { send(bytes); }) {
  network_.bind(options_.address, this);
  transactions_.reliable = options_.transport != sip::Transport::udp;
  next_port_ = static_cast<uint16_t>(20000 + 2 * world_.random().below(5000));
  transactions_.on_no_ack = [this](const std::string& call_id) {
    for (PhoneCall& c : calls_) {  // RFC 3261 §13.3.1.4
      if (c.call_id != call_id || !c.live()) continue;
      c.state = PhoneCall::State::up;
      hang_up(c);
    }
  };
}

Phone::~Phone() {
  *alive_ = false;
  network_.unbind(options_.address);
}

void Phone::send(const std::string& bytes) {
  if (options_.manners.dead) return;
  if (options_.transport == sip::Transport::udp) {
    network_.send(options_.address, options_.server, bytes);
    return;
  }
  if (stream_ == 0) {
    reader_ = {};
    Address from = options_.address;
    from.port = ++source_port_;
    stream_ = network_.connect(from, options_.server, options_.transport == sip::Transport::tls, this);
  }
  if (stream_ != 0) network_.write(stream_, this, bytes);
}

void Phone::datagram(const Address&, const Address&, View bytes) {
  if (!options_.manners.dead) take(bytes);
}

void Phone::accepted(StreamId id, const Address&, const Address&, bool) {
  if (!options_.manners.listens) return network_.close(id);
  if (stream_ != 0 && stream_ != id) network_.close(stream_);
  stream_ = id;
  reader_ = {};
}

void Phone::data(StreamId id, View bytes) {
  if (id != stream_ || options_.manners.dead) return;
  reader_.feed(bytes);
  while (auto message = reader_.next()) take(*message);
}

void Phone::closed(StreamId id) {
  if (id != stream_) return;
  stream_ = 0;
  for (auto& [key, r] : registrations_) {
    if (r.registered && r.request.keep) refresh_later(key, milliseconds(500));  // over a new connection
  }
}

void Phone::drop_connection() {
  if (stream_ != 0) network_.close(stream_);
}

void Phone::ping() { send("\r\n\r\n"); }

void Phone::take(View bytes) {
  if (trim(bytes).size() < 4 && bytes.find_first_not_of("\r\n") == View::npos) return;
  const auto m = Msg::read(bytes);
  if (!m) {
    complain("cannot read: " + printable(bytes, 80));
    return;
  }
  if (m->request) {
    if (transactions_.absorb(*m)) return;
    request_in(*m);
    return;
  }
  if (transactions_.response(*m)) return;
  // A 2xx whose transaction is over: the ACK again.
  if (m->method == "INVITE" && m->status >= 200 && m->status < 300) {
    PhoneCall* call = find(*m);
    if (call != nullptr && call->ack_cseq == m->cseq && !options_.manners.never_acks) send(call->ack);
  }
}

void Phone::request_in(const Msg& m) {
  requests_.push_back(m);
  if (requests_.size() > 64) requests_.pop_front();
  if (m.method == "CANCEL") return cancel_in(m);
  if (m.method == "NOTIFY" && notify_in(m)) return;
  PhoneCall* call = find(m);
  if (m.method == "ACK") {
    if (call != nullptr) ack_in(*call, m);
    return;
  }
  if (call != nullptr && !m.to_tag.empty()) return dialog_request(*call, m);
  if (!m.to_tag.empty() && m.method != "NOTIFY") return reply(m, 481, "", "", "");
  if (m.method == "INVITE") return invite_in(m);
  const bool known = m.method == "OPTIONS" || m.method == "NOTIFY";
  reply(m, known ? 200 : 405, mint(), known ? "" : "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n", "");
}

// The call that a message belongs to, by Call-ID and tags.
PhoneCall* Phone::find(const Msg& m) {
  for (auto it = calls_.rbegin(); it != calls_.rend(); ++it) {
    if (it->call_id != m.call_id) continue;
    const View ours = m.request ? m.to_tag : m.from_tag, theirs = m.request ? m.from_tag : m.to_tag;
    const bool early = it->remote_tag.empty() || !m.request;
    if (ours == it->local_tag && (early || theirs == it->remote_tag)) return &*it;
  }
  return nullptr;
}

PhoneCall* Phone::by_id(int id) {
  const auto index = static_cast<size_t>(id - 1);
  return index < calls_.size() ? &calls_[index] : nullptr;
}

void Phone::reply(const Msg& m, int status, const std::string& tag, const std::string& extra, const std::string& body) {
  static const std::map<int, View> kReasons = {{100, "Trying"},
                                               {180, "Ringing"},
                                               {183, "Session Progress"},
                                               {200, "OK"},
                                               {404, "Not Found"},
                                               {405, "Method Not Allowed"},
                                               {480, "Temporarily Unavailable"},
                                               {481, "Call Does Not Exist"},
                                               {486, "Busy Here"},
                                               {487, "Request Terminated"},
                                               {489, "Bad Event"},
                                               {488, "Not Acceptable Here"},
                                               {491, "Request Pending"},
                                               {500, "Server Internal Error"},
                                               {603, "Decline"}};
  const auto reason = kReasons.find(status);
  std::string s = "SIP/2.0 " + std::to_string(status) + " " +
                  std::string(reason == kReasons.end() ? "Status" : reason->second) + "\r\n";
  for (const auto& [name, value] : m.headers()) {
    if (iequals(name, "Via") || iequals(name, "Record-Route"))
      s += std::string(name) + ": " + std::string(value) + "\r\n";
  }
  s += "From: " + std::string(m.get("From")) + "\r\nTo: " + std::string(m.get("To"));
  if (m.to_tag.empty() && !tag.empty()) s += ";tag=" + tag;
  s += "\r\nCall-ID: " + std::string(m.call_id) + "\r\nCSeq: " + std::to_string(m.cseq) + " " + std::string(m.method) +
       "\r\n" + extra;
  s += with_body("application/sdp", body);
  transactions_.respond(m, status, std::move(s));
}

std::string Phone::mint() {
  char text[40];
  std::snprintf(text, sizeof text, "%08x%llu", world_.random().next32(), static_cast<unsigned long long>(++minted_));
  return options_.name.substr(0, 3) + text;
}

std::string Phone::via(const std::string& branch) const {
  const std::string transport(sip::via_name(options_.transport));
  return "Via: SIP/2.0/" + transport + " " + options_.address.text() + ";rport;branch=" + branch + "\r\n";
}

std::string Phone::contact(const std::string& line) const {
  const char* transport = options_.transport == sip::Transport::udp ? "" : ";transport=tcp";
  return "<sip:" + line + "@" + options_.address.text() + transport + ">";
}

std::string Phone::credentials(const std::string& challenge, const std::string& method, const std::string& uri,
                               uint32_t count) {
  if (challenge.empty()) return {};
  DigestInput input;
  input.user = options_.user, input.password = options_.password;
  input.method = method, input.uri = uri, input.cnonce = mint(), input.count = count;
  input.plain = options_.manners.plain_digest;
  return "Authorization: " + authorization(challenge, input) + "\r\n";
}

void Phone::complain(std::string what) { complaints_.push_back(options_.name + ": " + std::move(what)); }

size_t Phone::live_calls() const {
  return static_cast<size_t>(std::count_if(calls_.begin(), calls_.end(), [](const PhoneCall& c) { return c.live(); }));
}

PhoneCall* Phone::current() {
  for (auto it = calls_.rbegin(); it != calls_.rend(); ++it) {
    if (it->live()) return &*it;
  }
  return nullptr;
}

PhoneCall* Phone::last() { return calls_.empty() ? nullptr : &calls_.back(); }

PhoneCall* Phone::incoming() {
  for (PhoneCall& c : calls_) {
    if (c.state == PhoneCall::State::incoming) return &c;
  }
  return nullptr;
}

void Phone::rest() {
  for (auto& [key, r] : registrations_) r.generation++, r.request.keep = false;
}

}  // namespace carillon::sim
