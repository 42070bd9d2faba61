#pragma once
// Phone Security Profile: whether and how a phone has to prove who it is.

#include "config/describe.h"

namespace carillon::config {

template <>
inline constexpr std::array<View, 2> words<Product>{"basic", "advanced"};

enum class ChallengedRequests : uint8_t { all, out_of_dialog };
template <>
inline constexpr std::array<View, 2> words<ChallengedRequests>{"all", "out-of-dialog"};

inline constexpr std::array<View, 2> kAlgorithms{"MD5", "SHA-256"};
inline constexpr std::array<View, 3> kTransports{"udp", "tcp", "tls"};

struct PhoneSecurityProfile {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  Product product = Product::basic;
  bool digest_authentication = false;
  ChallengedRequests challenged_requests = ChallengedRequests::all;
  std::vector<std::string> digest_algorithms{"MD5"};
  int64_t nonce_validity_time = 600;
  std::vector<std::string> transports{"udp", "tcp", "tls"};
};

// Built in, one for each product; a phone without another has its product's.
constexpr EntityId kBasicSecurityProfile = 1;
constexpr EntityId kAdvancedSecurityProfile = 2;
constexpr View kBasicSecurityProfileName = "Third-party SIP Device Basic - Standard SIP Non-Secure Profile";
constexpr View kAdvancedSecurityProfileName = "Third-party SIP Device Advanced - Standard SIP Non-Secure Profile";

template <>
inline constexpr auto schema<PhoneSecurityProfile> = describe<PhoneSecurityProfile>(
    Facts{"PhoneSecurityProfile", "Phone Security Profile", "security-profile", "security-profiles", "name"},
    field<&PhoneSecurityProfile::name>("name", "Name of the profile",
                                       {.required = true, .unique = true, .max_length = 128, .charset = Charset::name}),
    field<&PhoneSecurityProfile::description>("description", "What it is for"),
    field<&PhoneSecurityProfile::product>("product", "Product of the phones that may have it"),
    field<&PhoneSecurityProfile::digest_authentication>(
        "digestAuthentication",
        "Verify the phone's password; when off, the user name alone identifies it in the trusted networks"),
    field<&PhoneSecurityProfile::challenged_requests>(
        "challengedRequests", "With digest on: challenge all requests, or spare those inside an authenticated dialog"),
    field<&PhoneSecurityProfile::digest_algorithms>("digestAlgorithms", "Digest algorithms offered, best last",
                                                    {.required = true, .values = kAlgorithms}),
    field<&PhoneSecurityProfile::nonce_validity_time>("nonceValidityTime", "How long a nonce is good, in seconds",
                                                      {.min = 10, .max = 86400}),
    field<&PhoneSecurityProfile::transports>("transports", "Transports that the phone may register over",
                                             {.required = true, .values = kTransports}));

}  // namespace carillon::config
