#pragma once

namespace carillon::torture {

// Sends every message of the folders to a server: each *.dat is one message, byte for byte, and
// `verdicts.txt` says per line "NAME STATUS[,STATUS…]", where STATUS is a code, "any" (any answer),
// "accept" (any answer but 400 and 5xx) or "nothing". Prints what differs. 0 when nothing does.
int run_folders(int count, char** folders);

}  // namespace carillon::torture
