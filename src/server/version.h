#pragma once

namespace carillon::server {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace carillon::server
