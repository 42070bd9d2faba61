#include "server/options.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "net/net_test_kit.h"

namespace carillon::server {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment(const Variables& variables) {
  return [&variables](const char* name) -> const char* {
    const auto at = variables.find(name);
    return at == variables.end() ? nullptr : at->second.c_str();
  };
}
const Variables kNone;

struct Case {
  net::TestDir dir;
  admin::ServeFlags flags;
  explicit Case(const std::string& toml = "") {
    flags.data_dir = dir.file("");
    flags.config_file = dir.file("carillon.toml");
    dir.write("carillon.toml", toml);
  }
  Result<Options> resolve(const Variables& variables = kNone) { return resolve_options(flags, environment(variables)); }
  std::string fault(const Variables& variables = kNone) {
    const auto r = resolve(variables);
    return r ? "" : r.error().text;
  }
};

TEST(Options, Defaults) {
  Case c;
  const auto o = c.resolve();
  ASSERT_TRUE(o);
  EXPECT_TRUE(o->sip_by_default);
  ASSERT_EQ(o->sip.size(), 6u);
  EXPECT_EQ(o->sip[0].bind.text(), "0.0.0.0:5060");
  EXPECT_EQ(o->sip[4].transport, sip::Transport::tls);
  EXPECT_EQ(o->sip[4].bind.port, 5061);
  ASSERT_EQ(o->http.size(), 1u);
  EXPECT_EQ(o->http[0].text(), "127.0.0.1:8080");
  EXPECT_EQ(o->https[0].port, 8443);
  EXPECT_EQ(o->shards, 1);
  EXPECT_EQ(o->drain, seconds(30));
  EXPECT_FALSE(o->full_sync);
}

TEST(Options, AnySipFlagReplacesAllDefaultsAndTheFile) {
  Case c("[sip]\nudp = [\"127.0.0.1:7000\"]\ntls = \"127.0.0.1:7001\"\n");
  auto o = c.resolve();
  ASSERT_TRUE(o);
  ASSERT_EQ(o->sip.size(), 2u);
  EXPECT_FALSE(o->sip_by_default);
  c.flags.sip_tcp = {"[::1]:6000"};
  o = c.resolve();
  ASSERT_TRUE(o);
  ASSERT_EQ(o->sip.size(), 1u);
  EXPECT_EQ(o->sip[0].transport, sip::Transport::tcp);
  EXPECT_EQ(o->sip[0].bind.text(), "[::1]:6000");
}

TEST(Options, NoneIsNone) {
  Case c;
  c.flags.http = {"none"};
  const auto o = c.resolve();
  ASSERT_TRUE(o);
  EXPECT_TRUE(o->http.empty());
  EXPECT_FALSE(o->http_by_default);
  EXPECT_TRUE(o->https_by_default);
}

TEST(Options, FlagBeforeEnvironmentBeforeFileBeforeDefault) {
  Case c("shards = 2\ndrain_seconds = 7\nstate_sync = \"full\"\n[log]\nlevel = \"debug\"\n");
  auto o = c.resolve();
  ASSERT_TRUE(o);
  EXPECT_EQ(o->shards, 2);
  EXPECT_EQ(o->drain, seconds(7));
  EXPECT_TRUE(o->full_sync);
  EXPECT_EQ(o->log_level, LogLevel::debug);
  const Variables variables = {{"CARILLON_SHARDS", "3"}, {"CARILLON_STATE_SYNC", "normal"}};
  c.flags.log_level = "error";
  o = c.resolve(variables);
  ASSERT_TRUE(o);
  EXPECT_EQ(o->shards, 3);
  EXPECT_FALSE(o->full_sync);
  EXPECT_EQ(o->log_level, LogLevel::error);
}

TEST(Options, AdvertisedAddresses) {
  Case c(
      "[sip]\nudp = [{ bind = \"0.0.0.0:5060\", advertise = \"pbx.example.com:5999\" }, { bind = \"[::]:5060\", "
      "advertise = \"2001:db8::1\" }]\n");
  const auto o = c.resolve();
  ASSERT_TRUE(o) << c.fault();
  EXPECT_EQ(o->sip[0].advertised_host, "pbx.example.com");
  EXPECT_EQ(o->sip[0].advertised_port, 5999);
  EXPECT_EQ(o->sip[1].advertised_host, "[2001:db8::1]");
  EXPECT_EQ(o->sip[1].advertised_port, 0);
}

TEST(Options, MistakesAreNamedWithTheirLine) {
  EXPECT_NE(Case("shards = 1\ndrain_secnds = 5\n")
                .fault()
                .find("line 2: unknown key drain_secnds; did you mean drain_seconds?"),
            std::string::npos);
  EXPECT_NE(Case("\n[sip]\nudpp = []\n").fault().find("line 3: unknown key sip.udpp; did you mean sip.udp?"),
            std::string::npos);
  EXPECT_NE(Case("shards = \"two\"\n").fault().find("line 1: shards must be a whole number"), std::string::npos);
  EXPECT_NE(Case("a = [\n").fault().find("line "), std::string::npos);
  EXPECT_NE(Case("[sip]\nudp = [\"127.0.0.1\"]\n").fault().find("\"127.0.0.1\" is not an address and port"),
            std::string::npos);
  EXPECT_NE(Case("[sip]\nudp = [{ bnd = \"1.2.3.4:5\" }]\n").fault().find("unknown key bnd"), std::string::npos);
  EXPECT_NE(Case("shards = 0\n").fault().find("from 1 to 64"), std::string::npos);
  Case flag;
  flag.flags.sip_udp = {"localhost:5060"};
  EXPECT_NE(flag.fault().find("--sip-udp"), std::string::npos);
  Case missing;
  missing.flags.config_file = missing.dir.file("nowhere.toml");
  EXPECT_NE(missing.fault().find("nowhere.toml"), std::string::npos);
}

}  // namespace
}  // namespace carillon::server
