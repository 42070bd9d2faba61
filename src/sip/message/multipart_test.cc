#include "sip/message/multipart.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon::sip {
namespace {

std::vector<std::string> parts_of(View type, View body) {
  Multipart reader(type, body);
  std::vector<std::string> all;
  Part part;
  while (reader.next(part)) all.push_back(std::string(part.content_type) + "|" + std::string(part.body));
  return all;
}

TEST(Multipart, ReadsParts) {
  const View body =
      "preamble\r\n--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b1\r\nContent-Type: "
      "application/isup;x=1\r\n"
      "Content-Disposition: signal;handling=optional\r\n\r\n\x01--b1x\r\n--b1--\r\nepilogue";
  EXPECT_EQ(parts_of("multipart/mixed;boundary=b1", body),
            (std::vector<std::string>{"application/sdp|v=0\r\n", "application/isup;x=1|\x01--b1x"}));
  EXPECT_EQ(parts_of("Multipart/Alternative; boundary=\"b1\"", body).size(), 2u);
  EXPECT_EQ(parts_of("multipart/mixed", body).size(), 0u);
  EXPECT_EQ(parts_of("multipart/mixed;boundary=other", body).size(), 0u);
  EXPECT_EQ(parts_of("text/plain;boundary=b1", body).size(), 0u);
}

TEST(Multipart, BareLineEndsNoHeadersAndBrokenEnds) {
  EXPECT_EQ(parts_of("multipart/mixed;boundary=x", "--x\nContent-Type: a/b\n\nfoo\n--x--"),
            (std::vector<std::string>{"a/b|foo"}));
  EXPECT_EQ(parts_of("multipart/mixed;boundary=x", "--x\r\n\r\nfoo\r\n--x--\r\n"), (std::vector<std::string>{"|foo"}));
  EXPECT_EQ(parts_of("multipart/mixed;boundary=x", "--x\r\n\r\nfoo").size(), 0u);
  EXPECT_EQ(parts_of("multipart/mixed;boundary=x", "--x--\r\n").size(), 0u);
  EXPECT_EQ(parts_of("multipart/mixed;boundary=x", "--x\r\n--x\r\n--x--").size(), 2u);
  std::string many = "--x\r\n";
  for (int i = 0; i < 100; i++) many += "\r\np\r\n--x\r\n";
  EXPECT_EQ(parts_of("multipart/mixed;boundary=x", many).size(), kMaxParts);
  EXPECT_EQ(parts_of("multipart/mixed;boundary=" + std::string(80, 'x'), many).size(), 0u);
}

}  // namespace
}  // namespace carillon::sip
