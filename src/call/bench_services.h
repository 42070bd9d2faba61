#pragma once
// Services between the phones of bench_world.h, for bench/call_bench.cc: each phone answers by itself whatever the
// server sends, so a service is begun and then runs to its end.

#include <deque>
#include <utility>

#include "call/bench_world.h"

namespace carillon::call::bench {

class Services : public World {
 public:
  explicit Services(int phones) : World(phones), invites_(static_cast<size_t>(phones)) {}

  // Phone 0 calls 1, whose line sends everything on to 2; hangs up.
  void forwarded() {
    set_forward(1, 2);
    talk(0, 1);
    hang_up();
    finish();
  }
  // The same without the forward, by the same means.
  void plain() {
    talk(0, 1);
    hang_up();
    finish();
  }
  // Phone 0 calls 1 and transfers it to 2; 1 hangs up.
  void blind() {
    talk(0, 1);
    refer("<sip:" + number(2) + "@192.0.2.1>", id_, to_, contact_);
    hang_up_called(1);
    finish();
  }
  // Phone 0 calls 1, then 2, and joins the two; 1 hangs up.
  void attended() {
    talk(0, 1);
    const std::string first = id_, to = to_, contact = contact_;
    talk(0, 2);
    const std::string_view tag = std::string_view(to_).substr(to_.find(";tag=") + 5);
    refer("<sip:" + number(2) + "@192.0.2.1?Replaces=8a7b6c5d-" + id_ + "%40198.51.100.7%3Bto-tag%3D" +
              std::string(tag) + "%3Bfrom-tag%3Df" + id_ + ">",
          first, to, contact);
    hang_up_called(1);
    finish();
  }

 private:
  struct Heard {
    int phone;
    std::string text;
  };

  void set_forward(int from, int to) {
    if (forwards_) return;
    forwards_ = true;
    change_line(from, number(to));
  }

  void talk(int from, int to) {
    count_++;
    now_ = now_ + milliseconds(10);
    id_ = std::to_string(count_);
    make_request(from, "INVITE", "sip:" + number(to) + "@192.0.2.1", id_, 1, {}, "i" + id_, kSdp);
    deliver(from);
    run();
  }
  void hang_up() {
    make_request(0, "BYE", contact_, id_, 9, to_, "b" + id_, {});
    deliver(0);
    run();
  }
  void refer(const std::string& target, const std::string& id, const std::string& to, const std::string& contact) {
    make_request(0, "REFER", contact, id, 2, to, "r" + id, {});
    text_.insert(text_.find("Content-Length"), "Refer-To: " + target + "\r\n");
    deliver(0);
    run();
  }
  // Whoever was called hangs up: its dialog seen from the other end.
  void hang_up_called(int phone) {
    const std::string& invite = invites_[static_cast<size_t>(phone)];
    std::string_view contact = line(invite, "\r\nContact: <");
    contact = contact.substr(0, contact.find('>'));
    text_.assign("BYE ").append(contact).append(" SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.8:5060;branch=z9hG4bKe");
    text_.append(std::to_string(count_)).append(";rport\r\nMax-Forwards: 70\r\nFrom: ");
    text_.append(line(invite, "\r\nTo: ")).append(";tag=callee\r\nTo: ").append(line(invite, "\r\nFrom: "));
    text_.append("\r\nCall-ID: ").append(line(invite, "\r\nCall-ID: ")).append("\r\nCSeq: 7 BYE\r\n");
    end({});
    deliver(phone);
    run();
  }

  // Until nobody has anything to say.
  void run() {
    for (int i = 0; i < 100; i++) {
      collect();
      settle_posts();
      collect();
      if (heard_.empty()) return;
      const Heard next = std::move(heard_.front());
      heard_.pop_front();
      if (react(next.phone, next.text)) deliver(next.phone);
    }
    failed++;
  }
  void collect() {
    for (const sip::Transmit& t : out_.transmit) {
      const auto& ip = t.flow.remote.ip;  // 10.0.0.0 and the phone's number, from 1
      const int phone = (ip[14] << 8 | ip[15]) - 1;
      heard_.push_back({phone, std::string(t.packet.view())});
    }
    out_.transmit.clear();
  }
  // What phone does about it, in text_; false for nothing.
  bool react(int phone, const std::string& text) {
    const bool invite = line(text, "\r\nCSeq: ").find("INVITE") != std::string_view::npos;
    if (text.compare(0, 8, "SIP/2.0 ") == 0) {
      if (!invite || text[8] != '2') return false;
      if (line(text, "\r\nCall-ID: ") == "8a7b6c5d-" + id_ + "@198.51.100.7") {
        to_.assign(line(text, "\r\nTo: "));
        contact_.assign(line(text, "\r\nContact: <"));
        contact_.resize(contact_.find('>'));
      }
      make_request(phone, "ACK", contact_, id_, 1, to_, "a" + id_, {});
      return true;
    }
    if (text.compare(0, 4, "ACK ") == 0) return false;
    const bool first = invite && line(text, "\r\nTo: ").find(";tag=") == std::string_view::npos;
    if (first) invites_[static_cast<size_t>(phone)] = text;
    const bool described = invite || text.compare(0, 7, "UPDATE ") == 0;
    respond(text, 200, described ? kSdp : std::string_view());
    return true;
  }

  std::vector<std::string> invites_;  // the last that each phone got outside of dialogs
  std::deque<Heard> heard_;
  std::string id_;
  bool forwards_ = false;
};

}  // namespace carillon::call::bench
