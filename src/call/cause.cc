#include "call/cause.h"

namespace carillon::call {

namespace {

struct Pair {
  int from, to;
};

constexpr Pair kCauses[] = {
    {400, 41},  {401, 21},  {402, 21},  {403, 21},  {404, 1},  {405, 63},  {406, 79}, {407, 21},  {408, 102},
    {410, 22},  {411, 127}, {413, 127}, {414, 127}, {415, 79}, {416, 127}, {417, 63}, {420, 127}, {421, 127},
    {422, 127}, {423, 127}, {424, 21},  {429, 21},  {433, 21}, {480, 18},  {481, 41}, {482, 25},  {483, 25},
    {484, 28},  {485, 1},   {486, 17},  {487, 31},  {488, 31}, {491, 17},  {493, 17}, {500, 41},  {502, 38},
    {503, 41},  {504, 102}, {505, 127}, {513, 127}, {600, 17}, {603, 21},  {604, 1},  {606, 31}};

constexpr Pair kStatuses[] = {{1, 404},  {2, 404},  {3, 404},  {16, 480},  {17, 486},  {18, 408},  {19, 480}, {20, 480},
                              {21, 403}, {22, 410}, {25, 483}, {27, 502},  {28, 484},  {29, 501},  {31, 480}, {34, 503},
                              {38, 503}, {41, 503}, {42, 503}, {47, 503},  {55, 403},  {57, 403},  {58, 503}, {65, 488},
                              {70, 488}, {79, 501}, {88, 488}, {102, 504}, {111, 500}, {125, 488}, {127, 500}};

// Answers that are passed to the caller as they are.
constexpr int kPassed[] = {403, 404, 406, 408, 410, 413, 415, 433, 480, 482, 483, 484,
                           486, 487, 488, 491, 500, 501, 503, 504, 600, 603, 604, 606};

// Among answers of class 4: what a person said before what a machine said.
constexpr int kOrder[] = {486, 433, 403, 415, 488, 606, 484, 410, 404, 480, 408};

struct Words {
  int cause;
  std::string_view text;
};

// ITU-T Q.850 table 1.
constexpr Words kWords[] = {
    {1, "Unallocated number"},
    {2, "No route to transit network"},
    {3, "No route to destination"},
    {16, "Normal call clearing"},
    {17, "User busy"},
    {18, "No user responding"},
    {19, "No answer"},
    {20, "Subscriber absent"},
    {21, "Call rejected"},
    {22, "Number changed"},
    {25, "Exchange routing error"},
    {26, "Answered elsewhere"},
    {27, "Destination out of order"},
    {28, "Invalid number format"},
    {29, "Facility rejected"},
    {31, "Normal, unspecified"},
    {34, "No circuit available"},
    {38, "Network out of order"},
    {41, "Temporary failure"},
    {42, "Switching equipment congestion"},
    {47, "Resource unavailable"},
    {55, "Incoming calls barred"},
    {57, "Bearer capability not authorized"},
    {58, "Bearer capability not available"},
    {63, "Service or option not available"},
    {65, "Bearer capability not implemented"},
    {70, "Only restricted digital information available"},
    {79, "Service or option not implemented"},
    {88, "Incompatible destination"},
    {102, "Recovery on timer expiry"},
    {111, "Protocol error"},
    {125, "Out of bandwidth"},
    {127, "Interworking, unspecified"},
};

bool is_passed(int status) {
  for (const int s : kPassed) {
    if (s == status) return true;
  }
  return false;
}

template <typename Table>
int look_up(const Table& table, int key, int otherwise) {
  for (const Pair& p : table) {
    if (p.from == key) return p.to;
  }
  return otherwise;
}

}  // namespace

int cause_of_status(int status) {
  if (status < 300) return cause::kNormal;
  return look_up(kCauses, status, status >= 600 ? cause::kRejected : cause::kTemporary);
}

int status_of_cause(int cause) { return look_up(kStatuses, cause, 500); }

int status_for_caller(int status) {
  if (is_passed(status)) return status;
  if (status < 400 || status == 401 || status == 407) return 480;
  if (status < 500) return status == 405 || status == 420 || status == 421 || status == 422 ? 500 : 480;
  return status < 600 ? 500 : 603;
}

int status_for_caller(int status, int cause) {
  if (cause == 0 || cause == cause::kNormal || is_passed(status)) return status_for_caller(status);
  return status_of_cause(cause);
}

std::string_view text_of_cause(int cause) {
  for (const Words& w : kWords) {
    if (w.cause == cause) return w.text;
  }
  return {};
}

int rank_of_failure(int status) {
  if (status >= 600) return 0;
  int rank = status / 100 * 100;
  if (rank != 400) return rank + 50;
  for (const int s : kOrder) {
    rank++;
    if (s == status) return rank;
  }
  return status == 487 ? 499 : rank + 1;
}

}  // namespace carillon::call
