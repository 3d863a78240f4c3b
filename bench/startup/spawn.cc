// Runs a command once, its output thrown away, and prints what the process took: wall milliseconds
// from just before it is started to its end, CPU milliseconds, peak resident MB. A program of its
// own, since the forks of a shell's `date` and `taskset` would cost a fifth of what is measured.
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

extern char** environ;

namespace {

double Milliseconds(const timespec& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double Milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_spawn CPU COMMAND [ARGUMENT...]\n");
    return 2;
  }
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(static_cast<size_t>(std::atoi(argv[1])), &cpus);
  if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) {
    std::perror("bench_spawn: sched_setaffinity");
    return 1;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pid_t child = 0;
  const int error = posix_spawn(&child, argv[2], &actions, nullptr, argv + 2, environ);
  if (error != 0) {
    std::fprintf(stderr, "bench_spawn: %s: %s\n", argv[2], std::strerror(error));
    return 1;
  }
  int status = 0;
  rusage usage;
  if (wait4(child, &status, 0, &usage) != child) {
    std::perror("bench_spawn: wait4");
    return 1;
  }
  timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "bench_spawn: %s ended with status %d\n", argv[2], status);
    return 1;
  }
  std::printf("%.3f %.3f %.1f\n", Milliseconds(end) - Milliseconds(start),
              Milliseconds(usage.ru_utime) + Milliseconds(usage.ru_stime),
              static_cast<double>(usage.ru_maxrss) / 1024);
  return 0;
}
