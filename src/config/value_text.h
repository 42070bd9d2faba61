#pragma once
// One field's value as text (CSV, filters, the command line) and back. The setters say what is wrong, "" when nothing
// is.

#include <string>

#include "base/text.h"
#include "config/describe.h"

namespace carillon::config {

template <typename V>
std::string text_of(const V& value) {
  if constexpr (std::is_same_v<V, std::string>) {
    return value;
  } else if constexpr (std::is_same_v<V, bool>) {
    return value ? "on" : "off";
  } else if constexpr (EnumValue<V>) {
    return std::string(word(value));
  } else if constexpr (RefValue<V>) {
    return value.name;
  } else if constexpr (std::is_same_v<V, Secret>) {
    return "";
  } else if constexpr (std::is_integral_v<V>) {
    return std::to_string(value);
  } else {
    std::string all;
    for (const auto& item : value) {
      if (!all.empty()) all += ';';
      if constexpr (PartList<V>) {
        all += text_of(std::get<0>(schema<typename V::value_type>.fields).of(item));
      } else {
        all += text_of(item);
      }
    }
    return all;
  }
}

std::string set_value(std::string& to, View text, const Rules& rules);
std::string set_value(bool& to, View text, const Rules& rules);
std::string set_value(int64_t& to, View text, const Rules& rules);
std::string set_value(Secret& to, View text, const Rules& rules);
std::string set_value(std::vector<std::string>& to, View text, const Rules& rules);
// One word of a list, spelled as the rules spell it.
std::string add_word(std::vector<std::string>& to, View text, const Rules& rules);
std::string check_number(int64_t value, const Rules& rules);

template <EnumValue E>
std::string set_value(E& to, View text, const Rules&) {
  for (size_t i = 0; i < words<E>.size(); i++) {
    if (!iequals(words<E>[i], text)) continue;
    to = static_cast<E>(i);
    return "";
  }
  return "must be one of: " + join(words<E>);
}

template <typename T>
std::string set_value(Ref<T>& to, View text, const Rules&) {
  if (text.size() > 255 || !is_clean_utf8(text)) return "is not a name";
  to = {0, std::string(text)};
  return "";
}

template <RefList V>
std::string set_value(V& to, View text, const Rules&) {
  to.clear();
  for (const std::string& item : split_list(text)) to.push_back({0, item});
  return "";
}

// Sets the reference by which a part is named. Of the parts before, the one of that name is kept as it was.
template <PartList V>
std::string add_named_part(V& to, const V& before, View text) {
  using Part = typename V::value_type;
  const auto& key = std::get<0>(schema<Part>.fields);
  for (const Part& old : before) {
    if (key.of(old).name != text) continue;
    to.push_back(old);
    return "";
  }
  Part fresh;
  const std::string wrong = set_value(key.of(fresh), text, key.rules);
  to.push_back(std::move(fresh));
  return wrong;
}

// Sets the field of `part` that `setting` ("audioBitRate=8") names; false when it names none.
template <typename Part>
bool set_part_field(Part& part, View setting, std::string& wrong) {
  const size_t equals = setting.find('=');
  bool known = false;
  if (equals == View::npos) return false;
  each_field<Part>([&](const auto& f) {
    if (f.name != setting.substr(0, equals) || f.name == std::get<0>(schema<Part>.fields).name) return;
    known = true;
    const std::string problem = set_value(f.of(part), setting.substr(equals + 1), f.rules);
    if (!problem.empty()) wrong = std::string(f.name) + " " + problem;
  });
  return known;
}

// A part by its name, with settings behind it where wanted: "Branch/audioBitRate=8/videoBitRate=384".
template <PartList V>
std::string add_part(V& to, const V& before, View text) {
  std::vector<View> settings;
  typename V::value_type scratch;
  std::string wrong;
  for (size_t slash = text.rfind('/'); slash != View::npos; slash = text.rfind('/')) {
    if (!set_part_field(scratch, text.substr(slash + 1), wrong)) break;  // a slash of the name
    settings.push_back(text.substr(slash + 1));
    text = text.substr(0, slash);
  }
  if (wrong.empty()) wrong = add_named_part(to, before, text);
  for (const View setting : settings) {
    if (wrong.empty()) set_part_field(to.back(), setting, wrong);
  }
  return wrong;
}

template <PartList V>
std::string set_value(V& to, View text, const Rules&) {
  const V before = std::move(to);
  to.clear();
  for (const std::string& item : split_list(text)) {
    const std::string wrong = add_part(to, before, item);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

}  // namespace carillon::config
