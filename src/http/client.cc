#include "http/client.h"

#include <csignal>

#include "http/channel.h"
#include "http/framing.h"

namespace carillon::http {
namespace {

std::string print_request(const Endpoint& to, const ClientRequest& request) {
  const bool ipv6 = to.host.find(':') != std::string::npos;
  const std::string host =
      !to.unix_socket.empty() ? "localhost" : (ipv6 ? "[" + to.host + "]" : to.host) + ":" + std::to_string(to.port);
  std::string out = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers) out += name + ": " + value + "\r\n";
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return out + "\r\n";
}

Fault broken(const char* what) { return {FaultKind::unavailable, std::string("the server ") + what, ""}; }

Result<ClientResponse> receive(Channel& channel, const ClientOptions& options, bool head_only,
                               const OnPiece& on_piece) {
  ResponseReader reader(head_only);
  ClientResponse out;
  while (!reader.complete()) {
    std::string bytes;
    const Io io = channel.read(bytes, monotonic_now() + options.silence);
    if (io == Io::timeout) return broken("does not answer");
    if (io == Io::ok) {
      reader.feed(bytes);
    } else {
      reader.feed_end();
    }
    if (reader.failed() || (io != Io::ok && !reader.complete())) return broken("broke off in the middle of its answer");
    if (!reader.header_done()) continue;
    const bool stream = on_piece && reader.status() / 100 == 2;
    const std::string piece = reader.take_body();
    if (!stream) {
      out.body += piece;
    } else if (!piece.empty() && !on_piece(piece)) {
      break;
    }
  }
  out.status = reader.status();
  out.headers = reader.headers();
  return out;
}

}  // namespace

std::string_view ClientResponse::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

Result<ClientResponse> send(const Endpoint& to, const ClientOptions& options, const ClientRequest& request,
                            const OnPiece& on_piece) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2)
  auto fd = to.unix_socket.empty() ? connect_tcp(to.host, to.port, options.connect_time) : connect_unix(to.unix_socket);
  if (!fd) return fd.error();
  TlsContext tls;
  Channel channel(std::move(*fd), -1);
  if (to.unix_socket.empty() && to.tls) {
    if (auto loaded = tls.load_client(options.verify, options.ca_file); !loaded) return loaded.error();
    auto up = channel.connect_tls(tls, to.host, options.verify, monotonic_now() + options.connect_time);
    if (!up) return up.error();
  }
  // A server that refuses early may not take the whole body: its answer is read all the same.
  const Io sent = channel.write(print_request(to, request) + request.body, options.silence);
  auto response = receive(channel, options, request.method == "HEAD", on_piece);
  if (!response && sent != Io::ok) return broken("closed the connection");
  return response;
}

}  // namespace carillon::http
