#pragma once
// Phone: a device, the digest user that identifies it, and the lines that appear on it.

#include "config/describe.h"
#include "config/entities/calling_search_space.h"
#include "config/entities/device_pool.h"
#include "config/entities/line.h"
#include "config/entities/phone_security_profile.h"
#include "config/entities/presence_group.h"
#include "config/entities/sip_profile.h"
#include "config/entities/user.h"

namespace carillon::config {

// A line on a button of a phone. A part of the phone.
struct Appearance {
  Ref<Line> line;
  int64_t index = 0;  // 0: the next free button
  std::string label;
  std::string display;
  std::string external_mask;
  int64_t max_calls = 4;
  int64_t busy_trigger = 2;
};

enum class DndOption : uint8_t { ringer_off, call_reject };
template <>
inline constexpr std::array<View, 2> words<DndOption>{"ringer-off", "call-reject"};

enum class DeviceTrust : uint8_t { not_trusted, trusted };
template <>
inline constexpr std::array<View, 2> words<DeviceTrust>{"not-trusted", "trusted"};

struct Phone {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  Product product = Product::basic;
  Ref<EndUser> digest_user;
  Ref<EndUser> owner_user;
  Ref<PhoneSecurityProfile> security_profile;
  Ref<SipProfile> sip_profile;
  Ref<CallingSearchSpace> calling_search_space;
  Ref<DevicePool> device_pool;
  Ref<Location> location;
  bool retry_video_call_as_audio = true;
  Ref<CallingSearchSpace> subscribe_calling_search_space;
  Ref<PresenceGroup> presence_group;
  bool active = true;
  bool logged_into_hunt_group = true;
  std::vector<Appearance> lines;
  bool dnd_status = false;
  DndOption dnd_option = DndOption::ringer_off;
  DeviceTrust device_trust_mode = DeviceTrust::not_trusted;
  bool ignore_presentation_indicators = false;
};

template <>
inline constexpr auto schema<Appearance> = describe<Appearance>(
    Facts{"Appearance", "Line appearance", "appearance", "lines", "line"},
    field<&Appearance::line>("line", "Number of the line, as number@partition where the number alone is not unique",
                             {.required = true}),
    field<&Appearance::index>("index", "Button, from 1; the next free one when left out", {.min = 0, .max = 8}),
    field<&Appearance::label>("label", "Text beside the button", {.max_length = 50}),
    field<&Appearance::display>(
        "display", "Name shown to others in calls (internal caller id); the line's alertingName when left out",
        {.max_length = 50}),
    field<&Appearance::external_mask>(
        "externalMask",
        "External number: digits, and X for digits of the line from the right; what the world outside sees",
        {.max_length = 30, .charset = Charset::mask}),
    field<&Appearance::max_calls>("maxCalls", "Most calls at once", {.min = 1, .max = 200}),
    field<&Appearance::busy_trigger>("busyTrigger", "Calls from which a further one finds the line busy",
                                     {.min = 1, .max = 200}));

template <>
inline constexpr auto schema<Phone> = describe<Phone>(
    Facts{"Phone", "Phone", "phone", "phones", "name"},
    field<&Phone::name>("name", "Device name; SEP and 12 hexadecimal digits are made up when left out",
                        {.required = true, .unique = true, .max_length = 50, .charset = Charset::device}),
    field<&Phone::description>("description", "What or whose it is"),
    field<&Phone::product>("product", "basic (1 line, audio, 3 licence units) or advanced (8 lines, video, 6 units)"),
    field<&Phone::digest_user>("digestUser",
                               "End user whose name the phone gives when it registers; of one phone at most",
                               {.unique = true}),
    field<&Phone::owner_user>("ownerUser", "End user to whom the phone belongs"),
    field<&Phone::security_profile>("securityProfile",
                                    "Phone Security Profile; the product's built-in one when left out"),
    field<&Phone::sip_profile>("sipProfile", "SIP Profile; the standard one when left out"),
    field<&Phone::calling_search_space>("callingSearchSpace", "What the phone reaches; every partition when left out"),
    field<&Phone::device_pool>("devicePool", "Device pool: its region and location; Default when left out"),
    field<&Phone::location>("location", "Location of this phone; the device pool's when left out"),
    field<&Phone::retry_video_call_as_audio>("retryVideoCallAsAudio",
                                             "A call to it whose video cannot be had is tried again with audio alone"),
    field<&Phone::subscribe_calling_search_space>(
        "subscribeCallingSearchSpace",
        "Whose busy lamp and presence the phone may watch; whom it reaches when left out"),
    field<&Phone::presence_group>(
        "presenceGroup", "Presence Group as a watcher; the digest user's, else the standard one, when left out"),
    field<&Phone::active>("active", "Whether the phone may register and call"),
    field<&Phone::lines>("lines", "Lines on the phone; numbers that do not exist are made in the default partition"),
    field<&Phone::dnd_status>("dndStatus", "Do not disturb is on"),
    field<&Phone::dnd_option>("dndOption",
                              "What do not disturb does: the phone is called with its ringer off, or it is not called "
                              "and counts as busy"),
    field<&Phone::logged_into_hunt_group>("loggedIntoHuntGroup",
                                          "Whether the phone rings for hunt groups; switched by feature code too"),
    field<&Phone::device_trust_mode>(
        "deviceTrustMode",
        "A trusted phone, such as a gateway, is believed who its calls are from (P-Asserted-Identity, "
        "Remote-Party-ID), and sees numbers and names that are withheld, marked as private"),
    field<&Phone::ignore_presentation_indicators>(
        "ignorePresentationIndicators", "On internal calls the phone is shown what the other party withholds"));

}  // namespace carillon::config
