// The command line of rt: argv in, exit code out.
#pragma once

namespace rt::cli {

// Exit codes of rt itself; anything else came from Deno.exit or Deno.exitCode.
inline constexpr int kExitOk = 0;
inline constexpr int kExitError = 1;  // an uncaught error, or the program could not start
inline constexpr int kExitUsage = 2;  // the command line made no sense; nothing was run

// Runs one command. Called once, by main, on the main thread. Commands that ran JavaScript do not
// return: they leave the process (see LeaveProcess in program.cc).
int Main(int argc, char** argv);

}  // namespace rt::cli
