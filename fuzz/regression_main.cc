// Runs a fuzz target over files, each also shortened and with bytes changed in a fixed way: what
// the fuzzer has found stays found without the fuzzer. Fails when a directory holds fewer than ten
// files.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr size_t kFewestSeeds = 10;
constexpr size_t kVariants = 64;

// An exact copy on the heap, so that a sanitizer sees every byte read beyond it.
void run(const std::vector<uint8_t>& input) {
  const std::vector<uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void run_variants(const std::vector<uint8_t>& input) {
  run(input);
  const size_t step = std::max<size_t>(1, input.size() / kVariants);
  for (size_t i = 0; i < input.size(); i += step) {
    run({input.begin(), input.begin() + static_cast<std::ptrdiff_t>(i)});
    for (const uint8_t byte : {0x00, 0x0a, 0x22, 0x2c, 0x3b, 0x3c, 0xff}) {
      std::vector<uint8_t> changed = input;
      changed[i] = byte;
      run(changed);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; i++) {
    size_t seeds = 0;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      run_variants({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
      seeds++;
    }
    std::printf("%s: %zu seeds\n", argv[i], seeds);
    if (seeds < kFewestSeeds) return 1;
  }
  return 0;
}
