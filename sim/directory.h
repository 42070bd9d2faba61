#pragma once
// The configuration of a world, built without a database: users with digest secrets, phones with lines, profiles by
// name.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "config/snapshot.h"

namespace carillon::sim {

struct PhoneEntry {
  std::string user;                // digest user, "" for none
  std::vector<std::string> lines;  // numbers
  bool advanced = false;
  bool digest = false;  // verified
  bool active = true;
  uint8_t max_calls = 4, busy_trigger = 2;
  config::PhoneView::Dnd dnd = config::PhoneView::Dnd::off;
  config::PhoneView::Dnd dnd_option = config::PhoneView::Dnd::ringer_off;  // when a feature code switches it on
  bool sha256 = false, md5 = true;
  bool out_of_dialog_only = false;
  bool fixed_expires = false;
  bool udp = true, tcp = true, tls = true;
  bool delayed_offer = false;
  config::SipProfileView::Rel1xx rel1xx = config::SipProfileView::Rel1xx::disabled;
  Duration session_expires = seconds(1800), min_se = seconds(90);
  bool refresh_by_update = false;
  Duration nonce_validity = seconds(600);
  std::string region, location;  // by name, made when new; "" for the built-in ones
  bool retry_video_as_audio = true;
  bool rfc2543_hold = false;
  config::SipProfileView::SdpBandwidth bandwidth = config::SipProfileView::SdpBandwidth::as_received;
  config::EntityId presence_group = 0;
  config::EntityId subscribe_search_space = 0;
  bool unsolicited_mwi = true;
  bool trusted = false, ignores_presentation = false, send_rpid = true, send_pai = true;
  std::optional<std::string> display;  // nothing: the phone's name
  bool hunts = true;                   // logged into hunt groups
  std::string auto_answer_headers = "answer-mode,call-info,alert-info";
};

// What the directory says of a line beside its number.
struct LineEntry {
  config::ForwardsView forwards;
  std::string alerting_name;
  bool reject_anonymous = false, do_not_disturb = false;
  std::string pickup_group;  // by name, "": none
  std::string caller_filter;
  config::PresentationsView presentations;
  config::AutoAnswer auto_answer = config::AutoAnswer::off;
};

struct HuntGroupEntry {
  std::vector<std::string> members;  // numbers
  config::LineGroupView rules;       // but for id, name and members
};

class Directory {
 public:
  Directory();
  config::ParametersView parameters;

  void user(const std::string& userid, const std::string& password);  // "" password: no credentials
  void phone(const std::string& name, const PhoneEntry& entry);
  void line(const std::string& number, const LineEntry& entry);
  void remove_phone(const std::string& name);
  // As they were said last, by a test or by the administration.
  LineEntry& line_entry(const std::string& number) { return line_entries_[number]; }
  PhoneEntry& phone_entry(const std::string& name) { return phone_entries_[name]; }
  std::string number_of(config::EntityId line) const;  // "" when there is none
  std::string name_of(config::EntityId phone) const;
  // Gives the built-in code of this function, as the API names it, other digits; "" switches it off. False: no such
  // function.
  bool feature_code(const std::string& function, const std::string& code);

  // directory_media.cc. What is named and new is made: a region without limits, an unlimited location.
  void region(const std::string& name, const config::MediaLimit& inside);
  void relate(const std::string& one, const std::string& other, const config::MediaLimit& limit);
  void location(const std::string& name, uint32_t audio, int32_t video);
  config::EntityId location_id(const std::string& name) { return location_of(name).id; }
  void link(const std::string& one, const std::string& other, uint32_t audio, int32_t video);

  // directory_groups.cc. What is named and new is made; the same name again changes it. All lie in the partition of the
  // lines.
  void pickup_group(const std::string& name, const std::string& number, const std::vector<std::string>& others);
  void park(const std::string& number);
  void caller_filter(const std::string& name, config::CallerFilterView row);
  void directed_park(const std::string& number, const std::string& prefix, const std::string& reversion);
  // directory_hunt.cc. Again: replaces the one of that name or number. Groups and lists may be named before they are.
  void hunt_group(const std::string& name, const HuntGroupEntry& entry);
  void hunt_list(const std::string& name, const std::vector<std::string>& groups, bool enabled);
  void hunt_pilot(const std::string& list, config::HuntPilotView view);

  config::SnapshotPtr build();
  config::EntityId line(const std::string& number) const;  // 0 when there is none
  void remove_line(const std::string& number);
  void line_group(const std::string& number, config::EntityId presence_group);
  void presence_group(config::EntityId id, std::vector<config::EntityId> sees);

 private:
  config::EntityId line_id(const std::string& number);
  config::EntityId hunt_id(const std::string& key);
  config::RegionView& region_of(const std::string& name);
  config::LocationView& location_of(const std::string& name);
  void join_pool(config::PhoneView& phone, const PhoneEntry& entry);
  config::SnapshotBuilder builder_;
  std::map<std::string, config::RegionView> regions_;
  std::map<std::string, config::LocationView> locations_;
  config::EntityId id_of(const std::string& thing);
  std::map<std::string, config::EntityId> things_;  // "pickup sales", "park 80XX", "code *8"
  std::map<std::string, std::string> passwords_;
  std::map<std::string, config::EntityId> phones_, lines_, hunts_;
  std::map<std::string, LineEntry> line_entries_;
  std::map<std::string, PhoneEntry> phone_entries_;
  config::EntityId next_ = 100;
  uint64_t revision_ = 0;
};

}  // namespace carillon::sim
