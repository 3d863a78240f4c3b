// rt --version: rt and every library in the executable, as they themselves say.
#include <ares.h>
#include <brotli/decode.h>
#include <histedit.h>
#include <llhttp.h>
#include <nghttp2/nghttp2.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <uv.h>
#include <v8.h>
#include <zlib.h>
#include <zstd.h>
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

constexpr size_t kNameWidth = 18;

std::string Row(std::string name, std::string_view version) {
  name.resize(kNameWidth, ' ');
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
  const uint32_t brotli = BrotliDecoderVersion();
  std::string text = "rt " RT_VERSION "\n";
  text += Row("v8", v8::V8::GetVersion());
  text += Row("icu", Dotted(icu));
  text += Row("unicode", Dotted(unicode));
  text += Row("libuv", uv_version_string());
  text += Row("c-ares", ares_version(nullptr));
  text += Row("openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
  text += Row("pqclean", RT_PQCLEAN_VERSION);
  text += Row("argon2", RT_ARGON2_VERSION);
  text += Row("zlib", zlibVersion());
  text += Row("brotli", std::to_string(brotli >> 24) + "." + std::to_string(brotli >> 12 & 0xfff) +
                            "." + std::to_string(brotli & 0xfff));
  text += Row("zstd", ZSTD_versionString());
  text += Row("llhttp", llhttp);
  text += Row("nghttp2", nghttp2_version(0)->version_str);
  text += Row("sqlite", sqlite3_libversion());
  text += Row("libedit", std::to_string(LIBEDIT_MAJOR) + "." + std::to_string(LIBEDIT_MINOR));
  text += Row("typescript", RT_TYPESCRIPT_VERSION);
  text += Row("amaro", RT_AMARO_VERSION);
  text += Row("cjs-module-lexer", RT_CJS_MODULE_LEXER_VERSION);
  text += Row("devtools-protocol", RT_DEVTOOLS_PROTOCOL_VERSION);
  text += Row("cli11", CLI11_VERSION);
  return PrintOutput(text);
}

}  // namespace rt::cli
