#include "admin/table.h"

#include <gtest/gtest.h>

namespace carillon::admin {
namespace {

const json::array kRows{
    json::object{{"name", "Zoë"},
                 {"lines", json::array{json::object{{"line", "1001"}}, json::object{{"line", "1002"}}}},
                 {"active", true}},
    json::object{{"name", "Bo\x1b[31mb"}, {"note", "=1+1"}, {"active", false}}};

TEST(Table, AlignsByColumnsOfTheScreen) {
  const auto text = print_table(kRows, {{"name", "NAME"}, {"active", "ACTIVE"}, {"lines", "LINES"}}, {});
  EXPECT_EQ(text, "NAME         ACTIVE  LINES\nZoë          yes     1001,1002\nBo\\x1b[31mb  no      -\n");
}

TEST(Table, CutsTheLastColumnOnly) {
  const json::array rows{json::object{{"a", "1"}, {"b", std::string(100, 'x')}}};
  EXPECT_EQ(print_table(rows, {{"a", "A"}, {"b", "B"}}, {.headers = false, .width = 20}),
            "1  " + std::string(16, 'x') + "…\n");
}

TEST(Table, CsvIsSafeForSpreadsheets) {
  EXPECT_EQ(print_csv(kRows, true), "name,lines,active,note\r\nZoë,1001;1002,true,\r\nBo\x1b[31mb,,false,'=1+1\r\n");
  EXPECT_EQ(print_csv({}, true), "");
}

TEST(Table, YamlQuotesWhatYamlWouldMisread) {
  const json::value value =
      json::object{{"a", "plain text"},  {"b", "on"},
                   {"c", "007"},         {"d", json::array{"x", json::object{{"k", 1}, {"l", "y: z"}}}},
                   {"e", json::array{}}, {"f", nullptr},
                   {"g", "a\nb"}};
  EXPECT_EQ(
      print_yaml(value),
      "a: plain text\nb: \"on\"\nc: \"007\"\nd:\n  - x\n  - k: 1\n    l: \"y: z\"\ne: []\nf: null\ng: \"a\\nb\"\n");
}

}  // namespace
}  // namespace carillon::admin
