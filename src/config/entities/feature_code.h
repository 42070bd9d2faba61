#pragma once
// Feature Code: what a phone dials to have something done. Codes are everybody's: they lie in no partition.

#include "config/describe.h"

namespace carillon::config {

template <>
inline constexpr std::array<View, 20> words<CodeFunction>{"forward-all-set",
                                                          "forward-all-clear",
                                                          "forward-busy-set",
                                                          "forward-busy-clear",
                                                          "forward-no-answer-set",
                                                          "forward-no-answer-clear",
                                                          "do-not-disturb-on",
                                                          "do-not-disturb-off",
                                                          "group-pickup",
                                                          "directed-pickup",
                                                          "park",
                                                          "park-retrieve",
                                                          "hunt-login",
                                                          "hunt-logout",
                                                          "call-back",
                                                          "call-back-cancel",
                                                          "last-call-return",
                                                          "redial",
                                                          "intercom",
                                                          "withhold-identity"};

struct FeatureCode {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string code;
  CodeFunction function = CodeFunction::redial;
  bool enabled = true;
  std::string description;
};

template <>
inline constexpr auto schema<FeatureCode> = describe<FeatureCode>(
    Facts{"FeatureCode", "Feature Code", "feature-code", "feature-codes", "name"},
    field<&FeatureCode::name>("name", "Name of the code; the built-in ones are called like their function",
                              {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&FeatureCode::code>("code", "What is dialled: * or #, then digits, * and #",
                              {.required = true, .unique = true, .max_length = 16, .charset = Charset::number}),
    field<&FeatureCode::function>("function", "What it does"),
    field<&FeatureCode::enabled>("enabled", "Whether it can be dialled"),
    field<&FeatureCode::description>("description", "What is dialled behind it, in words"));

}  // namespace carillon::config
