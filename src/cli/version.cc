// rt --version: rt and every library in the executable, as they themselves say.
#include <llhttp.h>
#include <openssl/crypto.h>
#include <uv.h>
#include <v8.h>
#include <zlib.h>
#include <CLI/Version.hpp>

#include <cstdint>
#include <string>

#include "src/base/icu.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"

// ICU is part of V8's archive, which comes without its headers; unicode/uversion.h declares these.
extern "C" void RT_ICU(u_getVersion)(uint8_t version[4]);
extern "C" void RT_ICU(u_getUnicodeVersion)(uint8_t version[4]);

namespace rt::cli {
namespace {

std::string Row(std::string name, std::string_view version) {
  name.resize(10, ' ');
  return name.append(version).append("\n");
}

std::string Dotted(const uint8_t version[4]) {
  return std::to_string(version[0]) + "." + std::to_string(version[1]);
}

}  // namespace

int VersionCommand() {
  uint8_t icu[4];
  uint8_t unicode[4];
  RT_ICU(u_getVersion)(icu);
  RT_ICU(u_getUnicodeVersion)(unicode);
  const std::string llhttp = std::to_string(LLHTTP_VERSION_MAJOR) + "." +
                             std::to_string(LLHTTP_VERSION_MINOR) + "." +
                             std::to_string(LLHTTP_VERSION_PATCH);
  std::string text = "rt " RT_VERSION "\n";
  text += Row("v8", v8::V8::GetVersion());
  text += Row("icu", Dotted(icu));
  text += Row("unicode", Dotted(unicode));
  text += Row("libuv", uv_version_string());
  text += Row("openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
  text += Row("zlib", zlibVersion());
  text += Row("llhttp", llhttp);
  text += Row("cli11", CLI11_VERSION);
  return PrintOutput(text);
}

}  // namespace rt::cli
