#pragma once
// The server, whole: boot in order, run until told to stop, drain, shut down.

#include "admin/cli.h"

namespace carillon::server {

// `carillon serve`: gives the exit code.
int serve(const admin::ServeFlags& flags);

}  // namespace carillon::server
