#pragma once
// End User: a person, and the digest credentials by which a phone is known.

#include "config/describe.h"
#include "config/entities/presence_group.h"

namespace carillon::config {

struct EndUser {
  EntityId id = 0;
  int64_t revision = 0;
  std::string userid;
  std::string last_name;
  std::string first_name;
  std::string display_name;
  std::string mailid;
  std::string telephone_number;
  std::string department;
  Secret digest_credentials;
  Ref<PresenceGroup> presence_group;
};

template <>
inline constexpr auto schema<EndUser> = describe<EndUser>(
    Facts{"EndUser", "End User", "user", "users", "userid"},
    field<&EndUser::userid>("userid", "User id; the user name of the phone's digest authentication",
                            {.required = true, .unique = true, .charset = Charset::userid}),
    field<&EndUser::last_name>("lastName", "Last name", {.max_length = 64}),
    field<&EndUser::first_name>("firstName", "First name", {.max_length = 64}),
    field<&EndUser::display_name>("displayName", "Name to show; first and last name when left out"),
    field<&EndUser::mailid>("mailid", "E-mail address", {.max_length = 255}),
    field<&EndUser::telephone_number>("telephoneNumber", "Telephone number for the directory", {.max_length = 64}),
    field<&EndUser::department>("department", "Department", {.max_length = 64}),
    field<&EndUser::digest_credentials>("digestCredentials",
                                        "Password of the phone's digest authentication; never shown",
                                        {.charset = Charset::secret}),
    field<&EndUser::presence_group>("presenceGroup",
                                    "Presence Group of the user's phones as watchers; the standard one when left out"));

}  // namespace carillon::config
