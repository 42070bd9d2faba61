#pragma once
// One call: its legs, what was dialled, who calls whom, and what its record will say. A value; ids, not pointers.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "call/engine.h"
#include "call/hunt_state.h"
#include "call/leg.h"
#include "call/other_contacts.h"
#include "call/redirection.h"
#include "state/cdr.h"

namespace carillon::call {

enum class Stage : uint8_t {
  routing,   // the INVITE is being looked at
  ringing,   // phones have been called
  answered,  // one of them answered
  over,      // the caller has its final answer or its BYE; what is left of the legs is being cleared up
};
std::string_view to_string(Stage s);

struct Turn;

struct Call {
  CallId id = 0;
  CallRef self;
  Stage stage = Stage::routing;
  LegRef first;           // of all its legs (Leg::next)
  LegRef caller, callee;  // who calls, and who answered: the sides, whoever's INVITE made the dialog (Leg::inbound)
  config::EntityId called_line = 0;
  Party calling, called;
  bool barges = false;    // the caller comes into a call of the phone that is called (RFC 3911)
  bool intercom = false;  // phones are asked to answer it by themselves
  uint32_t max_forwards = 70;
  uint32_t hops = 0;      // loop token: how often this call has passed through a server like this
  uint32_t branches = 0;  // legs made for it so far

  std::string offer;         // the caller's, until the call is answered
  std::string crossing;      // header lines of the INVITE that cross to the callee
  JoinRef join;              // two of its legs are being joined (join.h)
  LegRef replaced;           // whose place the caller takes (RFC 3891), in another call
  TransferRef transfer;      // a transfer has made it, and is not over (transfer.h)
  ParkRef park;              // its party waits at a park number, or is to be taken up from there (park.h)
  CallBackRef call_back;     // it is one of the two of a call-back (call_back.h)
  LegRef early;              // the leg whose early media the caller hears
  uint64_t early_shown = 0;  // hash of the description that the caller was given in a provisional response
  bool ringing_shown = false, progress_shown = false;
  bool noted_rang = false;  // the leg that the record names rang
  Failure best;
  std::vector<Redirection> redirected;            // who passed the call on, in order
  std::unique_ptr<OtherContacts> other_contacts;  // where else a phone's 3xx would have the call
  std::unique_ptr<Hunt> hunt;                     // it is for a hunt pilot, and no member has answered yet (hunt.h)
  bool from_outside = false;                      // see comes_from_outside()
  // When the phones that ring now have rung long enough for their line; of a call that we answer by ourselves, when it
  // ends.
  Instant ring_due = kNever;
  // Whom we have asked about it, for a feature code (service_call.h): what comes of the answer, and what is said then.
  void (*answered)(Turn&, const ConfigAnswer&) = nullptr;
  std::string words;
  bool by_ourselves = false;  // we have answered it, only to show something (service_call.h)
  Duration patience;          // how long all ringing together may take: t301, or the caller's Expires
  bool no_bandwidth = false;  // it was for want of bandwidth
  std::string warning;        // header lines for a 488: why the two sides found no media to share

  bool answer_held = false;  // RFC 3262 §3: the 200 waits for a PRACK
  std::string held_sdp;
  std::string early_answer;  // to the caller's offer, made with an offer of the phone's (RFC 3262 §5)
  bool forked = false;       // several phones ring, or may ring yet

  sip::TxnId waiting_bye[2];  // BYEs whose 200 waits for the CDR to be durable
  LegRef waiting_leg[2];
  bool cdr_posted = false, cdr_durable = false;
  Instant give_up = kNever;  // when a waiting BYE gets a 503 instead
  uint32_t touched = 0;      // counts what the record should know; see record_changes()
  state::Cdr cdr;
};

}  // namespace carillon::call
