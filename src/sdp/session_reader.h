#pragma once
// Reads session descriptions one after the other, and remembers the last: an offer that is checked, shown to each phone
// and recorded is read once. Owns the text that the Session's views point into. One thread.

#include <string>

#include "sdp/session.h"

namespace carillon::sdp {

class SessionReader {
 public:
  // As Session::parse; `text` need not outlive the call. What was read before is gone, unless it was the same.
  Session::Fault parse(View text) {
    if (text == text_) return fault_;
    text_.assign(text);
    return fault_ = session_.parse(text_);
  }
  // What was read last. Valid until the next parse().
  const Session& operator*() const { return session_; }
  const Session* operator->() const { return &session_; }

 private:
  std::string text_;
  Session::Fault fault_ = Session::Fault::no_version;  // of no text at all
  Session session_;
};

}  // namespace carillon::sdp
