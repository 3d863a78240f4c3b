// rt init: the first files of a project.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/project_option.h"

namespace rt::cli {
namespace {

struct NewFile {
  const char* name;
  const char* text;
};

constexpr NewFile kProgram[] = {
    {"deno.json", R"({
  "tasks": {
    "dev": "rt run --watch main.ts",
    "test": "rt test"
  },
  "imports": {
    "@std/assert": "jsr:@std/assert@1"
  }
}
)"},
    {"main.ts", R"(export function add(a: number, b: number): number {
  return a + b;
}

if (import.meta.main) {
  console.log("2 + 3 =", add(2, 3));
}
)"},
    {"main_test.ts", R"(import { assertEquals } from "@std/assert";
import { add } from "./main.ts";

Deno.test("add() adds", () => {
  assertEquals(add(2, 3), 5);
});
)"},
};

constexpr NewFile kLibrary[] = {
    {"deno.json", R"({
  "name": "@scope/name",
  "version": "0.1.0",
  "exports": "./mod.ts",
  "tasks": {
    "dev": "rt test --watch"
  },
  "imports": {
    "@std/assert": "jsr:@std/assert@1"
  }
}
)"},
    {"mod.ts", R"(/** The sum of two numbers. */
export function add(a: number, b: number): number {
  return a + b;
}
)"},
    {"mod_test.ts", R"(import { assertEquals } from "@std/assert";
import { add } from "./mod.ts";

Deno.test("add() adds", () => {
  assertEquals(add(2, 3), 5);
});
)"},
};

constexpr NewFile kServer[] = {
    {"deno.json", R"({
  "tasks": {
    "start": "rt serve main.ts",
    "test": "rt test"
  },
  "imports": {
    "@std/assert": "jsr:@std/assert@1"
  }
}
)"},
    {"main.ts", R"(export default {
  fetch(request: Request): Response {
    const { pathname } = new URL(request.url);
    if (pathname !== "/") return new Response("Not found\n", { status: 404 });
    return new Response("Hello!\n");
  },
};
)"},
    {"main_test.ts", R"(import { assertEquals } from "@std/assert";
import server from "./main.ts";

Deno.test("the first page says hello", async () => {
  const response = server.fetch(new Request("http://localhost/"));
  assertEquals(await response.text(), "Hello!\n");
});
)"},
};

// False: it is there already.
Result<bool> WriteNew(const std::string& path, std::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0 && errno == EEXIST) return false;
  if (fd < 0) return Error::FromErrno(errno, "open", path);
  const ssize_t written = write(fd, text.data(), text.size());
  const int error = written < 0 ? errno : ENOSPC;
  close(fd);
  if (written == static_cast<ssize_t>(text.size())) return true;
  unlink(path.c_str());
  return Error::FromErrno(error, "write", path);
}

Result<void> MakeFolders(const std::string& path) {
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (mkdir(part.c_str(), 0777) != 0 && errno != EEXIST) {
      return Error::FromErrno(errno, "mkdir", part);
    }
    if (end == std::string::npos) return {};
  }
}

}  // namespace

int InitCommand(const Invocation& invocation) {
  const std::string& named = invocation.operand;
  auto folder = AbsolutePath(named.empty() ? "." : named);
  if (!folder.ok()) return PrintError(folder.error().message, kExitError);
  while (folder->size() > 1 && folder->ends_with('/')) folder->pop_back();
  if (auto made = MakeFolders(*folder); !made.ok()) {
    return PrintError(made.error().message, kExitError);
  }
  std::span<const NewFile> files = kProgram;
  if (invocation.tool.lib) files = kLibrary;
  if (invocation.tool.serve) files = kServer;
  for (const NewFile& file : files) {
    const auto written = WriteNew(*folder + "/" + file.name, file.text);
    if (!written.ok()) return PrintError(written.error().message, kExitError);
    if (!*written && !invocation.quiet) {
      PrintWarning(std::string(file.name) + " is there already, and stays as it is");
    }
  }
  if (invocation.quiet) return kExitOk;
  std::string text = "The project is ready. What to do with it:\n\n";
  if (!named.empty()) text += "  cd " + named + "\n";
  if (invocation.tool.serve) {
    text += "  rt task start  # serve it\n";
  } else if (!invocation.tool.lib) {
    text += "  rt main.ts     # run it\n  rt task dev    # run it, again after every change\n";
  }
  return PrintOutput(text + "  rt test        # run its tests\n");
}

}  // namespace rt::cli
