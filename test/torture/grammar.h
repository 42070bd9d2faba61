#pragma once
// Random headers that follow the grammar of RFC 3261 §25.1 and of the RFCs of the header table to
// the letter, with everything that it allows: folding, comments, quoted pairs, escapes, IPv6,
// unknown parameters, every token character. And wrong ones, made by one targeted change.

#include <string>
#include <string_view>

#include "base/random.h"
#include "sip/message/header_id.h"

namespace carillon::torture {

class Grammar {
 public:
  explicit Grammar(uint64_t seed) : random_(seed) {}

  // A value of the header, as the grammar has it.
  std::string value(sip::HeaderId id);
  // A whole line: name in some spelling, colon, value, CRLF.
  std::string line(sip::HeaderId id);
  std::string unknown_line();
  // A request with the five headers, Max-Forwards and `lines`, in random order. `uri` "": a random one.
  std::string request(std::string_view uri, std::string_view lines);
  // The same from and to phones of the server's directory.
  std::string known_request(std::string_view method, std::string_view lines);
  // A value that the grammar does not have.
  std::string wrong(sip::HeaderId id);

  bool flip() { return random_.next32() % 2 == 0; }
  uint32_t below(uint32_t n) { return random_.below(n); }

 private:
  std::string put_together(std::string_view start, std::string_view method, std::string_view addresses,
                           std::string_view lines);
  // Lexical rules.
  std::string sws();
  std::string lws();
  std::string around(std::string_view separator);  // with SWS on both sides
  std::string pick(std::string_view alphabet, uint32_t at_least, uint32_t at_most);
  std::string one_of(std::initializer_list<const char*> choices);
  std::string token();
  std::string word();
  std::string quoted();
  std::string comment(int depth = 0);
  std::string digits(uint32_t at_most);
  std::string number(uint32_t limit);  // below `limit`, now and then with zeros in front
  std::string qvalue();
  std::string utf8();
  std::string escaped(std::string_view alphabet, uint32_t at_least, uint32_t at_most);
  // Names and addresses.
  std::string domain();
  std::string ipv4();
  std::string ipv6();
  std::string host();
  std::string host_port(bool blanks);
  std::string uri();
  std::string sip_uri(bool headers);
  std::string plain_uri();  // may stand without brackets
  std::string tel_uri();
  std::string other_uri();
  std::string display();
  std::string name_addr();
  std::string address();  // name-addr or addr-spec
  // Parameters and lists.
  std::string generic_param();
  std::string params();  // *(SEMI generic-param)
  std::string parameter(std::string_view name, std::string_view value);
  std::string media_params();
  template <typename F>
  std::string list(F&& item, uint32_t at_most = 3);
  // Values.
  std::string via_value();
  std::string contact_value();
  std::string media_range();
  std::string language();
  std::string credentials();
  std::string challenge();
  std::string warning_value();
  std::string date_value();
  std::string retry_after_value();
  std::string timestamp_value();
  std::string call_id_value();
  std::string event_value();
  std::string plain_value(sip::HeaderId id);      // the rest of RFC 3261
  std::string extension_value(sip::HeaderId id);  // headers of other RFCs than 3261
  std::string identity_value(sip::HeaderId id);   // the rest of them
  std::string wrong_list(sip::HeaderId id);

  Random random_;
};

}  // namespace carillon::torture
