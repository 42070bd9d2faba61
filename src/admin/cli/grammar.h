#pragma once
// Nouns and verbs: which there are, and what each is for.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/cli.h"
#include "admin/cli/terminal.h"

namespace carillon::admin {

struct Noun {
  std::string_view noun, help;
  std::vector<std::string_view> verbs;  // none: the noun is a command by itself
  std::string_view example;
};

const std::vector<Noun>& nouns();
// What is wrong with the first two words, with the likeliest right one; "" when nothing is.
std::string check_words(const std::vector<std::string>& words);
// What `carillon` alone prints.
std::string_view overview();
// The flags of `NOUN add` for its help; "" for a noun without.
std::string field_help(std::string_view noun);
// Understands the arguments (without the program's name) and does what they say.
int run(const std::vector<std::string>& arguments, const Terminal& terminal,
        const std::function<int(const ServeFlags&)>& serve);

}  // namespace carillon::admin
