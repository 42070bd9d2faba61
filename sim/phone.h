#pragma once
// A telephone of the simulated world, written from the RFCs apart from sip/usage: it registers with digest, calls,
// rings, answers, holds, hangs up, and can be given bad manners. Its calls show which media it would hear.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codecs.h"
#include "media.h"
#include "network.h"
#include "phone_subscribe.h"
#include "sip/flow.h"
#include "transactions.h"
#include "wire.h"
#include "world.h"

namespace carillon::sim {

// How a phone behaves; the default is a good one.
struct Manners {
  Duration rings_after = milliseconds(20);
  std::optional<Duration> answers_after;   // by itself
  std::optional<Duration> hangs_up_after;  // by itself, counted from the answer
  std::optional<int> refuses;              // every call, with this status
  std::string auto_answers;                // INVITEs with this text, at once
  int refuses_reinvites = 0;               // 0: it takes them
  std::string moved_to;                    // numbers in its 3xx: "1003,1004;q=0.5"; "": 1999 at its own address
  std::string refusal_headers;             // whole lines
  bool rings = true;                       // sends 180
  bool early_media = false;                // 183 with SDP in place of 180
  bool reliable = false;                   // its provisionals ask for PRACK when the caller can
  bool prack = false;                      // as caller: Supported: 100rel
  bool video = false;
  std::string codecs = "PCMU,PCMA,telephone-event:101", video_codecs = "H263";
  bool own_numbers = false;      // its answers have its own payload numbers, not the offer's
  bool image = false;            // offers T.38 beside the audio
  uint32_t video_bandwidth = 0;  // b=AS of its video
  bool mixes = false;            // lets others into its calls (RFC 3911)
  bool refuses_video = false;    // 488 to an offer with video
  int refuses_reinvite = 0;      // with this status, while others are answered
  bool prack_offers = false;     // its PRACK to an answer carries a new offer (RFC 3262 §5)
  bool other_answer = false;     // its 2xx repeats its answer with another port
  bool answers_bare = false;     // its 2xx brings no description when its 183 has
  bool multipart = false;        // its descriptions come as one of several parts
  bool never_acks = false;
  bool bye_twice = false;
  bool old_tags = false;           // first sends its BYE with a wrong To tag
  bool reuses_branch = false;      // the same branch for every request of a dialog
  bool ignores_cancel = false;     // answers 200 to CANCEL, and lets the INVITE be
  bool answers_cancelled = false;  // answers 200 to the INVITE when the CANCEL comes
  bool dead = false;               // hears and says nothing
  bool listens = true;             // over TCP and TLS takes connections of others
  bool no_bye_answer = false;
  bool plain_digest = false;     // RFC 2069 style
  bool cold = false;             // never sends credentials before it is asked
  bool delayed_offer = false;    // its INVITEs carry no SDP
  uint32_t session_expires = 0;  // 0: no session timer
  bool refresher_uac = false;
  bool refresh_by_update = false;
  bool refreshes = true;  // does its part of the session timer
  int max_forwards = 70;
  std::string invite_headers;   // whole lines that its INVITEs carry
  bool anonymous_from = false;  // its From does not say who calls (RFC 3323 §4.1.1.3)
  std::string says;             // whole lines in its INVITEs, UPDATEs, and answers to INVITEs
};

struct PhoneOptions {
  std::string name, user, password;
  std::vector<std::string> lines;
  Address address, server;
  sip::Transport transport = sip::Transport::udp;
  Manners manners;
};

// One dialog of the phone with the server, or the attempt at one.
struct PhoneCall {
  enum class State : uint8_t { calling, ringing, incoming, answered, up, ended };
  int id = 0;
  State state = State::calling;
  bool incoming = false, cancelled = false, bye_received = false, bye_sent = false;
  std::string number;  // dialled, or calling
  std::string call_id, local_tag, remote_tag, local, remote, target;
  std::vector<std::string> route;
  uint32_t cseq = 0, remote_cseq = 0, invite_cseq = 0;
  std::string branch;         // of our open INVITE
  std::optional<Msg> invite;  // the incoming INVITE that is open
  std::string ack;            // of the last 2xx, to repeat
  uint32_t ack_cseq = 0;
  int final_status = 0;  // of the initial INVITE
  std::vector<int> provisionals;
  Sdp local_sdp;
  std::optional<Sdp> remote_sdp;
  uint64_t sdp_version = 1;
  uint16_t port = 0;
  Direction wish = Direction::sendrecv;
  bool zero_hold = false;
  Sdp agreed_sdp;  // ours before the offer that is under way
  Direction agreed_wish = Direction::sendrecv;
  bool offer_out = false;      // an offer of ours awaits its answer
  bool answer_in_ack = false;  // the ACK to our 2xx carries the answer
  bool invite_out = false;     // an INVITE of ours is open in the dialog
  uint32_t rseq = 0, last_rseq = 0;
  bool prack_wait = false, answer_waits = false, bye_waits = false;
  std::string answer_body;  // given in a provisional: the 2xx repeats it
  bool answered_reliably = false;
  uint64_t rel_id = 0;
  uint32_t session_interval = 0;
  bool refresher = false;
  uint64_t session_generation = 0;
  std::string challenge;  // last seen in this dialog
  int auth_tries = 0;
  bool asked = false;              // the last request was challenged
  std::string body;                // last INFO body received
  std::string extra;               // header lines of the initial INVITE
  std::vector<uint32_t> refers;    // CSeq of each REFER
  std::vector<int> fragments;      // status codes of its sipfrags
  std::vector<uint32_t> told_all;  // REFERs whose last NOTIFY has come
  bool live() const { return state != State::ended; }
};

struct RegisterRequest {
  std::string line;  // number in To and From
  std::optional<std::string> user, password;
  std::optional<uint32_t> expires;    // nothing: no Expires at all
  std::vector<std::string> contacts;  // nothing: the phone's own
  std::string extra;                  // whole header lines
  std::string contact_params;         // ";+sip.instance=…"
  bool keep = true;                   // refresh in time
  bool fresh_call_id = false;
  bool replay = false;  // the same credentials once more
  std::optional<uint32_t> cseq;
};

class Phone : public Endpoint {
 public:
  Phone(World& world, Network& network, PhoneOptions options);
  ~Phone() override;

  const std::string& name() const { return options_.name; }
  PhoneOptions& options() { return options_; }
  Manners& manners() { return options_.manners; }
  const Address& address() const { return options_.address; }

  // Registration.
  void enroll(const RegisterRequest& request);
  void enroll(const std::string& line);
  void withdraw(const std::string& line);
  struct Registration {
    std::string call_id;
    uint32_t cseq = 0;
    int status = 0;  // of the last final answer
    bool registered = false;
    bool certain = true;  // no REGISTER of this line is without answer
    Instant acknowledged, expires;
    std::string challenge, last_authorization;
    uint32_t count = 0;
    RegisterRequest request;
    uint64_t generation = 0;
    int tries = 0;
  };
  const std::map<std::string, Registration>& registrations() const { return registrations_; }
  void ping();  // CRLF CRLF

  // Calls. The pointers live as long as the phone.
  PhoneCall* dial(const std::string& number, std::string line = {}, const std::string& extra = {});
  PhoneCall* current();   // the newest living call, or null
  PhoneCall* last();      // the newest of all
  PhoneCall* incoming();  // the oldest that rings here, or null
  void ring(PhoneCall& call, int status, bool with_sdp, bool reliable);
  void answer(PhoneCall& call);
  void refuse(PhoneCall& call, int status);
  void cancel(PhoneCall& call);
  void hang_up(PhoneCall& call);
  void offer(PhoneCall& call, Direction wish, bool zero, bool by_update, bool with_sdp);
  void update(PhoneCall& call);  // without SDP
  void info(PhoneCall& call, const std::string& type, const std::string& body);
  // phone_refer.cc. `target` is the value of Refer-To; `extra` are header lines.
  void refer(PhoneCall& call, const std::string& target, const std::string& extra);
  std::string refer_to(const std::string& number, const std::string& replaces, const std::string& syntax) const;
  void subscribe_refer(PhoneCall& call, uint32_t expires);
  // INVITE with Replaces; and the value that names a call of this phone for the server.
  PhoneCall* take_over(const std::string& number, const std::string& replaces);
  PhoneCall* barge_in(const std::string& number, const std::string& dialog);  // INVITE with Join (RFC 3911)
  static std::string replaces_of(const PhoneCall& call);
  PhoneCall* call_with(const std::string& number);  // the newest living one, or null
  // Subscriptions and presence (phone_subscribe.cc). The newest subscription of this package to this number, living or
  // not.
  PhoneSubscription& subscription(const std::string& package, const std::string& number);
  void subscribe(const std::string& package, const std::string& number, uint32_t expires, bool refreshes);
  void publish(const std::string& body, uint32_t expires);  // "": refreshes what was published; expires 0: removes it
  void unsubscribe_all();
  const std::map<std::string, Msg>& mailboxes() const { return mailboxes_; }  // last unasked NOTIFY, by number

  // Any request outside a dialog.
  void send_plain(const std::string& method, const std::string& number);

  std::deque<PhoneCall>& calls() { return calls_; }
  size_t live_calls() const;
  // Would this phone hear that one, by what was negotiated?
  bool hears(Phone& other, const char* type);
  // Would it recognise the digits that the other presses?
  bool takes_digits(Phone& other);
  // Finals and provisionals that came since the last deed, with their message.
  std::deque<Msg>& seen() { return seen_; }
  std::deque<Msg>& requests_seen() { return requests_; }
  // Calls that this phone could not explain: messages that broke its expectations.
  const std::vector<std::string>& complaints() const { return complaints_; }
  bool quiet() const { return !transactions_.busy(); }
  // Stops refreshing registrations.
  void rest();
  // Sent or received a message of this kind, for swarms.
  std::function<void(PhoneCall&)> on_change;
  Transactions& transactions() { return transactions_; }

  void datagram(const Address& from, const Address& to, View bytes) override;
  void accepted(StreamId id, const Address& from, const Address& to, bool tls) override;
  void data(StreamId id, View bytes) override;
  void closed(StreamId id) override;
  void drop_connection();

 private:
  using Answer = Transactions::Answer;
  // phone.cc: the wire
  void send(const std::string& bytes);
  void take(View bytes);
  void request_in(const Msg& m);
  void reply(const Msg& m, int status, const std::string& tag, const std::string& extra, const std::string& body);
  std::string mint();
  std::string contact(const std::string& line) const;
  std::string via(const std::string& branch) const;
  std::string host() const { return options_.server.host_text() + ":" + std::to_string(options_.server.port); }
  PhoneCall* find(const Msg& m);
  void complain(std::string what);
  std::string credentials(const std::string& challenge, const std::string& method, const std::string& uri,
                          uint32_t count);

  // phone_register.cc
  void send_register(const std::string& key);
  void registered(const std::string& key, const Msg* response);
  void refresh_later(const std::string& key, Duration wait);

  // phone_subscribe.cc
  PhoneSubscription* by_call_id(View call_id);
  void send_subscribe(const std::string& call_id);
  void subscribed(const std::string& call_id, const Msg* m);
  void subscribe_later(const std::string& call_id, Duration wait);
  bool notify_in(const Msg& m);
  void send_publish();

  // phone_calling.cc: the caller's side
  void send_invite(PhoneCall& call);
  void invite_answer(PhoneCall& call, const Msg* response);
  void provisional(PhoneCall& call, const Msg& m);
  void success(PhoneCall& call, const Msg& m);
  void failure(PhoneCall& call, const Msg& m);
  void send_ack(PhoneCall& call, const Msg& m, const std::string& body);
  void send_prack(PhoneCall& call, const Msg& m);
  bool retry_with_credentials(PhoneCall& call, const Msg& m, const std::function<void()>& again);

  // phone_called.cc: the called side
  void invite_in(const Msg& m);
  void dialog_request(PhoneCall& call, const Msg& m);
  void reinvite_in(PhoneCall& call, const Msg& m);
  void ack_in(PhoneCall& call, const Msg& m);
  void bye_in(PhoneCall& call, const Msg& m);
  void cancel_in(const Msg& m);
  void update_in(PhoneCall& call, const Msg& m);
  void prack_in(PhoneCall& call, const Msg& m);
  void resend_reliable(int call, uint64_t rel_id, Duration interval, Instant until, const std::string& bytes);
  std::string answer_headers(PhoneCall& call, const Msg& m);

  // phone_refer.cc
  void notify_in(PhoneCall& call, const Msg& m);
  bool replaced_by(PhoneCall& fresh, const Msg& m);
  bool joined_by(PhoneCall& fresh, const Msg& m);
  PhoneCall* named_by(View value, const PhoneCall& fresh);

  // phone_dialog.cc
  std::string in_dialog(PhoneCall& call, const std::string& method, uint32_t cseq, const std::string& branch,
                        const std::string& extra, const std::string& body, const char* type);
  void dialog_send(PhoneCall& call, const std::string& method, const std::string& extra, const std::string& body,
                   const char* type, std::function<void(const Msg*)> then);
  void reinvite_answer(PhoneCall& call, const Msg* m, std::function<void()> again);
  void end(PhoneCall& call);
  void changed(PhoneCall& call);
  Sdp make_offer(PhoneCall& call);
  Sdp make_answer(PhoneCall& call, const Sdp& offer);
  std::string print(PhoneCall& call, Sdp sdp);
  void take_answer(PhoneCall& call, const Msg& m);
  std::string prack_body(PhoneCall& call, const Msg& m);
  // Content-Type and body, in the form of its manners.
  std::string with_body(const std::string& type, const std::string& body) const;
  MediaLine answer_line(PhoneCall& call, const MediaLine& offered);
  bool reaches(Phone& other, const char* type, bool tones);
  void start_session_timer(PhoneCall& call, const Msg& m, bool we_sent_request);
  void session_due(int id, uint64_t generation);
  PhoneCall* by_id(int id);

  World& world_;
  Network& network_;
  PhoneOptions options_;
  Transactions transactions_;
  std::map<std::string, Registration> registrations_;
  std::deque<PhoneCall> calls_;
  std::deque<PhoneSubscription> subscriptions_;
  PhonePublication publication_;
  std::map<std::string, Msg> mailboxes_;
  std::deque<Msg> seen_, requests_;
  std::vector<std::string> complaints_;
  StreamId stream_ = 0;
  uint16_t source_port_ = 30000;  // of its last connection: not the one that it listens on
  StreamReader reader_;
  uint64_t minted_ = 0;
  uint16_t next_port_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace carillon::sim
