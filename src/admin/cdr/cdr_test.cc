#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "admin/cdr/codes.h"
#include "admin/cdr/export.h"
#include "text/csv.h"

namespace carillon::admin {
namespace {

using state::Cdr;
using state::OnBehalfOf;
using state::RedirectReason;
using testing::HasSubstr;
using testing::StartsWith;

// 2026-11-22T13:05:06Z, a call of 65 s that was forwarded from 1002 to 1003, hung up by the caller.
Cdr sample() {
  Cdr c;
  c.id = c.global = 0x6a24ba120100002a;
  c.start = {1'795'352'706'789'000}, c.ringing = {1'795'352'707'000'000};
  c.answer = {1'795'352'710'900'000}, c.end = {1'795'352'775'100'000};
  c.calling_number = "1001", c.calling_name = "Alice \"A\"", c.calling_device = "SEP000000000001",
  c.calling_user = "alice";
  c.calling_partition = 1;
  c.dialled = "1002", c.called_number = "1003", c.called_device = "SEP000000000003", c.called_user = "carol";
  c.called_partition = 2;
  c.calling_call_id = "abc@phone", c.called_call_id = "def";
  c.calling_address = "192.168.2.18:5060", c.called_address = "10.1.1.200:5070";
  c.calling_media = "192.168.2.18:17000", c.called_media = "10.1.1.200:24582", c.codec = "PCMU";
  c.calling_leg = 16777347, c.called_leg = 16777348;
  c.original = c.last = {"1002", 1, RedirectReason::forward_no_answer, OnBehalfOf::forward};
  c.sip_code = 200, c.cause = 16;
  c.disposition = Cdr::Disposition::answered, c.ended_by = Cdr::EndedBy::caller;
  return c;
}

std::string partition(int64_t id) { return id == 0 ? "" : id == 1 ? "Staff" : "Lobby"; }

std::map<std::string, std::string> row_of(const Cdr& c) {
  std::string text = cucm::head();
  cucm::append_row(text, {c, partition, "StandAloneCluster"});
  csv::Reader reader(text);
  csv::Row names, types, values;
  Fault fault;
  EXPECT_TRUE(reader.next(&names, &fault) && reader.next(&types, &fault) && reader.next(&values, &fault));
  EXPECT_EQ(names.fields.size(), 133u);
  EXPECT_EQ(types.fields.size(), names.fields.size());
  EXPECT_EQ(values.fields.size(), names.fields.size());
  std::map<std::string, std::string> out;
  for (size_t i = 0; i < names.fields.size() && i < values.fields.size(); i++) out[names.fields[i]] = values.fields[i];
  return out;
}

// Computed by hand: addresses by printf %d of the bytes turned round, times by date +%s.
TEST(CucmExport, ASampleComputedByHand) {
  std::string line;
  cucm::append_row(line, {sample(), partition, "StandAloneCluster"});
  EXPECT_EQ(line,
            "1,1,16777258,16777347,1795352706,1,0,302164160,\"1001\",\"alice\",0,16,4,302164160,17000,4,20,0,0,0,0,0,0,"
            "\"0\",\"0\","
            "16777348,1,0,-939458294,\"1002\",\"1003\",\"carol\",0,0,4,-939458294,24582,4,20,0,0,0,0,0,0,\"0\",\"0\","
            "1795352710,1795352775,\"1002\",\"" +
                cucm::record_uuid(sample().id) +
                "\",\"Staff\",\"Staff\",\"Lobby\",\"Staff\",65,\"SEP000000000001\",\"SEP000000000003\",12,0,5,5,2,2,0,"
                "\"StandAloneCluster\",0,\"\",\"\",0,\"\",0,0,0,0,64,64,\"\",\"\",\"\",\"192.168.2.18\",\"10.1.1.200\","
                "0,0,0,0,0,0,0,0,0,0,0,0,1,\"abc@phone\",1,\"def\",0,0,0,\"\",\"\",2,\"\",\"\",\"\",\"\",\"\",\"\","
                "\"\",\"\",0,0,"
                "\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",0,0,0,\"1002\",\"1003\",\"1002\",\"\",\"\",\"\",\"\",\"\"\n");
}

TEST(CucmExport, NamesFirstThenTypes) {
  const std::string head = cucm::head();
  EXPECT_THAT(head, StartsWith("\"cdrRecordType\",\"globalCallID_callManagerId\",\"globalCallID_callId\",\"origLeg"));
  EXPECT_THAT(head, HasSubstr("\"origVideoCap_Codec_Channel2\""));
  EXPECT_THAT(head,
              HasSubstr("\"destDeviceSessionID\"\nINTEGER,INTEGER,INTEGER,INTEGER,INTEGER,INTEGER,INTEGER,INTEGER,"
                        "VARCHAR(50),VARCHAR(128),INTEGER"));
  EXPECT_EQ(cucm::columns().size(), 133u);
}

TEST(CucmExport, TheSideThatDidNotClearHasCauseZero) {
  Cdr c = sample();
  c.ended_by = Cdr::EndedBy::callee;
  auto row = row_of(c);
  EXPECT_EQ(row["origCause_value"], "0");
  EXPECT_EQ(row["destCause_value"], "16");
  EXPECT_EQ(row["origCallTerminationOnBehalfOf"], "0");
  EXPECT_EQ(row["destCallTerminationOnBehalfOf"], "12");
  c.ended_by = Cdr::EndedBy::system, c.cause = 102;
  row = row_of(c);
  EXPECT_EQ(row["origCause_value"], "102");
  EXPECT_EQ(row["destCause_value"], "102");
  EXPECT_EQ(row["destCallTerminationOnBehalfOf"], "13");
}

TEST(CucmExport, ASplitPairHasCallSplitOnBothSides) {
  Cdr c = sample();
  c.split = true, c.ended_for = OnBehalfOf::transfer, c.ended_by = Cdr::EndedBy::system;
  const auto row = row_of(c);
  EXPECT_EQ(row.at("origCause_value"), "393216");
  EXPECT_EQ(row.at("destCause_value"), "393216");
  EXPECT_EQ(row.at("origCallTerminationOnBehalfOf"), "10");
  EXPECT_EQ(row.at("destCallTerminationOnBehalfOf"), "10");
}

TEST(CucmExport, ACallThatNobodyAnswered) {
  Cdr c = sample();
  c.answer = {}, c.sip_code = 486, c.called_status = 486, c.cause = 17;
  c.disposition = Cdr::Disposition::busy, c.ended_by = Cdr::EndedBy::callee;
  c.calling_media = c.called_media = c.codec = "";
  c.original = c.last = {};
  auto row = row_of(c);
  EXPECT_EQ(row["destCause_value"], "1174405137");  // 0x46000011, as the described system writes a phone's 486
  EXPECT_EQ(row["origCause_value"], "0");
  EXPECT_EQ(row["dateTimeConnect"], "0");
  EXPECT_EQ(row["dateTimeDisconnect"], "1795352775");
  EXPECT_EQ(row["duration"], "0");
  EXPECT_EQ(row["origMediaCap_payloadCapability"], "0");
  // Never sent on: all three are the number reached.
  EXPECT_EQ(row["originalCalledPartyNumber"], "1003");
  EXPECT_EQ(row["finalCalledPartyNumber"], "1003");
  EXPECT_EQ(row["lastRedirectDn"], "1003");
  // The caller gave up.
  c.sip_code = 487, c.called_status = 0, c.cause = 16, c.ended_by = Cdr::EndedBy::caller;
  row = row_of(c);
  EXPECT_EQ(row["origCause_value"], "16");
  EXPECT_EQ(row["destCause_value"], "0");
  // Nobody has that number: nothing on the other side.
  c.dialled = "7777", c.called_number = c.called_device = c.called_address = c.called_call_id = c.called_user = "";
  c.called_leg = 0, c.sip_code = 404, c.cause = 1, c.ended_by = Cdr::EndedBy::system;
  row = row_of(c);
  EXPECT_EQ(row["finalCalledPartyNumber"], "7777");
  EXPECT_EQ(row["origCause_value"], "0");
  EXPECT_EQ(row["destCause_value"], "1");
  EXPECT_EQ(row["destLegIdentifier"], "0");
  EXPECT_EQ(row["destNodeId"], "0");
  EXPECT_EQ(row["OutgoingProtocolID"], "0");
}

TEST(CucmExport, VideoAndIpv6) {
  Cdr c = sample();
  c.calling_video = "192.168.2.18:17002", c.called_video = "10.1.1.200:24584", c.video_codec = "H264";
  auto row = row_of(c);
  EXPECT_EQ(row["origVideoCap_Codec"], "103");
  EXPECT_EQ(row["destVideoTransportAddress_IP"], "-939458294");
  EXPECT_EQ(row["destVideoTransportAddress_Port"], "24584");
  c.called_video = "";  // one side only: no video
  c.calling_address = "[2001:db8::7]:5061";
  row = row_of(c);
  EXPECT_EQ(row["origVideoCap_Codec"], "0");
  EXPECT_EQ(row["origIpAddr"], "0");
  EXPECT_EQ(row["origIpv4v6Addr"], "2001:db8::7");
}

TEST(CucmExport, TextsAreQuotedAndCutBetweenCharacters) {
  Cdr c = sample();
  c.calling_number = "a\"b,c\n";
  c.calling_call_id = std::string(31, 'x') + "é";  // of 33 bytes, where 32 fit
  std::string line;
  cucm::append_row(line, {c, partition, "C"});
  EXPECT_THAT(line, HasSubstr(",\"a\"\"b,c \","));
  EXPECT_THAT(line, HasSubstr(",\"" + std::string(31, 'x') + "\",1,"));
}

TEST(CucmCodes, EverySipAnswerOfTheTable) {
  const std::pair<int, int64_t> rows[] = {
      {400, 16777257},   {401, 33554453},   {402, 50331669},   {403, 67108885},   {404, 83886081},   {405, 100663359},
      {406, 117440591},  {407, 134217749},  {408, 150995046},  {410, 184549398},  {411, 201326719},  {413, 234881151},
      {414, 251658367},  {415, 268435535},  {416, 285212799},  {421, 369098879},  {423, 402653311},  {424, 419430421},
      {429, 503316501},  {480, 1073741842}, {481, 1090519081}, {482, 1107296281}, {483, 1124073497}, {484, 1140850716},
      {485, 1157627905}, {486, 1174405137}, {487, 1191182367}, {488, 1207959583}, {491, 1258291217}, {493, 1291845649},
      {500, 1409286185}, {502, 1442840614}, {503, 1459617833}, {504, 1476395110}, {505, 1493172351}, {513, 1509949567},
      {600, 2701131793}, {603, 2717909013}, {604, 2734686209}, {606, 2751463455}};
  for (const auto& [status, value] : rows) {
    Cdr c;
    c.called_status = c.sip_code = status, c.cause = static_cast<int>(value & 0xff);
    c.ended_by = Cdr::EndedBy::callee;
    EXPECT_EQ(cucm::cause_value(c, false), value) << status;
  }
  EXPECT_EQ(cucm::sip_reply_number(200), 0);
  EXPECT_EQ(cucm::sip_reply_number(699), 0);
}

TEST(CucmCodes, CodecsAndAddresses) {
  const std::pair<const char*, int> codecs[] = {{"PCMA", 2},   {"pcmu", 4},        {"G722", 6},   {"G723", 9},
                                                {"G728", 10},  {"G729", 11},       {"GSM", 18},   {"iLBC", 86},
                                                {"opus", 90},  {"H261", 100},      {"H263", 101}, {"H263-1998", 101},
                                                {"H264", 103}, {"CLEARMODE", 120}, {"speex", 1},  {"", 0}};
  for (const auto& [name, number] : codecs) EXPECT_EQ(cucm::codec_number(name), number) << name;
  EXPECT_EQ(cucm::codec_frames("G723"), 30);
  EXPECT_EQ(cucm::address_number("192.168.2.18:1"), 302164160);
  EXPECT_EQ(cucm::address_number("10.1.1.200:1"), -939458294);
  EXPECT_EQ(cucm::address_number("255.255.255.255:1"), -1);
  EXPECT_EQ(cucm::address_number("[::1]:5060"), 0);
  EXPECT_EQ(cucm::address_number("nonsense"), 0);
  EXPECT_EQ(cucm::port_number("[::1]:5061"), 5061);
  EXPECT_EQ(cucm::port_number(""), 0);
}

TEST(CucmCodes, UuidsAreSteadyAndDiffer) {
  EXPECT_EQ(cucm::record_uuid(7), cucm::record_uuid(7));
  EXPECT_NE(cucm::record_uuid(7), cucm::record_uuid(8));
  EXPECT_EQ(cucm::record_uuid(0x6a24ba120100002a).substr(0, 15), "6a24ba12-0100-8");
  EXPECT_EQ(cucm::record_uuid(1).size(), 36u);
}

TEST(CucmExport, FileNames) {
  EXPECT_EQ(cucm::file_name("StandAloneCluster", {1'795'352'706'789'000}, 1),
            "cdr_StandAloneCluster_01_202611221305_1");
  EXPECT_EQ(cucm::file_name("../my cluster", {1'795'352'706'789'000}, 12), "cdr_..-my-cluster_01_202611221305_12");
}

TEST(RecordObject, HasAllFields) {
  const auto o = record_object(sample(), partition);
  EXPECT_EQ(o.at("name").as_string(), "6a24ba120100002a");
  EXPECT_EQ(o.at("call").as_string(), "6a24ba120100002a");
  EXPECT_EQ(o.at("calledPartition").as_string(), "Lobby");
  EXPECT_EQ(o.at("originalCalledNumber").as_string(), "1002");
  EXPECT_EQ(o.at("lastRedirectReason").as_string(), "forward-no-answer");
  EXPECT_EQ(o.at("lastRedirectOnBehalfOf").as_string(), "forward");
  EXPECT_FALSE(o.at("split").as_bool());
  EXPECT_EQ(record_of_name("6a24ba120100002a"), 0x6a24ba120100002aull);
  EXPECT_FALSE(record_of_name("6a24ba12"));
  EXPECT_FALSE(record_of_name("6a24ba120100002g"));
}

}  // namespace
}  // namespace carillon::admin
