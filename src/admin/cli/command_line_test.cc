#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "admin/cli/fields.h"
#include "admin/cli/grammar.h"
#include "admin/fakes.h"
#include "admin/rest.h"

namespace carillon::admin {
namespace {

// The real command line against a real HTTP server in this process, with a fake Service and Live behind it.
struct CliTest : testing::Test {
  CliTest() {
    for (const auto* name : {"CARILLON_DATA_DIR", "CARILLON_SERVER", "CARILLON_TOKEN"}) ::unsetenv(name);
    char name[] = "/tmp/carillon-cli-XXXXXX";
    directory = ::mkdtemp(name);
    http::ServerOptions options;
    options.unix_socket = directory + "/carillon.sock";
    options.http = {Address::v4(0x7f000001, 0)};
    options.admit = [this](const http::Request& head) { return rest.admit(head); };
    server.emplace(options, [this](const http::Request& request) { return rest.handle(request); });
    const auto started = server->start();
    EXPECT_TRUE(started);
    url = "http://" + server->bound().front().second.text();
  }
  ~CliTest() override {
    server.reset();
    std::filesystem::remove_all(directory);
  }
  int bare(const std::vector<std::string>& arguments) {
    std::istringstream in(input);
    std::ostringstream out_stream, err_stream;
    const Terminal terminal{out_stream, err_stream, in};
    const int exit =
        carillon::admin::run(arguments, terminal, [this](const ServeFlags& flags) { return served = flags, 0; });
    out = out_stream.str(), err = err_stream.str();
    return exit;
  }
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data-dir", directory});
    return bare(arguments);
  }
  FakeService service;
  FakeLive live;
  Rest rest{service, live, {"tok", "1"}};
  std::optional<http::Server> server;
  ServeFlags served;
  std::string directory, url, input, out, err;
};

TEST_F(CliTest, TheIssuesExamples) {
  EXPECT_EQ(run({"user", "add", "alice", "--last-name", "Liddell", "--digest-credentials", "secret"}), kOk) << err;
  EXPECT_EQ(out, "user alice added\n");
  const auto& alice = service.entities["users"]["alice"];
  EXPECT_EQ(alice.at("lastName").as_string(), "Liddell");
  EXPECT_EQ(alice.at("digestCredentials").as_string(), "secret");

  EXPECT_EQ(run({"phone", "add", "--product", "basic", "--digest-user", "alice", "--line", "1001", "--line", "1002"}),
            kOk)
      << err;
  EXPECT_EQ(out, "phone SEP000000000001 added\n");
  const auto& phone = service.entities["phones"]["SEP000000000001"];
  EXPECT_EQ(json::print(phone.at("lines")), R"(["1001","1002"])");
  EXPECT_EQ(phone.at("digestUser").as_string(), "alice");

  const std::string profile = "Third-party SIP Device Basic - Standard SIP Non-Secure Profile";
  EXPECT_EQ(run({"security-profile", "add", profile}), kOk) << err;
  EXPECT_EQ(run({"security-profile", "update", profile, "--digest-authentication", "on"}), kOk) << err;
  EXPECT_EQ(service.entities["security-profiles"][profile].at("digestAuthentication").as_string(), "on");
  EXPECT_EQ(run({"security-profile", "reset", profile}), kOk) << err;

  service.entities["parameters"]["trusted-networks"] = {{"name", "trusted-networks"}, {"value", "::1"}};
  EXPECT_EQ(run({"parameter", "set", "trusted-networks", "10.0.0.0/8,192.168.0.0/16"}), kOk) << err;
  EXPECT_EQ(service.entities["parameters"]["trusted-networks"].at("value").as_string(), "10.0.0.0/8,192.168.0.0/16");
  EXPECT_EQ(run({"parameter", "set", "trusted-networks", ""}), kOk) << err;
  EXPECT_EQ(service.entities["parameters"]["trusted-networks"].at("value").as_string(), "");
  EXPECT_EQ(run({"user", "update", "alice", "--last-name", ""}), kOk) << err;
  EXPECT_EQ(service.entities["users"]["alice"].at("lastName").as_string(), "");
  EXPECT_EQ(run({"user", "remove", "alice"}), kOk);
  EXPECT_EQ(run({"user", "show", "alice"}), kNotFound);
  EXPECT_TRUE(err.starts_with("error: there is no 'alice'")) << err;
}

TEST_F(CliTest, OutputForms) {
  EXPECT_EQ(run({"partition", "add", "A", "--description", "=x"}), kOk) << err;
  EXPECT_EQ(run({"partition", "list"}), kOk);
  EXPECT_EQ(out, "NAME  DESCRIPTION\nA     =x\n");
  EXPECT_EQ(run({"partition", "list", "--no-headers"}), kOk);
  EXPECT_EQ(out, "A  =x\n");
  EXPECT_EQ(run({"partition", "list", "-q"}), kOk);
  EXPECT_EQ(out, "A\n");
  EXPECT_EQ(run({"partition", "list", "-o", "json"}), kOk);
  EXPECT_EQ(json::parse(out).value().as_array().at(0).at("name").as_string(), "A");
  EXPECT_EQ(run({"partition", "show", "A", "--output=json"}), kOk);
  EXPECT_EQ(json::parse(out).value().at("description").as_string(), "=x");
  EXPECT_EQ(run({"partition", "list", "-o", "csv"}), kOk);
  EXPECT_EQ(out, "description,name,revision\r\n'=x,A,2\r\n");
  EXPECT_EQ(run({"partition", "show", "A", "-o", "yaml"}), kOk);
  EXPECT_EQ(out, "description: \"=x\"\nname: A\nrevision: 2\n");
  EXPECT_EQ(run({"partition", "show", "A"}), kOk);
  EXPECT_NE(out.find("description  =x\n"), std::string::npos);
  EXPECT_EQ(run({"partition", "list", "--limit", "1", "--search", "x", "--filter", "name=A"}), kOk);
  EXPECT_EQ(service.last_query.limit, 1u);
  const std::vector<std::pair<std::string, std::string>> filters{{"q", "x"}, {"name", "A"}};
  EXPECT_EQ(service.last_query.filters, filters);
  EXPECT_EQ(run({"line", "list", "-o", "json"}), kOk);
  EXPECT_EQ(json::parse(out).value().as_array().size(), 0u);
}

TEST_F(CliTest, UsageErrorsSayWhatWasMeant) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"fone", "list"}, "did you mean 'phone'?"},
      {{"users", "list"}, "did you mean 'user'?"},
      {{"phone"}, "needs a verb"},
      {{"phone", "lst"}, "did you mean 'list'?"},
      {{"user", "add", "x", "--digest-credential", "y"}, "did you mean --digest-credentials?"},
      {{"user", "add", "x", "--digest-credentials"}, "needs a value"},
      {{"user", "add", "x", "--last-name", "y", "--last-name", "z"}, "given twice"},
      {{"user", "add"}, "NAME"},
      {{"user", "update", "x"}, "nothing to change"},
      {{"user", "list", "-o", "xml"}, "xml"},
      {{"user", "list", "--limit", "x"}, "limit"},
      {{"user", "list", "--limit", "-3"}, "whole number"},
      {{"user", "list", "--filter", "x"}, "FIELD=VALUE"},
      {{"user", "list", "more"}, "more"},
      {{"user", "show", "x", "--last-name", "y"}, "last-name"},
      {{"parameter", "set", "x"}, "VALUE"},
      {{"parameter", "add", "x"}, "has no 'add'"},
      {{"registration", "remove", "x"}, "has no 'remove'"},
      {{"user", "list", "--server", "pbx"}, "not the URL"},
  };
  for (const auto& [arguments, expected] : cases) {
    EXPECT_EQ(run(arguments), kUsage) << arguments[0] << " " << expected;
    EXPECT_TRUE(err.starts_with("error: ")) << err;
    EXPECT_NE(err.find(expected), std::string::npos) << err;
    EXPECT_EQ(out, "");
  }
}

TEST_F(CliTest, ExitCodesOfTheServersAnswers) {
  EXPECT_EQ(run({"user", "add", "alice"}), kOk);
  EXPECT_EQ(run({"user", "add", "alice"}), kFailed);
  EXPECT_NE(err.find("userid: exists already"), std::string::npos) << err;
  EXPECT_EQ(run({"user", "update", "bob", "--last-name", "x"}), kNotFound);
  EXPECT_EQ(run({"user", "update", "alice", "--last-name", "x", "--if-revision", "1"}), kFailed);
  EXPECT_EQ(run({"user", "update", "alice", "--last-name", "x", "--if-revision", "2"}), kOk) << err;
  EXPECT_EQ(bare({"user", "list", "--server", url, "--token", "wrong"}), kDenied);
  EXPECT_EQ(bare({"user", "list", "--server", url, "--token", "tok"}), kOk) << err;
  ::setenv("CARILLON_SERVER", url.c_str(), 1);
  EXPECT_EQ(bare({"user", "list"}), kDenied);
  ::setenv("CARILLON_TOKEN", "tok", 1);
  EXPECT_EQ(bare({"user", "list"}), kOk);
  EXPECT_EQ(bare({"user", "list", "--data-dir", directory + "/nowhere"}), kUnreachable);
  EXPECT_NE(err.find("carillon serve --data-dir " + directory + "/nowhere"), std::string::npos) << err;
  server->stop();
  EXPECT_EQ(bare({"user", "list"}), kUnreachable);
}

TEST_F(CliTest, SecretsFromStandardInputAndLateChanges) {
  input = "hush hush\r\n";
  EXPECT_EQ(run({"user", "add", "alice", "--digest-credentials", "-"}), kOk) << err;
  EXPECT_EQ(service.entities["users"]["alice"].at("digestCredentials").as_string(), "hush hush");
  EXPECT_EQ(run({"user", "update", "alice", "--last-name=-"}), kOk) << err;  // no secret: a dash is a dash
  EXPECT_EQ(service.entities["users"]["alice"].at("lastName").as_string(), "-");
  live.applied = false;
  EXPECT_EQ(run({"user", "update", "alice", "--last-name", "x"}), kOk);
  EXPECT_NE(err.find("warning: "), std::string::npos);
  EXPECT_EQ(run({"user", "update", "alice", "--last-name", "x", "--no-wait"}), kOk);
  EXPECT_EQ(err, "");
}

TEST_F(CliTest, LiveCommands) {
  EXPECT_EQ(run({"registration", "list", "-q"}), kOk);
  EXPECT_EQ(out, "a\nb\n");
  EXPECT_EQ(run({"registration", "show", "1002", "-o", "json"}), kOk) << err;
  EXPECT_EQ(json::parse(out).value().at("name").as_string(), "b");
  EXPECT_EQ(run({"registration", "show", "1003"}), kNotFound);
  EXPECT_EQ(run({"refusal", "list"}), kOk);
  EXPECT_NE(out.find("The password is wrong.\n    → Set the phone's password.\n"), std::string::npos) << out;
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_EQ(run({"call", "remove", "c1"}), kOk);
  EXPECT_EQ(live.released, "c1");
  EXPECT_EQ(run({"call", "remove", "c2"}), kNotFound);
  EXPECT_EQ(run({"call-back", "list"}), kOk);
  EXPECT_NE(out.find("WAITS FOR"), std::string::npos) << out;
  EXPECT_NE(out.find("1002"), std::string::npos) << out;
  EXPECT_EQ(run({"call-back", "show", "1002", "-o", "json"}), kOk) << err;
  EXPECT_EQ(json::parse(out).value().at("name").as_string(), "b1");
  EXPECT_EQ(run({"call-back", "remove", "b2"}), kNotFound);
  EXPECT_EQ(run({"call-back", "remove", "b1"}), kOk);
  EXPECT_EQ(out, "call-back b1 removed\n");
  EXPECT_EQ(live.forgotten, "b1");
  EXPECT_EQ(run({"call-back", "add", "b1"}), kUsage);
  EXPECT_EQ(run({"cdr", "list", "--limit", "3"}), kOk);
  EXPECT_EQ(live.asked_cdrs.limit, 3u);
  EXPECT_EQ(run({"cdr", "show", "0000000000000001"}), kOk) << err;
  EXPECT_EQ(run({"licence"}), kOk);
  EXPECT_EQ(out, "in use    9 units (no limit is set)\nBasic     1 phone, 3 units\nAdvanced  1 phone, 6 units\n");
  EXPECT_EQ(run({"status"}), kOk);
  EXPECT_EQ(out, "version  9\nlisteners\n  UDP  127.0.0.1:5060\nstore\n  revision  3\n");
  EXPECT_EQ(run({"trace"}), kOk);
  live.messages = {json::object{{"sequence", 1},
                                {"direction", "in"},
                                {"remote", "192.0.2.1:5060"},
                                {"local", "l"},
                                {"time", "2026-11-22T13:05:06.789Z"},
                                {"text", "OPTIONS sip:x SIP/2.0\r\nCSeq: 3 OPTIONS\r\n\r\n"}}};
  EXPECT_EQ(run({"trace"}), kOk);
  EXPECT_NE(out.find(" OPTIONS 3 "), std::string::npos) << out;
  EXPECT_EQ(run({"trace", "--raw"}), kOk);
  EXPECT_NE(out.find("    CSeq: 3 OPTIONS\n"), std::string::npos) << out;
}

TEST_F(CliTest, ImportKeepsTheRejectedRows) {
  const std::string file = directory + "/staff.csv";
  std::ofstream(file) << "userid,digestCredentials\nalice,secret\nbob,\"x\"\n";
  EXPECT_EQ(run({"import", file}), kFailed);
  EXPECT_EQ(out, "2 rows: 1 added, 0 updated, 0 unchanged, 1 rejected\n");
  EXPECT_NE(err.find("line 3: digestCredentials"), std::string::npos) << err;
  std::ifstream rejected(directory + "/staff.rejected.csv");
  std::stringstream text;
  text << rejected.rdbuf();
  EXPECT_EQ(text.str(),
            "userid,digestCredentials,reason\r\nbob,\"x\",\"digestCredentials: \"\"x\"\" is too short\"\r\n");
  EXPECT_EQ(run({"import", file, "--dry-run", "-o", "json"}), kFailed);
  EXPECT_EQ(json::parse(out).value().at("rows").as_int64(), 2);
  std::ofstream(file) << "nonsense\n";
  EXPECT_EQ(run({"import", file}), kFailed);
  EXPECT_NE(err.find("no column 'nonsense'"), std::string::npos) << err;
  EXPECT_EQ(run({"import", directory + "/none.csv"}), kFailed);
  EXPECT_EQ(run({"import"}), kUsage);
}

TEST_F(CliTest, ServeGetsItsFlags) {
  ::setenv("CARILLON_SIP_TCP", "127.0.0.1:1,127.0.0.1:2", 1);
  EXPECT_EQ(run({"serve", "--sip-udp", "127.0.0.1:5060", "--sip-udp", "[::1]:5060", "--http", "none", "--demo"}), kOk)
      << err;
  ::unsetenv("CARILLON_SIP_TCP");
  EXPECT_EQ(served.data_dir, directory);
  EXPECT_EQ(served.sip_udp, (std::vector<std::string>{"127.0.0.1:5060", "[::1]:5060"}));
  EXPECT_EQ(served.sip_tcp, (std::vector<std::string>{"127.0.0.1:1", "127.0.0.1:2"}));
  EXPECT_EQ(served.http, std::vector<std::string>{"none"});
  EXPECT_TRUE(served.sip_tls.empty());
  EXPECT_TRUE(served.demo);
  EXPECT_EQ(run({"serve", "--sip-upd", "x"}), kUsage);
}

TEST_F(CliTest, HelpAtEveryLevel) {
  EXPECT_EQ(bare({}), kOk);
  EXPECT_NE(out.find("carillon serve"), std::string::npos);
  EXPECT_EQ(bare({"--version"}), kOk);
  EXPECT_TRUE(out.starts_with("carillon ")) << out;
  EXPECT_EQ(bare({"--help"}), kOk);
  EXPECT_NE(out.find("--data-dir"), std::string::npos);
  for (const auto& noun : nouns()) {
    EXPECT_EQ(bare({std::string(noun.noun), "--help"}), kOk) << noun.noun;
    EXPECT_NE(out.find(noun.example), std::string::npos) << out;
    for (const auto verb : noun.verbs) {
      EXPECT_EQ(bare({std::string(noun.noun), std::string(verb), "--help"}), kOk) << noun.noun << " " << verb;
      EXPECT_NE(out.find("Examples:"), std::string::npos);
    }
  }
  EXPECT_EQ(bare({"phone", "add", "--help"}), kOk);
  EXPECT_NE(out.find("--product basic|advanced"), std::string::npos) << out;
}

TEST(Fields, KebabAndNearest) {
  EXPECT_EQ(kebab("digestCredentials"), "digest-credentials");
  EXPECT_EQ(kebab("rfc2543Hold"), "rfc2543-hold");
  EXPECT_EQ(nearest("prodct", {"name", "product"}), "product");
  EXPECT_EQ(nearest("zzz", {"name", "product"}), "");
}

}  // namespace
}  // namespace carillon::admin
