// The one binary: a server, and the command line that speaks to it.

#include "admin/cli.h"
#include "server/server.h"

int main(int argc, char** argv) { return carillon::admin::command_line(argc, argv, carillon::server::serve); }
