// The executable: hands its arguments to the command line, nothing else.
#include "src/cli/cli.h"

int main(int argc, char** argv) {
  return rt::cli::Main(argc, argv);
}
