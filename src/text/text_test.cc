#include <gtest/gtest.h>

#include "text/csv.h"
#include "text/json.h"

namespace carillon {
namespace {

std::vector<std::vector<std::string>> read(std::string_view text) {
  csv::Reader reader(text);
  csv::Row row;
  Fault fault;
  std::vector<std::vector<std::string>> all;
  while (reader.next(&row, &fault))
    all.push_back(fault.text.empty() ? row.fields : std::vector<std::string>{"!" + fault.text});
  return all;
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsWhatRfc4180Allows) {
  EXPECT_EQ(read("a,b\r\n1,2\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("\xEF\xBB\xBFuserid\nx"), (Rows{{"userid"}, {"x"}}));
  EXPECT_EQ(read("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\n"), (Rows{{"a,b", "say \"hi\"", "two\r\nlines"}}));
  EXPECT_EQ(read(",\n\n,,"), (Rows{{"", ""}, {"", "", ""}}));
  EXPECT_EQ(read("\"\"\n"), (Rows{{""}}));
  EXPECT_EQ(read(""), Rows{});
}

TEST(Csv, FaultsNameTheRowAndReadingGoesOn) {
  EXPECT_EQ(read("a,\"b\"c\nd,e\n"), (Rows{{"!text after a closing quote"}, {"d", "e"}}));
  EXPECT_EQ(read("a,\"b\nc,d\n"), (Rows{{"!a quote is not closed"}, {"c", "d"}}));
}

TEST(Csv, LineNumbersCountLinesInsideQuotes) {
  csv::Reader reader("h\n\n\"1\n2\"\nlast\n");
  csv::Row row;
  Fault fault;
  ASSERT_TRUE(reader.next(&row, &fault));
  EXPECT_EQ(row.line, 1u);
  ASSERT_TRUE(reader.next(&row, &fault));
  EXPECT_EQ(row.line, 3u);
  EXPECT_EQ(row.text, "\"1\n2\"");
  ASSERT_TRUE(reader.next(&row, &fault));
  EXPECT_EQ(row.line, 5u);
}

TEST(Csv, WhatIsWrittenReadsBack) {
  const Rows rows = {{"plain", "with,comma", "with\"quote", "two\nlines", ""}, {""}, {" x ", "é"}};
  std::string text;
  for (const auto& r : rows) csv::write_row(text, r);
  EXPECT_EQ(read(text), rows);
  EXPECT_EQ(csv::without_formula("=1+1"), "'=1+1");
  EXPECT_EQ(csv::without_formula("1001"), "1001");
}

TEST(Json, FaultsSayWhere) {
  EXPECT_TRUE(json::parse(R"({"a":[1,true,null]})"));
  const auto bad = json::parse("{\n\"a\":\nx}");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().text.find("line 3"), std::string::npos) << bad.error().text;
  EXPECT_FALSE(json::parse("{} x"));
  EXPECT_FALSE(json::parse(""));
  EXPECT_FALSE(json::parse(std::string(40, '[') + std::string(40, ']')));
  EXPECT_EQ(json::parse(R"({"a":1,"a":2})")->as_object().at("a").as_int64(), 2);
}

TEST(Json, PrettyPrintReadsBack) {
  const auto v = json::parse(R"({"name":"a\"b","list":[1,{"x":[]}],"none":{}})").value();
  EXPECT_EQ(json::parse(json::print_pretty(v)).value(), v);
  EXPECT_NE(json::print_pretty(v).find("\n  \"list\": [\n    1,"), std::string::npos);
}

TEST(Json, IsUtf8WhateverIsInTheTexts) {
  json::object o;
  o["na\xFFme"] = "M\xFCller \"é\"";
  EXPECT_EQ(json::parse(json::print(o)).value().as_object().at("na\uFFFDme"), "M\uFFFDller \"é\"");
  EXPECT_EQ(json::parse(json::print_pretty(o)).value(), json::parse(json::print(o)).value());
}

TEST(Json, TimesAreIso8601InUtc) {
  EXPECT_EQ(json::time_text({}), "");
  EXPECT_EQ(json::time_text(Instant{1'000'000'000'123'456}), "2001-09-09T01:46:40.123Z");
  EXPECT_EQ(json::time_text(Instant{951'782'400'000'000}), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(json::time_text(Instant{1'798'761'599'999'000}), "2026-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace carillon
