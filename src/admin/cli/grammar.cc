#include "admin/cli/grammar.h"

#include <fmt/format.h>

#include <algorithm>

#include "admin/cli/fields.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

using Verbs = std::vector<std::string_view>;

std::string joined(const Verbs& words) {
  std::string out;
  for (const auto word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

std::string did_you_mean(const std::string& word, const Verbs& candidates) {
  const auto near = nearest(word, {candidates.begin(), candidates.end()});
  return near.empty() ? "" : "; did you mean '" + near + "'?";
}

const Verbs kFull{"list", "show", "add", "update", "remove"};
const Verbs kProfile{"list", "show", "add", "update", "remove", "reset"};
const Verbs kView{"list", "show"};

std::vector<Noun> people_and_phones() {
  return {
      {"serve",
       "Run the server",
       {},
       "carillon serve --data-dir ./carillon-data\n  carillon serve --sip-udp 192.0.2.1:5060 --sip-tcp 192.0.2.1:5060 "
       "--http none"},
      {"user", "End users: who phones register as", kFull,
       "carillon user add alice --last-name Liddell --digest-credentials secret\n  carillon user update alice "
       "--digest-credentials -"
       "   # asks on standard input\n  carillon user list --search lid -o json"},
      {"phone", "Phones, with their digest user and lines", kFull,
       "carillon phone add --product basic --digest-user alice --line 1001      # the name is made up\n"
       "  carillon phone update SEP001122334455 --active off\n  carillon phone show SEP001122334455"},
      {"line", "Lines: directory numbers in a partition", kFull, "carillon line update 1001 --alerting-name Reception"},
      {"partition", "Partitions: sets of numbers", kFull,
       "carillon partition add Lobby --description 'Phones in the lobby'"},
      {"search-space", "Calling search spaces: which partitions a caller reaches", kFull,
       "carillon search-space add Guests --partitions Lobby,Emergency"},
      {"presence-group", "Presence groups: who may watch whom", kFull,
       "carillon presence-group add Board\n  carillon presence-group add Assistants --sees Board\n"
       "  carillon line update 1001 --presence-group Board"},
      {"security-profile", "Phone security profiles: digest, transports", kProfile,
       "carillon security-profile update \"Third-party SIP Device Basic - Standard SIP Non-Secure Profile\""
       " --digest-authentication on"},
      {"sip-profile", "SIP profiles: offers, timers, identity", kProfile, "carillon sip-profile list"},
      {"region", "Regions: bit rates and codecs", kProfile,
       "carillon region add Branch --codec-preference G729,PCMU --relationships Default/audioBitRate=16\n"
       "  carillon region update Branch --audio-bit-rate 64 --video-bit-rate -1      # no video inside it"},
      {"location", "Locations: bandwidth that calls may take", kProfile,
       "carillon location add Branch --audio-bandwidth 240 --links Hub_None/audioBandwidth=160"},
      {"device-pool", "Device pools: region and location of a site's phones", kProfile,
       "carillon device-pool add Branch --region Branch --location Branch\n"
       "  carillon phone update SEP001122334455 --device-pool Branch"},
  };
}

std::vector<Noun> groups_and_codes() {
  return {
      {"line-group", "Line groups: lines among which calls are distributed", kFull,
       "carillon line-group add Sales --members 1001,1002,1003 --distribution-algorithm circular\n"
       "  carillon line-group update Sales --rna-reversion-time-out 15 --auto-log-off-hunt on"},
      {"hunt-list", "Hunt lists: line groups in the order of a hunt", kFull,
       "carillon hunt-list add Sales --line-groups Sales,Service"},
      {"hunt-pilot", "Hunt pilots: numbers that reach a hunt list", kFull,
       "carillon hunt-pilot add 5000 --hunt-list Sales --forward-hunt-no-answer 1000 --forward-hunt-busy 1000"},
      {"pickup-group", "Call pickup groups: lines that pick up each other's calls", kFull,
       "carillon pickup-group add Sales --number 8801 --other-groups Service\n"
       "  carillon line update 1001 --call-pickup-group Sales"},
      {"call-park", "Call park numbers and ranges", kFull, "carillon call-park add 80XX"},
      {"directed-park", "Directed call park numbers and ranges", kFull,
       "carillon directed-park add 811X --retrieval-prefix 21 --reversion-pattern 1000"},
      {"caller-filter", "Caller filters: whose calls get through to a line", kFull,
       "carillon caller-filter add Nuisance --numbers '+4930123456,+49900!'\n"
       "  carillon caller-filter add Board --mode allow --numbers 10XX --action forward --forward-to 1001\n"
       "  carillon line update 1002 --caller-filter Nuisance"},
      {"feature-code", "Feature codes: what phones dial to have something done", kProfile,
       "carillon feature-code list\n  carillon feature-code update group-pickup --code '*20'\n"
       "  carillon feature-code update intercom --enabled off"},
  };
}

std::vector<Noun> everything_else() {
  return {
      {"parameter",
       "Service parameters: settings of the whole server",
       {"list", "show", "set", "reset"},
       "carillon parameter set trusted-networks 10.0.0.0/8,192.168.0.0/16\n  carillon parameter reset "
       "trusted-networks"},
      {"registration", "Phones that are registered", kView, "carillon registration list"},
      {"refusal", "Refused attempts: why, and what to do", kView, "carillon refusal list --search alice"},
      {"call", "Calls that are up", {"list", "show", "remove"}, "carillon call remove ID      # ends the call"},
      {"subscription", "Who watches which line: lamps, presence, message waiting", kView,
       "carillon subscription list --search 1002"},
      {"call-back",
       "Call-backs that wait for a line to be free",
       {"list", "show", "remove"},
       "carillon call-back list --search 1002\n  carillon call-back remove ID      # nobody is called back"},
      {"mwi",
       "Message waiting: the lamp and the counts of a line's mailbox",
       {"list", "show", "set"},
       "carillon mwi set 1001 on\n  carillon mwi set 1001 --new 2 --old 8\n  carillon mwi set 1001 off\n"
       "  carillon mwi show 1001"},
      {"cdr",
       "Call detail records",
       {"list", "show", "export"},
       "carillon cdr list --since 2h --number 1001\n  carillon cdr list --since 2026-11-22 --until 2026-11-23 -o csv\n"
       "  carillon cdr export --since 7d --directory .      # columns and codes as billing systems read them"},
      {"import",
       "Import users, phones and lines from CSV",
       {},
       "carillon import staff.csv --dry-run\n  carillon import staff.csv\n\nThe file, for example:\n"
       "  userid,lastName,digestCredentials,product,lines\n  alice,Liddell,secret,basic,1001\n"
       "  carol,Carroll,hush,advanced,1003;1004"},
      {"licence", "Device licence units in use", {}, "carillon licence"},
      {"status", "The server on one screen", {}, "carillon status"},
      {"trace", "SIP messages as a ladder", {}, "carillon trace --follow\n  carillon trace --call ID --raw"},
  };
}

}  // namespace

const std::vector<Noun>& nouns() {
  static const std::vector<Noun> all = [] {
    std::vector<Noun> rows = people_and_phones();
    for (auto more : {groups_and_codes(), everything_else()}) rows.insert(rows.end(), more.begin(), more.end());
    return rows;
  }();
  return all;
}

std::string check_words(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  Verbs names;
  for (const auto& each : nouns()) names.push_back(each.noun);
  const auto noun =
      std::find_if(nouns().begin(), nouns().end(), [&words](const Noun& n) { return n.noun == words[0]; });
  if (noun == nouns().end()) {
    const auto plural = std::find_if(nouns().begin(), nouns().end(),
                                     [&](const Noun& n) { return words[0] == std::string(n.noun) + "s"; });
    const auto hint =
        plural != nouns().end() ? "; did you mean '" + std::string(plural->noun) + "'?" : did_you_mean(words[0], names);
    return "there is no command '" + printable(words[0], 60) + "'" +
           (hint.empty() ? " (carillon --help lists them)" : hint);
  }
  if (noun->verbs.empty()) return "";
  if (words.size() < 2) return words[0] + " needs a verb: " + joined(noun->verbs);
  if (std::find(noun->verbs.begin(), noun->verbs.end(), words[1]) != noun->verbs.end()) return "";
  return words[0] + " has no '" + printable(words[1], 60) + "'" + did_you_mean(words[1], noun->verbs) +
         "; it has: " + joined(noun->verbs);
}

std::string_view overview() {
  return R"(Carillon, SIP call control.

  carillon serve                                         run the server (data in ./carillon-data)
  carillon status                                        how it is doing

  carillon user add alice --last-name Liddell --digest-credentials secret
  carillon phone add --product basic --digest-user alice --line 1001
  carillon phone list                                    and show, update, remove; the same for user, line, …

  carillon registration list                             who is registered
  carillon refusal list                                  who was refused, why, and what to do
  carillon trace --follow                                the SIP ladder as it happens

`carillon --help` lists everything; `carillon phone --help` and `carillon phone add --help` go on from there.
)";
}

std::string field_help(std::string_view noun) {
  std::string out;
  for (const auto& field : field_flags(noun)) {
    out += fmt::format("  {:<42} {}\n", "--" + field.flag + " " + field.takes, field.help);
  }
  return out;
}

}  // namespace carillon::admin
