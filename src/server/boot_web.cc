// The web side of boot.
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "net/sockaddr.h"
#include "server/boot.h"
#include "server/log.h"
#include "server/version.h"

namespace carillon::server {
namespace {

// Could we listen there? 0, or the errno.
int try_listen(const Address& at) {
  const net::Fd fd(socket(net::family_of(at), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno;
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  net::SockAddr raw;
  const socklen_t size = net::to_sockaddr(at, raw);
  return bind(fd.get(), &raw.any, size) == 0 && listen(fd.get(), 1) == 0 ? 0 : errno;
}

}  // namespace

std::vector<Address> Server::usable(const std::vector<Address>& from, bool by_default, const char* kind) {
  if (!by_default) return from;
  std::vector<Address> out;
  for (const Address& at : from) {
    if (const int error = try_listen(at); error != 0) {
      log_warning("http", std::string("cannot listen on ") + kind + " " + at.text() + ": " + std::strerror(error));
    } else {
      out.push_back(at);
    }
  }
  return out;
}

Result<void> Server::open_web() {
  LiveView view;
  view.clock = &clock_;
  view.loops = &loops_, view.traces = &traces_;
  view.edge = edge_.get(), view.store = store_.get(), view.hub = &hub_;
  view.snapshot = [this] { return service_->snapshot(); };
  view.certificate_file = dir_->certificate_file();
  view.data_dir = dir_->path();
  live_ = std::make_unique<LiveServer>(std::move(view));
  rest_ = std::make_unique<admin::Rest>(*service_, *live_, admin::RestOptions{token_, kVersion});
  http::ServerOptions options;
  options.http = usable(options_.http, options_.http_by_default, "HTTP");
  options.https = usable(options_.https, options_.https_by_default, "HTTPS");
  options.unix_socket = dir_->file("carillon.sock");
  options.certificate_file = dir_->certificate_file(), options.key_file = dir_->key_file();
  options.admit = [this](const http::Request& head) { return rest_->admit(head); };
  web_ =
      std::make_unique<http::Server>(std::move(options), [this](const http::Request& r) { return rest_->handle(r); });
  if (auto r = web_->start(); !r) return r;
  for (const auto& [kind, at] : web_->bound()) open_.push_back({kind == "https" ? "HTTPS" : "HTTP", at, ""});
  return {};
}

}  // namespace carillon::server
