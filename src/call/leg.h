#pragma once
// One dialog of ours with one party: a value. What a dialog goes through is kept in four small machines side by side
// (docs/ARCHITECTURE.md, section 5.3), since each answers a question of its own.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/slab.h"
#include "base/text.h"
#include "base/time.h"
#include "call/bandwidth.h"
#include "call/party.h"
#include "call/schedule.h"
#include "config/snapshot.h"
#include "registrar/binding.h"
#include "sdp/relay.h"
#include "sip/dialog/dialog.h"
#include "sip/flow.h"
#include "sip/out.h"
#include "sip/usage/reliable.h"
#include "sip/usage/session_timer.h"

namespace carillon::call {

struct Call;
struct Leg;
struct Exchange;
struct Join;
struct Transfer;
struct Parked;
struct CallBack;
using CallRef = Id<Call>;
using LegRef = Id<Leg>;
using ExchangeRef = Id<Exchange>;
using JoinRef = Id<Join>;
using TransferRef = Id<Transfer>;
using ParkRef = Id<Parked>;
using CallBackRef = Id<CallBack>;

// How far the dialog is (RFC 3261 §§12, 13, 15).
enum class Progress : uint8_t {
  idle,        // not begun
  calling,     // INVITE received or sent, nothing but 100 yet
  early,       // a provisional response with a tag went or came
  answered,    // 2xx given, its ACK is due: from them (inbound) or from us (outbound)
  confirmed,   // ACK seen or sent
  letting_go,  // CANCEL sent or wanted, the final answer is due
  ending,      // BYE sent, its answer is due; or BYE received, our answer is due
  ended,
};

// Who owes a description (RFC 3264 §4, RFC 6337 §2).
enum class OfferAnswer : uint8_t { stable, offer_sent, offer_received };

// Who refreshes the dialog (RFC 4028 §7).
using Refresh = sip::Refreshes;

std::string_view to_string(Progress p);
std::string_view to_string(OfferAnswer o);
std::string_view to_string(Refresh r);

struct Leg {
  CallRef call;
  LegRef self;
  LegRef next;  // of the same call
  // Its INVITE came in, and ours is the called side of the dialog (RFC 3261 §12.1.1); else ours went out. Which side of
  // the call the party is on is another matter: after a transfer both INVITEs may have been ours. See
  // Turn::is_caller().
  bool inbound = false;
  Progress progress = Progress::idle;
  OfferAnswer offer = OfferAnswer::stable;
  Refresh refresh = Refresh::off;

  sip::Dialog dialog;
  sip::Flow flow;    // the way to the party
  std::string user;  // the user part that we show in our Contact
  std::string host;  // the host that we show on this flow
  config::EntityId phone = 0, line = 0;
  registrar::BindingId binding = 0;
  bool outbound = false;            // called by an outbound flow (RFC 5626): no other connection leads to it
  config::EntityId under_line = 0;  // in LineLegs: the line that it is linked under, its neighbours there, and what
  LegRef line_next, line_previous;  // was last told of it
  uint64_t line_shown = 0;
  bool counted = false;         // stands in the count of its line appearance
  bool told_ringing = false;    // the other shards know that it rings (news.h)
  Hides asks = Hides::nothing;  // what the party itself has asked to be withheld of it (identity.h)

  sip::TxnId invite;  // the first INVITE: server transaction (inbound) or client transaction
  uint32_t invite_cseq = 0;
  ExchangeRef offering;  // our re-INVITE or UPDATE that is under way on this leg
  ExchangeRef serving;   // theirs
  ExchangeRef relays;    // their INFOs and MESSAGEs that wait for the other party: the first of a list
  TransferRef transfer;  // it transfers, or is transferred

  sdp::LineMap lines;
  sdp::LineMap
      peer_lines;         // callee, before the call is answered: the caller's lines as this callee's policy leaves them
  sdp::OurOrigin origin;  // its address is set when used
  Reservation reserved;   // of the bandwidth of locations
  std::string sent_sdp;   // what the party was sent last, for refreshing by re-INVITE
  std::string early_sdp;  // outbound: what came in a reliable provisional response, an answer or an offer
  std::string said_early;  // outbound: the answer in a provisional response that was not reliable
  sdp::Hold hold = sdp::Hold::none;         // the party holds the other
  sdp::Hold hold_before = sdp::Hold::none;  // as it was before the offer that is being passed on

  uint32_t awaited_ack = 0;              // CSeq of their INVITE that got a 2xx from us
  sip::ReliableSender reliable;          // inbound: our provisional responses that want a PRACK (RFC 3262 §3)
  sip::ReliableReceiver their_reliable;  // outbound: theirs (§4)

  Duration session_expires, min_se;
  Scheduled scheduled;        // unanswered caller: when to give up; established: when to refresh, or to stop waiting
  Instant retry_at = kNever;  // a refresh of ours met 491 (RFC 3261 §14.1)

  sip::Transmit last_ack;  // sent again for a repeated 2xx
  uint32_t last_ack_cseq = 0;
  sip::Transmit previous_ack;  // that of the INVITE before: its 2xx may come again late
  uint32_t previous_ack_cseq = 0;
  uint32_t owed_ack_cseq = 0;  // with owes_ack: of the 2xx that waits
  uint16_t retries = 0;        // of the INVITE, after 422
  uint16_t refers = 0;         // REFERs that it was given (RFC 3515 §2.4.6)
  uint16_t prack_retries = 0;  // of the PRACK that another request of ours has overtaken
  uint64_t dismissed = 0;      // hash of the tag of a fork beyond the phone that got ACK and BYE

  bool peer_update = false, peer_timer = false, peer_100rel = false;
  bool heard = false;                // outbound: the phone has said something to our INVITE, if only 100
  bool delayed = false;              // outbound: our INVITE had no offer, though the caller made one
  bool owes_prack = false;           // outbound: the provisional that brought its offer waits for the answer
  bool early_settled = false;        // outbound: its offer was answered in the PRACK (RFC 3262 §5)
  bool owes_ack = false;             // their 2xx waits for an ACK that carries a description
  bool bye_wanted = false;           // RFC 3261 §15: a BYE of ours waits for the ACK to our 2xx
  bool has_reliable_answer = false;  // inbound: our answer went in a reliable provisional that was acknowledged
  bool requires_100rel = false;
  bool bye_repeated = false;  // on another connection, after the first was gone
  bool no_video = false;      // video has been given up for it
  bool reliable_sdp = false;  // the provisional that waits for its PRACK has a description
  bool show_anew = false;     // its other party has become another: it is told when a request can be sent

  // Has been called, and may yet answer.
  bool rings() const { return !inbound && (progress == Progress::calling || progress == Progress::early); }
  bool established() const { return progress == Progress::answered || progress == Progress::confirmed; }
  bool over() const {
    return progress == Progress::ended || progress == Progress::ending || progress == Progress::letting_go;
  }
};

}  // namespace carillon::call
