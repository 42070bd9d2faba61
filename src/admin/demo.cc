#include "admin/open.h"

namespace carillon::admin {

namespace {

constexpr size_t kPasswordLength = 12;

// Without letters and digits that look alike.
std::string password(Random& random) {
  static constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  std::string text;
  for (size_t i = 0; i < kPasswordLength; i++) text += kAlphabet[random.below(kAlphabet.size())];
  return text;
}

Result<void> add_person(Service& service, const DemoPhone& phone, const char* first_name, const char* last_name) {
  json::object user;
  user["userid"] = phone.userid, user["firstName"] = first_name, user["lastName"] = last_name;
  user["digestCredentials"] = phone.password;
  if (const auto added = service.add("users", user); !added) return added.error();
  json::object line;
  line["number"] = phone.number, line["alertingName"] = std::string(first_name) + " " + last_name;
  if (const auto added = service.add("lines", line); !added) return added.error();
  json::object appearance;
  appearance["line"] = phone.number, appearance["display"] = std::string(first_name) + " " + last_name;
  json::object device;
  device["description"] = std::string("Demonstration phone of ") + first_name;
  device["product"] = phone.product, device["digestUser"] = phone.userid, device["ownerUser"] = phone.userid;
  device["lines"] = json::array{appearance};
  if (const auto added = service.add("phones", device); !added) return added.error();
  return {};
}

}  // namespace

Result<std::vector<DemoPhone>> seed_demo(Service& service, Random& random) {
  ListQuery one;
  one.limit = 1;
  for (const char* collection : {"users", "phones", "lines"}) {
    const auto rows = service.list(collection, one);
    if (!rows) return rows.error();
    if (!rows->empty()) return std::vector<DemoPhone>{};
  }
  struct Person {
    const char *userid, *first_name, *last_name, *number, *product;
  };
  constexpr Person kPeople[] = {{"alice", "Alice", "Liddell", "1001", "basic"},
                                {"bob", "Bob", "Builder", "1002", "basic"},
                                {"carol", "Carol", "Carroll", "1003", "advanced"}};
  std::vector<DemoPhone> phones;
  for (const Person& p : kPeople) {
    phones.push_back({p.userid, password(random), p.number, p.product});
    if (const auto added = add_person(service, phones.back(), p.first_name, p.last_name); !added) return added.error();
  }
  return phones;
}

}  // namespace carillon::admin
