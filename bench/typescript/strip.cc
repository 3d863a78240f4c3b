// How fast types are stripped: one file again and again for a second, in MB of source a second of
// the thread's CPU time, so that what else runs on the machine counts less. Prints two numbers: the
// parser alone, and all that happens to a file (review for boundaries and imports).
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "src/typescript/files.h"
#include "src/typescript/swc_instance.h"
#include "src/typescript/transpiler.h"

namespace {

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// MB a second. The first call makes the instance and does not count.
template <class F>
double Measure(size_t bytes, F&& once) {
  if (!once()) return 0;
  const double start = CpuSeconds();
  double spent = 0;
  int count = 0;
  while (spent < 1) {
    once();
    ++count;
    spent = CpuSeconds() - start;
  }
  return static_cast<double>(bytes) * count / spent / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  const auto text =
      argc == 2 ? rt::typescript::ReadWholeFile(argv[1], size_t{64} << 20) : std::nullopt;
  if (!text) {
    std::fprintf(stderr, "usage: bench_strip FILE.ts\n");
    return 2;
  }
  rt::typescript::SwcInstance instance;
  const double parser = Measure(text->size(), [&] {
    return std::holds_alternative<rt::typescript::SwcOutput>(instance.Transform(*text, {}));
  });
  rt::typescript::Transpiler transpiler({.cache_folder = ""});
  const double all = Measure(text->size(), [&] {
    return transpiler.Transpile({.url = "file:///a.ts", .config_path = "", .source = *text}).ok();
  });
  if (parser == 0 || all == 0) {
    std::fprintf(stderr, "bench_strip: %s cannot be stripped\n", argv[1]);
    return 1;
  }
  std::printf("%.1f %.1f\n", parser, all);
  return 0;
}
