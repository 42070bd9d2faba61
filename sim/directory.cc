#include "directory.h"

#include <cstring>

#include "config/built_in.h"
#include "config/entities/feature_code.h"
#include "digest.h"

namespace carillon::sim {

Directory::Directory() {
  parameters.trusted_networks = {*Network::parse("127.9.0.0/16")};
  parameters.domains = {"pbx.example"};
  builder_.put_search_space(1, {1});
  builder_.put_search_space(2, {2});  // reaches nobody
  for (const auto& row : config::built_in<config::FeatureCode>()) builder_.put({row.id, row.code, row.function});
}

bool Directory::feature_code(const std::string& function, const std::string& code) {
  for (const auto& row : config::built_in<config::FeatureCode>()) {
    if (config::word(row.function) != function) continue;
    if (code.empty()) {
      builder_.remove<config::FeatureCodeView>(row.id);
    } else {
      builder_.put({row.id, code, row.function});
    }
    return true;
  }
  return false;
}

namespace {
std::string key_of(const std::map<std::string, config::EntityId>& all, config::EntityId id) {
  for (const auto& [name, one] : all) {
    if (one == id) return name;
  }
  return "";
}
}  // namespace

std::string Directory::number_of(config::EntityId line) const { return key_of(lines_, line); }
std::string Directory::name_of(config::EntityId phone) const { return key_of(phones_, phone); }

void Directory::user(const std::string& userid, const std::string& password) {
  builder_.put_user(userid);
  passwords_[userid] = password;
}

config::EntityId Directory::line_id(const std::string& number) {
  const auto found = lines_.find(number);
  if (found != lines_.end()) return found->second;
  config::LineView line;
  line.id = ++next_;
  line.number = number;
  line.partition = 1;
  builder_.put(line);
  lines_[number] = line.id;
  return line.id;
}

void Directory::line(const std::string& number, const LineEntry& entry) {
  line_entries_[number] = entry;
  config::LineView line;
  line.id = line_id(number);
  line.number = number;
  line.partition = 1;
  line.alerting_name = entry.alerting_name;
  line.reject_anonymous = entry.reject_anonymous;
  line.presentations = entry.presentations;
  line.do_not_disturb = entry.do_not_disturb;
  if (!entry.pickup_group.empty()) line.pickup_group = id_of("pickup " + entry.pickup_group);
  if (!entry.caller_filter.empty()) line.caller_filter = id_of("filter " + entry.caller_filter);
  line.auto_answer = entry.auto_answer;
  line.forwards = std::make_shared<const config::ForwardsView>(entry.forwards);
  builder_.put(line);
}

void Directory::phone(const std::string& name, const PhoneEntry& entry) {
  phone_entries_[name] = entry;
  config::PhoneView phone;
  auto [known, fresh] = phones_.try_emplace(name, 0);
  if (fresh) known->second = ++next_;
  phone.id = known->second;
  phone.name = name;
  phone.product = entry.advanced ? config::Product::advanced : config::Product::basic;
  phone.active = entry.active;
  phone.digest_user = entry.user;
  phone.calling_search_space = 1;
  phone.dnd = entry.dnd;
  phone.trusted = entry.trusted;
  phone.ignores_presentation = entry.ignores_presentation;
  phone.subscribe_search_space = entry.subscribe_search_space;
  phone.presence_group = entry.presence_group;
  phone.hunts = entry.hunts;
  const auto password = passwords_.find(entry.user);
  if (password != passwords_.end() && !password->second.empty()) {
    const std::string secret = entry.user + ":" + parameters.realm + ":" + password->second;
    phone.credentials.present = true;
    std::memcpy(phone.credentials.md5, md5_hex(secret).data(), 32);
    std::memcpy(phone.credentials.sha256, sha256_hex(secret).data(), 64);
  }
  phone.retry_video_call_as_audio = entry.retry_video_as_audio;
  join_pool(phone, entry);
  uint8_t index = 0;
  for (const std::string& number : entry.lines) {
    config::AppearanceView a;
    a.line = line_id(number);
    a.index = ++index;
    a.max_calls = entry.max_calls;
    a.busy_trigger = entry.busy_trigger;
    a.display = entry.display.value_or(name);
    phone.lines.push_back(a);
  }
  config::SecurityView security;
  security.id = phone.id * 1000 + 1;
  security.name = name + " security";
  security.digest = entry.digest;
  security.challenge_out_of_dialog_only = entry.out_of_dialog_only;
  security.md5 = entry.md5, security.sha256 = entry.sha256;
  security.udp = entry.udp, security.tcp = entry.tcp, security.tls = entry.tls;
  security.nonce_validity = entry.nonce_validity;
  builder_.put(security);
  config::SipProfileView sip;
  sip.id = phone.id * 1000 + 2;
  sip.name = name + " sip";
  sip.fixed_expires = entry.fixed_expires;
  sip.delayed_offer = entry.delayed_offer;
  sip.rel1xx = entry.rel1xx;
  sip.session_expires = entry.session_expires, sip.min_se = entry.min_se;
  sip.refresh_by_update = entry.refresh_by_update;
  sip.rfc2543_hold = entry.rfc2543_hold;
  sip.sdp_bandwidth = entry.bandwidth;
  sip.unsolicited_mwi = entry.unsolicited_mwi;
  sip.send_rpid = entry.send_rpid, sip.send_pai = entry.send_pai;
  const auto asks = [&](const char* how) { return entry.auto_answer_headers.find(how) != std::string::npos; };
  sip.answer_mode = asks("answer-mode"), sip.call_info_answer = asks("call-info");
  sip.alert_info_answer = asks("alert-info");
  builder_.put(sip);
  builder_.put(phone, security.id, sip.id);
}

void Directory::remove_phone(const std::string& name) {
  const auto found = phones_.find(name);
  if (found == phones_.end()) return;
  builder_.remove_phone(found->second);
  phones_.erase(found);
}

config::EntityId Directory::line(const std::string& number) const {
  const auto found = lines_.find(number);
  return found == lines_.end() ? 0 : found->second;
}

void Directory::remove_line(const std::string& number) {
  const auto found = lines_.find(number);
  if (found == lines_.end()) return;
  builder_.remove_line(found->second);
  lines_.erase(found);
}

void Directory::line_group(const std::string& number, config::EntityId presence_group) {
  config::LineView view;
  view.id = line_id(number);
  view.number = number;
  view.partition = 1;
  view.presence_group = presence_group;
  builder_.put(view);
}

void Directory::presence_group(config::EntityId id, std::vector<config::EntityId> sees) {
  builder_.put_presence_group(id, std::move(sees));
}

config::SnapshotPtr Directory::build() {
  builder_.put(parameters);
  return builder_.build(++revision_);
}

}  // namespace carillon::sim
