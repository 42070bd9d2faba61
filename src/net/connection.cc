#include "net/connection.h"

namespace carillon::net {

Io Connection::flush() {
  while (waiting() > 0) {
    size_t sent = 0;
    const Io io = stream.write(std::string_view(out).substr(out_at), &sent);
    if (io != Io::done) return io;
    out_at += sent;
  }
  out_at = 0;
  if (out.capacity() > limits::kStrangerBytes) {
    std::string().swap(out);
  } else {
    out.clear();
  }
  return Io::done;
}

bool Connection::queue(std::string_view bytes, size_t limit) {
  if (waiting() + bytes.size() > limit) return false;
  if (out_at > 0 && out_at >= out.size() / 2) out.erase(0, out_at), out_at = 0;
  out.append(bytes);
  return true;
}

}  // namespace carillon::net
