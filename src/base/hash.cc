#include "base/hash.h"

namespace carillon {
uint64_t g_hash_key = 0x2d358dccaa6c78a5ull;
void set_hash_key(uint64_t key) { g_hash_key = key; }
}  // namespace carillon
