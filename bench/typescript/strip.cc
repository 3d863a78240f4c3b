// How fast types are stripped: the files again and again for a second, in MB of source a second of
// the thread's CPU time, so that what else runs on the machine counts less. Prints two numbers: the
// parser alone, and all that happens to a file (review for boundaries and imports). Files whose
// types cannot be stripped (enums, syntax errors) do not count; without any other it fails. With
// --transform first: the same for printing anew with a source map.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "src/typescript/files.h"
#include "src/typescript/swc_instance.h"
#include "src/typescript/transpiler.h"

namespace {

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Source {
  std::string url;
  std::string text;
};

// MB a second. The first round does not count: it makes the instance.
template <class F>
double Measure(const std::vector<Source>& sources, F&& once) {
  size_t bytes = 0;
  for (const Source& source : sources) {
    if (!once(source)) return 0;
    bytes += source.text.size();
  }
  const double start = CpuSeconds();
  double spent = 0;
  int rounds = 0;
  while (spent < 1) {
    for (const Source& source : sources) once(source);
    ++rounds;
    spent = CpuSeconds() - start;
  }
  return static_cast<double>(bytes) * rounds / spent / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  rt::typescript::SwcInstance instance;
  rt::typescript::SwcInstance::Options options;
  const bool transform = argc > 1 && std::string_view(argv[1]) == "--transform";
  if (transform) {
    options.mode = rt::typescript::SwcInstance::Mode::kTransform;
    options.source_map = true;
  }
  const auto parse = [&](const Source& source) {
    return std::holds_alternative<rt::typescript::SwcOutput>(
        instance.Transform(source.text, options));
  };
  std::vector<Source> sources;
  for (int i = transform ? 2 : 1; i < argc; ++i) {
    auto text = rt::typescript::ReadWholeFile(argv[i], size_t{64} << 20);
    if (!text) {
      std::fprintf(stderr, "bench_strip: cannot read %s\n", argv[i]);
      return 2;
    }
    Source source{"file:///" + std::to_string(i) + ".ts", std::move(*text)};
    if (parse(source)) sources.push_back(std::move(source));
  }
  if (sources.empty()) {
    std::fprintf(stderr,
                 "usage: bench_strip [--transform] FILE.ts…, of which one at least is right\n");
    return 2;
  }
  const double parser = Measure(sources, parse);
  if (transform) {
    std::printf("%.1f\n", parser);
    return 0;
  }
  rt::typescript::Transpiler transpiler({.cache_folder = ""});
  const double all = Measure(sources, [&](const Source& source) {
    return transpiler.Transpile({.url = source.url, .config_path = "", .source = source.text}).ok();
  });
  if (all == 0) {
    std::fprintf(stderr, "bench_strip: a file that strips is refused by the transpiler\n");
    return 1;
  }
  std::printf("%.1f %.1f\n", parser, all);
  return 0;
}
