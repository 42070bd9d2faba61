#pragma once
// Region: how much bit rate and which codecs a call may use, inside a region and towards others.
//
// Audio bit rates are those of the codec (G.711 is 64 kbit/s, G.729 is 8), without headers. What a region says of
// another holds both ways; when both speak, the stricter holds. Two regions of which neither speaks of the other have
// the values of a new relationship: 8 kbit/s for audio, 384 kbit/s for video.

#include "config/describe.h"

namespace carillon::config {

// Codecs by their RTP encoding names (RFC 3551 and the registry that followed it).
inline constexpr std::array<View, 12> kAudioCodecs{"PCMU", "PCMA", "G722", "G729", "G723",   "G728",
                                                   "GSM",  "iLBC", "opus", "AMR",  "AMR-WB", "L16"};

struct Region;

// A region's limits towards another. A part of the region.
struct RegionRelationship {
  Ref<Region> region;
  int64_t audio_bit_rate = 8;
  int64_t video_bit_rate = 384;
  std::vector<std::string> codec_preference;
};

struct Region {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  int64_t audio_bit_rate = 64;
  int64_t video_bit_rate = 384;
  std::vector<std::string> codec_preference;
  bool unknown_codecs = true;
  std::vector<RegionRelationship> relationships;
};

constexpr EntityId kDefaultRegion = 1;
constexpr View kDefaultRegionName = "Default";

template <>
inline constexpr auto schema<RegionRelationship> = describe<RegionRelationship>(
    Facts{"RegionRelationship", "Region relationship", "region-relationship", "relationships", "region"},
    field<&RegionRelationship::region>("region", "The other region", {.required = true}),
    field<&RegionRelationship::audio_bit_rate>("audioBitRate", "Most for audio, in kbit/s of the codec; 0: no limit",
                                               {.min = 0, .max = 10000}),
    field<&RegionRelationship::video_bit_rate>("videoBitRate", "Most for video, in kbit/s; 0: no limit, -1: no video",
                                               {.min = -1, .max = 1000000}),
    field<&RegionRelationship::codec_preference>("codecPreference",
                                                 "Codecs in the order to be preferred; those not named come after",
                                                 {.values = kAudioCodecs}));

template <>
inline constexpr auto schema<Region> = describe<Region>(
    Facts{"Region", "Region", "region", "regions", "name"},
    field<&Region::name>("name", "Name of the region",
                         {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&Region::description>("description", "What it is for"),
    field<&Region::audio_bit_rate>("audioBitRate", "Most for audio inside it, in kbit/s of the codec; 0: no limit",
                                   {.min = 0, .max = 10000}),
    field<&Region::video_bit_rate>("videoBitRate", "Most for video inside it, in kbit/s; 0: no limit, -1: no video",
                                   {.min = -1, .max = 1000000}),
    field<&Region::codec_preference>("codecPreference",
                                     "Codecs in the order to be preferred; those not named come after",
                                     {.values = kAudioCodecs}),
    field<&Region::unknown_codecs>("unknownCodecs", "Let codecs pass whose bit rate is not known"),
    field<&Region::relationships>("relationships",
                                  "Other regions, each as NAME or NAME/audioBitRate=8/videoBitRate=384"));

}  // namespace carillon::config
