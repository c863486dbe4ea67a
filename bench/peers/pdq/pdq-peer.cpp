// Reads width, height (two int32) and width × height single-precision brightness values; hashes them ROUNDS times with the
// C++ reference and prints hash, quality and the processor time of each round in microseconds.
#include <pdq/cpp/hashing/pdqhashing.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

using namespace facebook::pdq::hashing;

static double now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 1;
  int32_t size[2];
  if (std::fread(size, sizeof(int32_t), 2, stdin) != 2) return 2;
  const size_t count = static_cast<size_t>(size[0]) * size[1];
  std::vector<float> luma(count), first(count), second(count);
  if (std::fread(luma.data(), sizeof(float), count, stdin) != count) return 2;
  float small[64][64], half[16][64], coefficients[16][16];
  Hash256 hash;
  int quality = 0;
  std::vector<double> times;
  for (int round = 0; round < rounds; round++) {
    first = luma;
    const double start = now();
    pdqHash256FromFloatLuma(first.data(), second.data(), size[1], size[0], small, half, coefficients, hash, quality);
    times.push_back(now() - start);
  }
  std::printf("%s %d", hash.format().c_str(), quality);
  for (double time : times) std::printf(" %.1f", time);
  std::printf("\n");
}
