#include "src/cli/args/grammar.h"

#include "src/cli/args/commands.h"

namespace rt::cli {
namespace {

constexpr const char* kPermissionGroup = "Permissions";
constexpr const char* kServeGroup = "Server";
constexpr const char* kRunGroup = "Running";
constexpr const char* kOtherGroup = "Other";

struct PermissionText {
  char letter;  // 0: none
  const char* list;
  const char* allow;
};

// Indexed by Perm. Letters as in Deno.
constexpr std::array<PermissionText, kPermCount> kPermissionTexts = {{
    {'R', "[=PATHS]", "Reading files"},
    {'W', "[=PATHS]", "Writing files"},
    {'N', "[=HOSTS]", "Connecting and listening (host, host:port)"},
    {'E', "[=NAMES]", "Environment variables"},
    {0, "[=PROGRAMS]", "Starting programs"},
    {'S', "[=KINDS]", "Facts about this machine (hostname, osRelease, ...)"},
    {0, "[=PATHS]", "Loading native libraries"},
    {'I', "[=HOSTS]", "Importing modules from other hosts"},
}};

// A flag that may carry a value after "=" and never takes the next argument. `{}`: without a value
// CLI11 stores an empty text.
CLI::Option* AddListFlag(CLI::App& app, char letter, const std::string& name,
                         std::vector<std::string>& values, const char* list, const char* text) {
  std::string names = "--" + name + "{}";
  if (letter != 0) names = std::string("-") + letter + "{}," + names;
  return app.add_flag(names, values, text)->type_name(list);
}

CLI::Option* AddSwitch(CLI::App& app, const char* names, bool& value, const char* text) {
  return app.add_flag(names, value, text)->disable_flag_override();
}

void AddAllow(CLI::App& app, FlagValues& values) {
  for (size_t i = 0; i < kPermCount; ++i) {
    const PermissionText& text = kPermissionTexts[i];
    const std::string name(PermName(static_cast<Perm>(i)));
    AddListFlag(app, text.letter, "allow-" + name, values.allow[i], text.list, text.allow)
        ->group(kPermissionGroup);
  }
}

void AddDeny(CLI::App& app, FlagValues& values) {
  for (size_t i = 0; i < kPermCount; ++i) {
    const std::string name(PermName(static_cast<Perm>(i)));
    const std::string text = "Refuse " + name + ", whatever is allowed";
    AddListFlag(app, 0, "deny-" + name, values.deny[i], kPermissionTexts[i].list, text.c_str())
        ->group(kPermissionGroup);
  }
}

void AddRunning(CLI::App& app, FlagValues& values) {
  AddSwitch(app, "--no-prompt", values.no_prompt, "Refuse instead of asking at the terminal")
      ->group(kPermissionGroup);
  AddListFlag(app, 0, "trace-ops", values.trace_ops, "[=PATTERNS]",
              "Write a line to stderr for every operation (op_fs_*,op_http_wait)")
      ->group(kRunGroup);
  AddListFlag(app, 0, "v8-flags", values.v8_flags, "=FLAGS", "Flags for V8, separated by commas")
      ->group(kRunGroup);
  app.add_option("--seed", values.seed, "Make Math.random repeatable")
      ->type_name("=N")
      ->take_last()
      ->group(kRunGroup);
  AddSwitch(app, "-q,--quiet", values.quiet, "No messages of rt's own besides errors")
      ->group(kRunGroup);
  AddSwitch(app, "--cached-only", values.cached_only, "Not implemented yet")->group(kRunGroup);
}

}  // namespace

std::unique_ptr<CLI::App> MakeGrammar(Command command, bool shorthand, FlagValues& values) {
  auto app = std::make_unique<CLI::App>();
  app->set_help_flag();
  app->prefix_command();
  AddSwitch(*app, "-h,--help", values.help, "Explain this command")->group(kOtherGroup);
  switch (command) {
    case Command::kServe:
      app->add_option("--port", values.port, "Port to listen on, 0: any free one (default: 8000)")
          ->type_name("=N")
          ->take_last()
          ->group(kServeGroup);
      app->add_option("--host", values.host, "Address to listen on (default: 0.0.0.0)")
          ->type_name("=HOST")
          ->take_last()
          ->group(kServeGroup);
      [[fallthrough]];
    case Command::kRun:
      AddSwitch(*app, "-A,--allow-all", values.allow_all, "Allow everything")
          ->group(kPermissionGroup);
      AddAllow(*app, values);
      AddDeny(*app, values);
      AddRunning(*app, values);
      if (shorthand) {
        AddSwitch(*app, "-V,--version", values.version, "Print versions")->group(kOtherGroup);
      }
      break;
    case Command::kEval:
      AddSwitch(*app, "-p,--print", values.print, "Print the value of the expression")
          ->group(kRunGroup);
      AddSwitch(*app, "-A,--allow-all", values.allow_all,
                "Allow everything, which eval does anyway")
          ->group(kPermissionGroup);
      AddDeny(*app, values);
      AddRunning(*app, values);
      break;
    case Command::kOps:
      AddSwitch(*app, "--json", values.json, "As JSON")->group(kRunGroup);
      AddSwitch(*app, "--markdown", values.markdown, "As Markdown")->group(kRunGroup);
      break;
    case Command::kVersion:
    case Command::kHelp:
      break;
  }
  return app;
}

std::string LongListFlag(char letter) {
  for (size_t i = 0; i < kPermCount; ++i) {
    if (letter != 0 && kPermissionTexts[i].letter == letter) {
      return "--allow-" + std::string(PermName(static_cast<Perm>(i)));
    }
  }
  return {};
}

std::vector<std::string> FlagNames(const CLI::App& grammar) {
  std::vector<std::string> names;
  for (const CLI::Option* option : grammar.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

}  // namespace rt::cli
