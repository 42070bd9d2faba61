#pragma once
// A session description read as views into the text that it came in (RFC 8866, RFC 4566). Reading is bounded and does
// not allocate; lines that we do not know are kept where they stand. The text must outlive the Session.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace carillon::sdp {

using View = std::string_view;

constexpr size_t kMaxMedia = 16;        // media descriptions in a session: more are refused
constexpr size_t kMaxSdpBytes = 16384;  // longer ones are refused
constexpr size_t kMaxSdpLines = 1024;

// RFC 8866 §6.7, seen from the side that wrote the description.
enum class Direction : uint8_t { sendrecv, sendonly, recvonly, inactive };
std::string_view to_string(Direction d);

// How a description puts the other side on hold.
enum class Hold : uint8_t {
  none,
  sendonly,
  inactive,
  zero_address,  // c=IN IP4 0.0.0.0 (RFC 2543 §B.5; still to be understood, RFC 3264 §8.4)
};
std::string_view to_string(Hold h);

// o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>
struct Origin {
  View username, id, version, net, address_type, address;
};

// One m= line with the lines that belong to it.
struct Media {
  View type;                                  // "audio"
  uint16_t port = 0;                          // 0: refused or not wanted (RFC 3264 §6)
  View port_text;                             // with "/<number of ports>" where written
  View protocol;                              // "RTP/AVP"
  View formats;                               // "0 8 101"
  View connection;                            // value of its c= line, "" when it uses the session's
  Direction direction = Direction::sendrecv;  // its own, else the session's
  View lines;                                 // the lines after m=, with their ends
  bool plain = true;                          // `lines` may be copied as they are: CRLF everywhere, no i= line
};

class Session {
 public:
  enum class Fault : uint8_t {
    none,
    too_long,
    too_many_lines,
    too_many_media,
    bad_line,
    no_version,
    no_origin,
    bad_media
  };

  // Reads `text`. Lines may end in CRLF, LF or CR; the last may lack its end.
  Fault parse(View text);

  const Origin& origin() const { return origin_; }
  View connection() const { return connection_; }  // value of the session's c= line, "" when there is none
  Direction direction() const { return direction_; }
  // The lines before the first m=, with their ends.
  View head() const { return head_; }
  size_t size() const { return count_; }
  // REQUIRES: i < size().
  const Media& media(size_t i) const { return media_[i]; }
  const Media* begin() const { return media_.data(); }
  const Media* end() const { return media_.data() + count_; }
  // The c= value that holds for `m`: its own or the session's.
  View connection_of(const Media& m) const { return m.connection.empty() ? connection_ : m.connection; }

 private:
  Fault head_line(char type, View value);
  Fault media_line(View value, const char* after);
  void attribute(View value);
  void close_media(const char* end);

  View head_, connection_;
  Origin origin_;
  Direction direction_ = Direction::sendrecv;
  bool has_version_ = false, has_origin_ = false;
  size_t count_ = 0;
  std::array<Media, kMaxMedia> media_;
};

std::string_view to_string(Session::Fault f);

// Takes the next line off `text`, without its end; false when nothing is left. `ends_crlf` tells how it ended.
bool next_line(View& text, View& line, bool& ends_crlf);

// "192.0.2.1" out of "IN IP4 192.0.2.1/127"; "" when the value is not of that form.
View address_of(View connection);
// Is this the address that means "send nothing" (0.0.0.0)? Its IPv6 likeness is `::`.
bool is_zero_address(View address);

}  // namespace carillon::sdp
