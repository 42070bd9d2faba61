#pragma once
// What tests of the edge share: a directory with a certificate, a recorder of events, a blocking client.

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/certificate.h"
#include "net/edge.h"
#include "net/fd.h"
#include "net/sockaddr.h"

namespace carillon::net {

class TestDir {
 public:
  TestDir() {
    std::string name = (std::filesystem::temp_directory_path() / "carillon-test-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~TestDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
  // cert.pem and key.pem for 127.0.0.1.
  void make_certificate(const std::string& common_name) const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    auto pair = net::make_certificate({.common_name = common_name,
                                       .names = {common_name},
                                       .addresses = {*Address::parse_ip("127.0.0.1", 0)},
                                       .now = {std::chrono::duration_cast<std::chrono::microseconds>(now).count()}});
    ASSERT_TRUE(pair) << (pair ? "" : pair.error().text);
    write("cert.pem", pair->certificate);
    write("key.pem", pair->key);
  }

 private:
  std::string path_;
};

class Recorder : public EdgeEvents {
 public:
  void message(const sip::Flow& flow, std::string&& bytes) override {
    note([&] { messages.push_back({flow, std::move(bytes)}); });
  }
  void lost(sip::ConnectionId id) override {
    note([&] { gone.push_back(id); });
  }
  void unsent(const sip::Flow& flow) override {
    note([&] { failed.push_back(flow); });
  }
  void located(uint16_t shard, uint64_t query, sip::DnsAnswer&& answer) override {
    note([&] { answers.push_back({shard, query, std::move(answer)}); });
  }
  template <typename F>
  bool wait(F&& condition, int ms = 30000) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::milliseconds(ms), condition);
  }
  struct Got {
    sip::Flow flow;
    std::string bytes;
  };
  struct Answer {
    uint16_t shard;
    uint64_t query;
    sip::DnsAnswer answer;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Got> messages;
  std::vector<sip::ConnectionId> gone;
  std::vector<sip::Flow> failed;
  std::vector<Answer> answers;

 private:
  template <typename F>
  void note(F&& f) {
    {
      const std::lock_guard lock(mutex);
      f();
    }
    changed.notify_all();
  }
};

inline std::string request(const std::string& id, const std::string& body = "") {
  return "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: " + id + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// A blocking client, plain or TLS.
class Client {
 public:
  explicit Client(const Address& to, bool tls = false) : fd_(socket(family_of(to), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    SockAddr raw;
    const socklen_t size = to_sockaddr(to, raw);
    connected_ = connect(fd_.get(), &raw.any, size) == 0;
    if (!connected_ || !tls) return;
    context_ = SSL_CTX_new(TLS_client_method());
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_.get());
    connected_ = SSL_connect(ssl_) == 1;
  }
  ~Client() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  bool connected() const { return connected_; }
  Address local() const { return bound_address(fd_.get()); }
  int fd() const { return fd_.get(); }
  SSL* ssl() const { return ssl_; }
  bool send(std::string_view bytes) {
    if (ssl_ != nullptr) return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  // What comes within `ms`: "" for nothing, "<closed>" for the end.
  std::string receive(int ms = 30000) {
    pollfd p{fd_.get(), POLLIN, 0};
    if ((ssl_ == nullptr || SSL_pending(ssl_) == 0) && poll(&p, 1, ms) != 1) return "";
    char bytes[65536];
    const auto n = ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof bytes) : recv(fd_.get(), bytes, sizeof bytes, 0);
    return n > 0 ? std::string(bytes, static_cast<size_t>(n)) : "<closed>";
  }
  std::string common_name() const {
    X509* certificate = SSL_get1_peer_certificate(ssl_);
    char name[128] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }
  void reset() {
    const linger now{1, 0};
    setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    fd_.reset();
  }

 private:
  Fd fd_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  bool connected_ = false;
};

// An edge with one TCP and one TLS listener.
struct Rig {
  explicit Rig(EdgeLimits limits = {}, std::string ca = "") {
    dir.make_certificate("first.test");
    EdgeOptions options;
    options.certificate_file = dir.file("cert.pem"), options.key_file = dir.file("key.pem");
    options.ca_file = std::move(ca);
    options.limits = limits;
    options.dns.servers = "127.0.0.1:1";
    edge = std::make_unique<Edge>(options, events);
    tcp = *edge->listen(sip::Transport::tcp, *Address::parse("127.0.0.1:0"), 1);
    tls = *edge->listen(sip::Transport::tls, *Address::parse("127.0.0.1:0"), 2);
    EXPECT_TRUE(edge->start());
  }
  TestDir dir;
  Recorder events;
  std::unique_ptr<Edge> edge;
  Address tcp, tls;
};

}  // namespace carillon::net
