#include "config/publisher.h"

#include <unordered_map>

namespace carillon::config {

namespace {

bool holds(const std::vector<std::string>& list, View word) {
  for (const std::string& item : list) {
    if (item == word) return true;
  }
  return false;
}

SecurityView view_of(const PhoneSecurityProfile& row) {
  SecurityView v;
  v.id = row.id;
  v.name = row.name;
  v.digest = row.digest_authentication;
  v.challenge_out_of_dialog_only = row.challenged_requests == ChallengedRequests::out_of_dialog;
  v.md5 = holds(row.digest_algorithms, "MD5");
  v.sha256 = holds(row.digest_algorithms, "SHA-256");
  v.udp = holds(row.transports, "udp");
  v.tcp = holds(row.transports, "tcp");
  v.tls = holds(row.transports, "tls");
  v.nonce_validity = seconds(row.nonce_validity_time);
  return v;
}

SipProfileView view_of(const SipProfile& row) {
  SipProfileView v;
  v.id = row.id;
  v.name = row.name;
  v.fixed_expires = row.registration_expires == RegistrationExpires::fixed;
  v.delayed_offer = row.offer == Offer::delayed;
  v.rfc2543_hold = row.rfc2543_hold;
  v.rel1xx = row.rel1xx;
  v.send_rpid = row.send_remote_party_id;
  v.send_pai = row.send_p_asserted_identity;
  v.invite_timeout = seconds(row.invite_timeout);
  v.session_expires = seconds(row.session_expires);
  v.min_se = seconds(row.min_se);
  v.send_diversion = row.send_diversion;
  v.send_history_info = row.send_history_info;
  v.answer_mode = holds(row.auto_answer_headers, "answer-mode");
  v.call_info_answer = holds(row.auto_answer_headers, "call-info");
  v.alert_info_answer = holds(row.auto_answer_headers, "alert-info");
  v.refresh_by_update = row.session_refresh == SessionRefresh::update;
  v.sdp_bandwidth = row.sdp_bandwidth;
  v.unsolicited_mwi = row.unsolicited_mwi;
  return v;
}

// Null for the many lines that are not forwarded.
std::shared_ptr<const ForwardsView> forwards_of(const Line& row) {
  ForwardsView f;
  f.all = {row.forward_all, row.forward_all, row.forward_all_search_space.id};
  f.busy = {row.forward_busy_internal, row.forward_busy_external, row.forward_busy_search_space.id};
  f.no_answer = {row.forward_no_answer_internal, row.forward_no_answer_external, row.forward_no_answer_search_space.id};
  f.unregistered = {row.forward_unregistered_internal, row.forward_unregistered_external,
                    row.forward_unregistered_search_space.id};
  f.no_answer_duration = seconds(row.forward_no_answer_duration);
  for (const ForwardView* one : {&f.all, &f.busy, &f.no_answer, &f.unregistered}) {
    if (!one->internal.empty() || !one->external.empty()) return std::make_shared<const ForwardsView>(std::move(f));
  }
  return nullptr;
}

LineView view_of(const Line& row) {
  LineView v;
  v.id = row.id;
  v.number = row.number;
  v.partition = row.partition.id;
  v.alerting_name = row.alerting_name;
  v.description = row.description;
  v.calling_search_space = row.calling_search_space.id;
  v.forwards = forwards_of(row);
  v.do_not_disturb = row.do_not_disturb;
  v.reject_anonymous = row.reject_anonymous_call;
  v.presentations = {row.calling_line_presentation, row.calling_name_presentation, row.connected_line_presentation,
                     row.connected_name_presentation};
  v.presence_group = row.presence_group.id;
  v.pickup_group = row.call_pickup_group.id;
  v.caller_filter = row.caller_filter.id;
  v.auto_answer = row.auto_answer;
  return v;
}

PhoneView view_of(const Phone& row) {
  PhoneView v;
  v.id = row.id;
  v.name = row.name;
  v.description = row.description;
  v.product = row.product;
  v.active = row.active;
  v.trusted = row.device_trust_mode == DeviceTrust::trusted;
  v.ignores_presentation = row.ignore_presentation_indicators;
  if (row.dnd_status) {
    v.dnd = row.dnd_option == DndOption::call_reject ? PhoneView::Dnd::call_reject : PhoneView::Dnd::ringer_off;
  }
  v.hunts = row.logged_into_hunt_group;
  v.calling_search_space = row.calling_search_space.id;
  v.device_pool = row.device_pool.id;
  v.location = row.location.id;
  v.retry_video_call_as_audio = row.retry_video_call_as_audio;
  v.subscribe_search_space = row.subscribe_calling_search_space.id;
  v.presence_group = row.presence_group.id;
  v.lines.reserve(row.lines.size());
  for (const Appearance& a : row.lines) {
    v.lines.push_back({a.line.id, static_cast<uint8_t>(a.index), static_cast<uint8_t>(a.max_calls),
                       static_cast<uint8_t>(a.busy_trigger), a.display, a.label, a.external_mask});
  }
  return v;
}

template <typename T>
std::vector<EntityId> ids_of(const std::vector<Ref<T>>& list) {
  std::vector<EntityId> ids;
  for (const auto& item : list) ids.push_back(item.id);
  return ids;
}

}  // namespace

Publisher::KnownUser Publisher::known(const EndUser& row) {
  return {row.userid, row.presence_group.id,
          repository_.vault().credentials(row.userid, value_of(values_, "realm"), row.digest_credentials.sealed)};
}

SnapshotPtr Publisher::load() {
  values_ = repository_.parameter_values();
  builder_.put(parameters_view(values_));
  repository_.of<PhoneSecurityProfile>().each(
      false, "", [&](PhoneSecurityProfile&& row) { return builder_.put(view_of(row)), true; });
  repository_.of<SipProfile>().each(false, "", [&](SipProfile&& row) { return builder_.put(view_of(row)), true; });
  repository_.of<CallingSearchSpace>().each(false, "", [&](CallingSearchSpace&& row) {
    return builder_.put_search_space(row.id, ids_of(row.partitions)), true;
  });
  repository_.of<PresenceGroup>().each(
      false, "", [&](PresenceGroup&& row) { return builder_.put_presence_group(row.id, ids_of(row.sees)), true; });
  load_media();
  std::unordered_map<EntityId, KnownUser> users;
  users.reserve(repository_.of<EndUser>().count());
  repository_.of<EndUser>().each(false, "", [&](EndUser&& row) {
    builder_.put_user(row.userid);
    return users.emplace(row.id, known(row)), true;
  });
  // Phones first: a line then takes all of its phones at once.
  repository_.of<Phone>().each(false, "", [&](Phone&& row) {
    const auto user = users.find(row.digest_user.id);
    return put_phone(row, user == users.end() ? nullptr : &user->second), true;
  });
  repository_.of<Line>().each(false, "", [&](Line&& row) { return builder_.put(view_of(row)), true; });
  load_groups();
  current_ = builder_.build(repository_.revision());
  return current_;
}

void Publisher::forget() {
  for (auto* set :
       {&users_, &phones_, &lines_, &spaces_, &groups_, &security_, &sip_, &regions_, &locations_, &pools_, &nothing_})
    set->clear();
  group_rows_.clear();
  gone_users_.clear();
  parameters_touched_ = false;
}

void Publisher::put_parameters() {
  const std::string realm(value_of(values_, "realm"));
  values_ = repository_.parameter_values();
  builder_.put(parameters_view(values_));
  if (realm == value_of(values_, "realm") || current_ == nullptr) return;
  current_->for_each_phone([&](const PhoneView& p) {
    if (!p.digest_user.empty()) phones_.insert(p.id);
  });
}

void Publisher::put_profiles() {
  for (const EntityId id : security_) {
    if (const auto row = repository_.of<PhoneSecurityProfile>().get(id)) builder_.put(view_of(*row));
  }
  for (const EntityId id : sip_) {
    if (const auto row = repository_.of<SipProfile>().get(id)) builder_.put(view_of(*row));
  }
  for (const EntityId id : spaces_) {
    if (const auto row = repository_.of<CallingSearchSpace>().get(id)) {
      builder_.put_search_space(id, ids_of(row->partitions));
    } else {
      builder_.remove_search_space(id);
    }
  }
  for (const EntityId id : groups_) {
    if (const auto row = repository_.of<PresenceGroup>().get(id)) {
      builder_.put_presence_group(id, ids_of(row->sees));
    } else {
      builder_.remove_presence_group(id);
    }
  }
}

void Publisher::put_users() {
  for (const std::string& userid : gone_users_) builder_.remove_user(userid);
  for (const EntityId id : users_) {
    const auto row = repository_.of<EndUser>().get(id);
    if (!row) continue;
    builder_.put_user(row->userid);
    const EntityId phone = repository_.of<Phone>().referring("digestUser", id);
    if (phone != 0) phones_.insert(phone);
  }
}

void Publisher::put_line(EntityId id) {
  if (const auto row = repository_.of<Line>().get(id)) {
    builder_.put(view_of(*row));
  } else {
    builder_.remove_line(id);
  }
}

void Publisher::put_phone(EntityId id) {
  const auto row = repository_.of<Phone>().get(id);
  if (!row) {
    builder_.remove_phone(id);
    return;
  }
  const auto user = row->digest_user.id == 0 ? std::nullopt : repository_.of<EndUser>().get(row->digest_user.id);
  if (!user) return put_phone(*row, nullptr);
  const KnownUser digest = known(*user);
  put_phone(*row, &digest);
}

void Publisher::put_phone(const Phone& row, const KnownUser* user) {
  PhoneView view = view_of(row);
  if (user != nullptr) {
    view.digest_user = user->userid;
    view.credentials = user->credentials;
    if (view.presence_group == 0) view.presence_group = user->presence_group;
  }
  builder_.put(std::move(view), row.security_profile.id, row.sip_profile.id);
}

void Publisher::sweep() {
  if (current_ != nullptr) retired_.push_back(std::move(current_));
  std::erase_if(retired_, [](const SnapshotPtr& s) { return s.use_count() == 1; });
}

SnapshotPtr Publisher::publish(uint64_t revision) {
  if (parameters_touched_) put_parameters();
  put_profiles();
  put_media();
  put_users();
  for (const EntityId id : lines_) put_line(id);
  for (const EntityId id : phones_) put_phone(id);
  put_groups();
  forget();
  sweep();
  current_ = builder_.build(revision);
  return current_;
}

}  // namespace carillon::config
