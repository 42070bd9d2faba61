#include "http/connection.h"

#include <exception>

#include "http/url.h"

namespace carillon::http {
namespace {

Response plain_problem(int status) {
  Response out;
  out.status = status;
  out.content_type = "application/problem+json";
  out.body = "{\"type\":\"about:blank\",\"title\":\"" + std::string(reason_phrase(status)) +
             "\",\"status\":" + std::to_string(status) + "}\n";
  return out;
}

// Sends the pieces of a streamed body as chunks, or bare to an HTTP/1.0 peer.
class BodyWriter : public Writer {
 public:
  BodyWriter(Channel& channel, Duration silence, bool chunks) : channel_(channel), silence_(silence), chunks_(chunks) {}
  bool write(std::string_view piece) override {
    if (piece.empty() || !good_) return good_;
    return send(chunks_ ? print_chunk(piece) : std::string(piece));
  }
  bool wait(Duration time) override { return good_ = good_ && channel_.wait(monotonic_now() + time) == Io::ok; }
  bool finish() { return chunks_ && good_ && send(print_chunk("")); }

 private:
  bool send(const std::string& bytes) { return good_ = channel_.write(bytes, silence_) == Io::ok; }
  Channel& channel_;
  Duration silence_;
  bool chunks_;
  bool good_ = true;
};

// A handler that throws answers for itself, not for the process.
Response call_handler(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception&) {
    return plain_problem(500);
  }
}

}  // namespace

bool Connection::send(std::string_view bytes) {
  return channel_.write(bytes, context_.options.write_silence) == Io::ok;
}

bool Connection::refuse(int status) { return respond(plain_problem(status), false, false, true); }

// The first byte may take as long as an idle connection may live; the header from then on has its own time, which no
// trickle of bytes prolongs.
bool Connection::read_header() {
  const auto& options = context_.options;
  bool timed = first_ || reader_.started();
  Instant deadline = monotonic_now() + (timed ? options.header_time : options.idle_time);
  std::string bytes;
  while (!reader_.header_done() && reader_.failure() == 0) {
    bytes.clear();
    const Io io = channel_.read(bytes, deadline);
    if (io == Io::timeout && reader_.started()) refuse(408);
    if (io != Io::ok) return false;
    reader_.feed(bytes);
    if (!timed && reader_.started()) {
      timed = true;
      deadline = monotonic_now() + options.header_time;
    }
  }
  return reader_.failure() == 0 || refuse(reader_.failure());
}

bool Connection::admitted() {
  if (!context_.options.admit) return true;
  Request head = reader_.head();
  stamp(head);
  auto refusal = context_.options.admit(head);
  // With the body unread the connection can only be closed.
  if (refusal) respond(std::move(*refusal), head.method == "HEAD", false, true);
  return !refusal;
}

bool Connection::read_body() {
  if (reader_.complete()) return true;
  if (reader_.expects_continue() && !send("HTTP/1.1 100 Continue\r\n\r\n")) return false;
  std::string bytes;
  while (!reader_.complete() && reader_.failure() == 0) {
    bytes.clear();
    const Io io = channel_.read(bytes, monotonic_now() + context_.options.body_silence);
    if (io == Io::timeout) refuse(408);
    if (io != Io::ok) return false;
    reader_.feed(bytes);
  }
  return reader_.failure() == 0 || refuse(reader_.failure());
}

void Connection::stamp(Request& request) const {
  request.local = local_;
  request.remote = remote_;
}

bool Connection::respond(Response response, bool head_only, bool keep_alive, bool chunks) {
  const bool streamed = response.stream || response.produce;
  keep_alive = keep_alive && (chunks || !streamed);
  const int64_t length = !streamed ? static_cast<int64_t>(response.body.size()) : chunks ? kChunked : kUntilClose;
  response.headers.emplace_back("Date", http_date());
  std::string out = print_head(response, length, keep_alive);
  if (!streamed && !head_only) out += response.body;
  if (!send(out)) return false;
  if (!streamed || head_only) return keep_alive;
  BodyWriter writer(channel_, context_.options.write_silence, chunks);
  try {
    if (response.produce) response.produce(writer);
    while (response.stream) {
      const std::string piece = response.stream();
      if (piece.empty() || !writer.write(piece)) break;
    }
  } catch (const std::exception&) {
    return false;  // the missing last chunk tells the peer
  }
  return writer.finish() && keep_alive;
}

void Connection::run(std::atomic<bool>& busy) {
  bool go_on = true;
  while (go_on) {
    busy = false;
    if (!read_header() || reader_.failure() != 0) break;
    if (!admitted() || !read_body() || reader_.failure() != 0) break;
    busy = true;
    first_ = false;
    const bool keep_alive = reader_.keep_alive(), chunks = reader_.knows_chunks();
    Request request = reader_.take();
    stamp(request);
    context_.handlers.acquire();
    Response response = call_handler(context_.handler, request);
    context_.handlers.release();
    go_on = respond(std::move(response), request.method == "HEAD", keep_alive, chunks);
  }
  busy = false;
  channel_.close_gently();
}

}  // namespace carillon::http
