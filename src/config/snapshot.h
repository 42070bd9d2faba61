#pragma once
// The configuration as call threads see it: immutable, looked up without locks or allocation. Made by config::Publisher
// on an administrator's thread; a shard swaps its pointer at a turn. Rows and index buckets are shared between
// snapshots, so one change costs little whatever the size (docs/adr/0005).

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "config/caller_filter.h"
#include "config/groups_view.h"
#include "config/media_plan.h"

namespace carillon::config {

using View = std::string_view;
using EntityId = int64_t;  // primary key; 0 is none

constexpr EntityId kStandardPresenceGroupId = 1;  // the group of whoever has no other

enum class Product : uint8_t { basic, advanced };
// Is a number or a name shown to the other party?
enum class Presentation : uint8_t {
  by_default,  // as the party asks for with the call; shown when it asks for nothing
  allowed,     // always
  restricted,  // never
};
enum class DigestAlgorithm : uint8_t { md5, sha256 };

// Phone Security Profile, ready for use.
struct SecurityView {
  EntityId id = 0;
  std::string name;
  bool digest = false;                        // digestAuthentication
  bool challenge_out_of_dialog_only = false;  // challengedRequests = out-of-dialog
  bool md5 = true, sha256 = false;            // digestAlgorithms
  bool udp = true, tcp = true, tls = true;    // transports
  Duration nonce_validity = seconds(600);
};

// SIP Profile, ready for use.
struct SipProfileView {
  EntityId id = 0;
  std::string name;
  bool fixed_expires = false;  // registrationExpires = fixed
  bool delayed_offer = false;  // INVITEs to the phone carry no SDP
  bool rfc2543_hold = false;
  enum class Rel1xx : uint8_t { disabled, sdp, all } rel1xx = Rel1xx::disabled;
  bool send_rpid = true, send_pai = true;
  bool send_diversion = true, send_history_info = true;
  Duration invite_timeout = seconds(180);
  Duration session_expires = seconds(1800);
  Duration min_se = seconds(90);
  bool refresh_by_update = false;
  enum class SdpBandwidth : uint8_t { as_received, as, tias, both } sdp_bandwidth = SdpBandwidth::as_received;
  bool unsolicited_mwi = true;  // NOTIFY of the mailbox without a subscription
  bool answer_mode = true, call_info_answer = true, alert_info_answer = true;  // autoAnswerHeaders
};

// A user's digest secrets: H(user:realm:password) as lower-case hex, for the realm in force.
struct CredentialsView {
  bool present = false;
  char md5[32] = {};
  char sha256[64] = {};
};

struct AppearanceView {
  EntityId line = 0;
  uint8_t index = 1;  // button, 1..8
  uint8_t max_calls = 4;
  uint8_t busy_trigger = 2;
  std::string display;  // caller name shown to others
  std::string label;
  std::string external_mask;
};

struct PhoneView {
  EntityId id = 0;
  std::string name;  // SEP001122334455
  std::string description;
  Product product = Product::basic;
  bool active = true;
  std::string digest_user;      // userid, "" when none
  CredentialsView credentials;  // of the digest user
  std::shared_ptr<const SecurityView> security;
  std::shared_ptr<const SipProfileView> sip;
  bool trusted = false;               // deviceTrustMode: what it says of parties is believed, and it sees withheld ones
  bool ignores_presentation = false;  // ignorePresentationIndicators: on internal calls nothing is withheld from it
  EntityId calling_search_space = 0;
  enum class Dnd : uint8_t { off, ringer_off, call_reject } dnd = Dnd::off;  // dndStatus, dndOption
  EntityId device_pool = 0;                                                  // 0: the built-in one
  EntityId location = 0;                                                     // 0: the device pool's
  bool retry_video_call_as_audio = true;
  EntityId subscribe_search_space = 0;  // whom it may watch; 0: whom it may call
  EntityId presence_group = 0;          // 0: the standard one
  bool hunts = true;                    // loggedIntoHuntGroup
  std::vector<AppearanceView> lines;
  const AppearanceView* appearance(EntityId line) const;
};

// One forward of a line: numbers for callers from inside and from outside, "" for none.
struct ForwardView {
  std::string internal, external;
  EntityId search_space = 0;  // 0: what calls from the line reach
};
struct ForwardsView {
  ForwardView all, busy, no_answer, unregistered;
  Duration no_answer_duration{};  // zero: the service parameter
};

// Of a line when it calls, and when it is called.
struct PresentationsView {
  Presentation calling_line = Presentation::by_default, calling_name = Presentation::by_default;
  Presentation connected_line = Presentation::by_default, connected_name = Presentation::by_default;
};

struct LineView {
  EntityId id = 0;
  std::string number;
  EntityId partition = 0;
  std::string alerting_name;
  std::string description;
  EntityId calling_search_space = 0;
  bool reject_anonymous = false, do_not_disturb = false;
  PresentationsView presentations;
  std::shared_ptr<const ForwardsView> forwards;  // null: none, as for most lines
  EntityId presence_group = 0;                   // 0: the standard one
  EntityId pickup_group = 0;
  EntityId caller_filter = 0;
  AutoAnswer auto_answer = AutoAnswer::off;
  std::vector<EntityId> phones;  // that have an appearance of it, in order of their ids
};

// Service parameters, ready for use.
struct ParametersView {
  std::string realm = "ccmsipline";
  std::vector<Network> trusted_networks;
  std::vector<std::string> domains;  // lower case
  Duration min_expires = seconds(60);
  Duration max_expires = seconds(3600);
  Duration keepalive = seconds(120);          // registration lifetime when none is asked for, or when fixed
  Duration no_answer_release = seconds(180);  // T301: an unanswered call ends
  Duration min_subscription = seconds(60);    // of SUBSCRIBE and PUBLISH
  Duration max_subscription = seconds(3600);  // granted when none is asked for, too
  Duration park_reversion = seconds(60);      // Call Park Reversion Timer
  Duration call_back_duration = minutes(30);  // how long a call-back stands
  uint32_t max_hops = 12;
  bool busy_forward_on_486 = true;
  Duration forward_no_answer = seconds(12);  // Forward No Answer Timer
  uint32_t max_unregistered_hops = 0;        // Max Forward UnRegistered Hops to DN; 0: no limit
  bool cfa_destination_override = false;
  bool send_server_header = false;
  bool is_trusted(const Address& source) const;
};

class Snapshot {
 public:
  uint64_t revision() const { return revision_; }
  // Does any phone security profile offer SHA-256? When none does, nobody need look for the phone before the challenge.
  bool any_sha256() const { return any_sha256_; }
  const ParametersView& parameters() const { return *parameters_; }
  const MediaPlan& media() const { return *media_; }

  // The one phone whose digest user is `user`. Null when there is none; `user_known` tells whether the user exists at
  // all.
  const PhoneView* phone_by_digest_user(View user, bool* user_known) const;
  const PhoneView* phone(EntityId id) const;
  const PhoneView* phone_by_name(View name) const;
  const LineView* line(EntityId id) const;
  // The line that a phone's line appearance gives for this number (a phone has a number at most once).
  const LineView* line_of_phone(const PhoneView& phone, View number) const;
  // Plain dial plan: the line with this number that the search space reaches (0: any partition).
  const LineView* line_by_number(View number, EntityId calling_search_space) const;
  // The same in one partition only.
  const LineView* line_in(EntityId partition, View number) const;
  // What a number that is no line's leads to, in one partition: exactly, or by a range.
  const NumberView* number_in(EntityId partition, View number) const;
  const NumberView* range_in(EntityId partition, View number) const;
  // Are there such numbers at all?
  bool has_numbers() const;
  bool has_ranges() const;
  // Numbers or feature codes: may something be dialled that is no line?
  bool has_features() const;
  // The enabled feature code of the longest match: `digits` are the code, and what follows it where something may.
  const FeatureCodeView* feature_code(View digits) const;
  // Any enabled code of this function, or null: for telling people what to dial.
  const FeatureCodeView* code_of(CodeFunction function) const;
  // A row of LineGroupView, HuntListView, HuntPilotView, PickupGroupView, CallParkView,
  // DirectedParkView or CallerFilterView.
  template <typename T>
  const T* row(EntityId id) const;
  template <typename T, typename F>
  void for_each_row(F&& f) const;
  // Is the line in a line group?
  bool is_hunted(EntityId line) const;
  // The partitions that a search space reaches, in order; 0: all.
  std::span<const EntityId> searched(EntityId calling_search_space) const;
  // The partition list of a search space, in order.
  std::span<const EntityId> partitions(EntityId calling_search_space) const;
  // May a watcher of this presence group see a line of that one? A group sees itself, and those that it says.
  bool may_see(EntityId watcher, EntityId watched) const;
  size_t phones() const;
  size_t lines() const;
  // Calls f(const PhoneView&) / f(const LineView&) for each.
  template <typename F>
  void for_each_phone(F&& f) const;
  template <typename F>
  void for_each_line(F&& f) const;

 private:
  friend class SnapshotBuilder;
  uint64_t revision_ = 0;
  bool any_sha256_ = false;
  std::shared_ptr<const ParametersView> parameters_;
  std::shared_ptr<const MediaPlan> media_;
  struct Tables;
  std::shared_ptr<const Tables> tables_;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

// Builds snapshots from rows: whole at start, by changed rows later. Not thread-safe; owned by the publisher (and by
// tests and the simulator, which have no database).
class SnapshotBuilder {
 public:
  SnapshotBuilder();
  ~SnapshotBuilder();
  void put(ParametersView parameters);
  void put(SecurityView profile);
  void put(SipProfileView profile);
  // `security` and `sip` name profiles put before. Replaces the phone of that id.
  void put(PhoneView phone, EntityId security, EntityId sip);
  void put(LineView line);  // `phones` is filled in by the builder
  void put_user(View userid);
  void put(RegionView region);
  void put(LocationView location);
  void put(DevicePoolView pool);
  void remove_region(EntityId id);
  void remove_location(EntityId id);
  void remove_device_pool(EntityId id);
  void put_search_space(EntityId id, std::vector<EntityId> partitions);
  void put_presence_group(EntityId id, std::vector<EntityId> sees);
  void remove_presence_group(EntityId id);
  void put(LineGroupView row);
  void put(HuntListView row);
  void put(HuntPilotView row);
  void put(PickupGroupView row);
  void put(CallParkView row);
  void put(DirectedParkView row);
  void put(FeatureCodeView row);  // an enabled one
  void put(CallerFilterView row);
  // T: one of the views above.
  template <typename T>
  void remove(EntityId id);
  void remove_phone(EntityId id);
  void remove_line(EntityId id);
  void remove_user(View userid);
  void remove_search_space(EntityId id);
  // The state now, sharing what has not changed with the snapshots made before.
  SnapshotPtr build(uint64_t revision);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::config

#include "config/snapshot_tables.h"  // Tables and the templates
