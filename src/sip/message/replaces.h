#pragma once
// Replaces (RFC 3891 §6.1), Join (RFC 3911 §7.1) and Target-Dialog (RFC 4538 §7): the dialog that a
// request is about.

#include <optional>

#include "base/text.h"

namespace carillon::sip {

struct Replaces {
  View call_id, to_tag, from_tag;
  bool early_only = false;
  // Of Replaces and Join: to-tag and from-tag stand there once each.
  static std::optional<Replaces> parse(View value);
};

struct TargetDialog {
  View call_id, local_tag, remote_tag;
  static std::optional<TargetDialog> parse(View value);
};

}  // namespace carillon::sip
