// rt(1). Everything in it comes from the definition of the command line.
#include "src/cli/manual.h"

#include "src/cli/args/commands.h"
#include "src/cli/args/parse.h"

namespace rt::cli {
namespace {

// Text for troff: a backslash begins an escape, a dash is a hyphen unless escaped, and a dot or a
// quote at a line's start is a request.
std::string Escaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((i == 0 || text[i - 1] == '\n') && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string FlagEntry(const FlagInfo& flag) {
  std::string text = ".TP\n";
  if (flag.letter != 0) text += std::string("\\fB\\-") + flag.letter + "\\fR, ";
  text += "\\fB\\-\\-" + Escaped(flag.name) + "\\fR";
  if (!flag.value.empty()) text += "\\fI" + Escaped(flag.value) + "\\fR";
  return text + "\n" + Escaped(flag.text) + ".\n";
}

// Flags of a command, except those that `run` explains already.
std::string FlagSection(Command command, bool shorthand) {
  std::string text;
  std::string group;
  std::string known;
  const std::vector<FlagInfo> of_run = FlagsOf(Command::kRun, true);
  for (const FlagInfo& flag : FlagsOf(command, shorthand)) {
    bool is_known = false;
    for (const FlagInfo& other : of_run) {
      is_known = is_known || (other.name == flag.name && other.text == flag.text);
    }
    if (is_known && !shorthand) {
      if (flag.name != "help")
        known += (known.empty() ? "" : ", ") + ("\\fB\\-\\-" + Escaped(flag.name) + "\\fR");
      continue;
    }
    if (flag.group != group) {
      group = flag.group;
      if (shorthand) text += ".SS \"" + group + "\"\n";
    }
    text += FlagEntry(flag);
  }
  if (!known.empty()) text += ".PP\nThe same as above: " + known + ".\n";
  return text;
}

}  // namespace

std::string ManualPage() {
  std::string text =
      ".\\\" Made by rt help --man.\n"
      ".TH RT 1 \"\" \"rt " RT_VERSION
      "\" \"User Commands\"\n"
      ".SH NAME\nrt \\- a JavaScript runtime that lets a script do only what you allow\n"
      ".SH SYNOPSIS\n.B rt\n[flags] <file> [args...]\n.br\n.B rt\n<command> [flags] ...\n"
      ".SH DESCRIPTION\n";
  text += Escaped(RemarksOn(Command::kRun));
  text += ".SH FLAGS\n" + FlagSection(Command::kRun, true);
  text += ".SH COMMANDS\n";
  for (const CommandInfo& info : AllCommands()) {
    text += ".SS \"rt " + Escaped(info.synopsis) + "\"\n" + Escaped(info.summary) + ".\n";
    if (info.command == Command::kRun) continue;  // it is the whole page
    if (const std::string_view remarks = RemarksOn(info.command); !remarks.empty()) {
      text += ".PP\n" + Escaped(remarks);
    }
    text += FlagSection(info.command, false);
  }
  text +=
      ".SH \"EXIT STATUS\"\n"
      "0; 1 after an uncaught error; 2 for a command line that makes no sense; 124 when a limit "
      "was\n"
      "reached; or what Deno.exit() said.\n"
      ".SH ENVIRONMENT\n"
      ".TP\n.B RT_DIR\nThe folder of rt's caches (default: $XDG_CACHE_HOME/rt, else ~/.cache/rt).\n"
      ".TP\n.B JSR_URL\nThe registry of jsr: specifiers.\n"
      ".TP\n.B NO_COLOR\nNo colours, even on a terminal.\n"
      ".TP\n.B FORCE_COLOR\nColours, even where there is no terminal.\n"
      ".TP\n.B HTTP_PROXY\\fR, \\fBHTTPS_PROXY\\fR, \\fBALL_PROXY\\fR, \\fBNO_PROXY\nProxies.\n"
      ".TP\n.B SSL_CERT_FILE\\fR, \\fBSSL_CERT_DIR\\fR, \\fBNODE_EXTRA_CA_CERTS\n"
      "Certificates to trust.\n";
  return text;
}

}  // namespace rt::cli
