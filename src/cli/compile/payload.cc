#include "src/cli/compile/payload.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "src/base/digest.h"
#include "src/config/json.h"

namespace rt::cli {
namespace {

constexpr size_t kMarkLength = 32;
constexpr char kUnmarked = '-';
constexpr char kMarked = '+';

// The last character is the mark. Not constexpr and volatile: the compiler must not know it. The
// text is looked for in the file, so it stands nowhere else: the search puts it together from two.
volatile char mark[kMarkLength + 1] = "rt executable carries a program-";

[[gnu::noinline]] std::string MarkText() {
  std::string text("rt executable ");
  text.append(std::string_view("carries a program"));
  text.push_back(kUnmarked);
  return text;
}

constexpr size_t kHashSize = 32;  // of SHA-256
constexpr size_t kEndSize = 3 * sizeof(uint64_t) + kHashSize;

// Out of line: GCC 12 warns of what it makes of the concatenation (PR 105651).
[[gnu::noinline]] Error Damaged(std::string_view what) {
  std::string message("this executable is damaged: ");
  message.append(what);
  return Error::Type(message);
}

std::string Number(uint64_t value) {
  std::string text(sizeof value, '\0');
  std::memcpy(text.data(), &value, sizeof value);
  return text;
}

std::string Sha256(std::string_view bytes) {
  return DigestOf(DigestKind::kSha256, bytes);
}

// ---- writing

class Blobs {
 public:
  // [offset, length]
  std::string Add(std::string_view bytes) {
    const std::string place =
        "[" + std::to_string(bytes_.size()) + "," + std::to_string(bytes.size()) + "]";
    bytes_ += bytes;
    return place;
  }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

std::string ListJson(const std::vector<std::string>& list) {
  std::string text = "[";
  for (const std::string& entry : list) text += (text.size() > 1 ? "," : "") + QuoteJson(entry);
  return text + "]";
}

std::string BoolJson(bool value) {
  return value ? "true" : "false";
}

std::string InvocationJson(const Invocation& invocation) {
  std::string text = "{\"rules\":[";
  for (size_t i = 0; i < kPermCount; ++i) {
    const PermRules& rules = invocation.permissions.rules[i];
    text += std::string(i == 0 ? "" : ",") + "[" + BoolJson(rules.allow_all) + "," +
            BoolJson(rules.deny_all) + "," + BoolJson(rules.ignore_all) + "," +
            ListJson(rules.allow_list) + "," + ListJson(rules.deny_list) + "," +
            ListJson(rules.ignore_list) + "]";
  }
  text += "],\"noPrompt\":" + BoolJson(invocation.permissions.no_prompt);
  text += ",\"osSandbox\":" + BoolJson(invocation.os_sandbox);
  text += ",\"noOsSandbox\":" + BoolJson(invocation.no_os_sandbox);
  text += ",\"quiet\":" + BoolJson(invocation.quiet);
  text += ",\"ignoreCertificates\":" + BoolJson(invocation.ignore_certificates);
  text += ",\"ignoreHosts\":" + ListJson(invocation.ignore_certificate_hosts);
  text += ",\"v8Flags\":" + ListJson(invocation.v8_flags);
  text += ",\"args\":" + ListJson(invocation.script_args);
  text += ",\"location\":" + QuoteJson(invocation.location);
  text += ",\"cert\":" + QuoteJson(invocation.cert);
  // As text: beyond 2^53 a number of JSON is another one.
  if (invocation.seed) text += ",\"seed\":\"" + std::to_string(*invocation.seed) + "\"";
  text += ",\"maxMemory\":\"" + std::to_string(invocation.max_memory) + "\"";
  text += ",\"maxCpu\":\"" + std::to_string(invocation.max_cpu_ms) + "\"";
  text += ",\"maxTime\":\"" + std::to_string(invocation.max_time_ms) + "\"";
  return text + "}";
}

// ---- reading. What the hash covers was written by WritePayload; another version of rt may have
// written it all the same, so nothing is taken for granted.

class Reader {
 public:
  Reader(const Json& json, std::string_view blobs) : json_(json), blobs_(blobs) {}

  bool failed() const { return failed_; }

  std::string Text(const Json* json) {
    if (json && json->AsString()) return *json->AsString();
    failed_ = true;
    return {};
  }
  bool Bool(const Json* json) {
    if (json && json->AsBool()) return *json->AsBool();
    failed_ = true;
    return false;
  }
  const Json::Array& Array(const Json* json) {
    static const Json::Array kNothing;
    if (json && json->AsArray()) return *json->AsArray();
    failed_ = true;
    return kNothing;
  }
  const Json& At(const Json& json, size_t index) {
    static const Json kNothing;
    const Json::Array& array = Array(&json);
    if (index < array.size()) return array[index];
    failed_ = true;
    return kNothing;
  }
  std::vector<std::string> List(const Json* json) {
    std::vector<std::string> list;
    for (const Json& entry : Array(json)) list.push_back(Text(&entry));
    return list;
  }
  uint64_t Big(const Json* json) {
    const std::string text = Text(json);
    return text.empty() ? 0 : std::strtoull(text.c_str(), nullptr, 10);
  }
  std::string_view Blob(const Json& json) {
    const double* offset = At(json, 0).AsNumber();
    const double* length = At(json, 1).AsNumber();
    const auto size = static_cast<double>(blobs_.size());
    if (!offset || !length || *offset < 0 || *length < 0 || *offset + *length > size) {
      failed_ = true;
      return {};
    }
    return blobs_.substr(static_cast<size_t>(*offset), static_cast<size_t>(*length));
  }

  void ReadInvocation(const Json* json, Invocation& invocation) {
    if (!json) {
      failed_ = true;
      return;
    }
    const Json::Array& rules = Array(json->Find("rules"));
    for (size_t i = 0; i < std::min(rules.size(), kPermCount); ++i) {
      PermRules& made = invocation.permissions.rules[i];
      made.allow_all = Bool(&At(rules[i], 0));
      made.deny_all = Bool(&At(rules[i], 1));
      made.ignore_all = Bool(&At(rules[i], 2));
      made.allow_list = List(&At(rules[i], 3));
      made.deny_list = List(&At(rules[i], 4));
      made.ignore_list = List(&At(rules[i], 5));
    }
    if (rules.size() != kPermCount) failed_ = true;
    invocation.permissions.no_prompt = Bool(json->Find("noPrompt"));
    invocation.os_sandbox = Bool(json->Find("osSandbox"));
    invocation.no_os_sandbox = Bool(json->Find("noOsSandbox"));
    invocation.quiet = Bool(json->Find("quiet"));
    invocation.ignore_certificates = Bool(json->Find("ignoreCertificates"));
    invocation.ignore_certificate_hosts = List(json->Find("ignoreHosts"));
    invocation.v8_flags = List(json->Find("v8Flags"));
    invocation.script_args = List(json->Find("args"));
    invocation.location = Text(json->Find("location"));
    invocation.cert = Text(json->Find("cert"));
    if (json->Find("seed")) invocation.seed = Big(json->Find("seed"));
    invocation.max_memory = Big(json->Find("maxMemory"));
    invocation.max_cpu_ms = Big(json->Find("maxCpu"));
    invocation.max_time_ms = Big(json->Find("maxTime"));
  }

  void Read(Payload& payload) {
    payload.name = Text(json_.Find("name"));
    payload.main = Text(json_.Find("main"));
    for (const Json& entry : Array(json_.Find("modules"))) {
      const double* type = At(entry, 1).AsNumber();
      if (!type || *type < 0 || *type > 3) failed_ = true;
      payload.modules.push_back({.url = Text(&At(entry, 0)),
                                 .type = static_cast<ModuleType>(type ? *type : 0),
                                 .code = Blob(At(entry, 2)),
                                 .map = Blob(At(entry, 3)),
                                 .code_cache = Blob(At(entry, 4)),
                                 .source = Blob(At(entry, 5)),
                                 .is_common_js = Bool(&At(entry, 6))});
    }
    for (const Json& entry : Array(json_.Find("links"))) {
      payload.links.push_back({Text(&At(entry, 0)), Text(&At(entry, 1)), Text(&At(entry, 2))});
    }
    for (const Json& entry : Array(json_.Find("required"))) {
      payload.required.push_back({Text(&At(entry, 0)), Text(&At(entry, 1)), Text(&At(entry, 2))});
    }
    for (const Json& entry : Array(json_.Find("variables"))) {
      payload.variables.emplace_back(Text(&At(entry, 0)), Text(&At(entry, 1)));
    }
    for (const Json& entry : Array(json_.Find("assets"))) {
      payload.assets.push_back({.path = Text(&At(entry, 0)),
                                .content = Blob(At(entry, 1)),
                                .executable = Bool(&At(entry, 2))});
    }
    ReadInvocation(json_.Find("invocation"), payload.invocation);
  }

 private:
  const Json& json_;
  std::string_view blobs_;
  bool failed_ = false;
};

}  // namespace

bool IsCompiled() {
  return mark[kMarkLength - 1] == kMarked;
}

Result<void> MarkExecutable(char* begin, size_t size) {
  const std::string text = MarkText();
  char* end = begin + size;
  char* found = std::search(begin, end, text.begin(), text.end());
  if (found == end) return Error::Type("this rt cannot be copied: its mark is not there");
  found[text.size() - 1] = kMarked;
  if (std::search(found, end, text.begin(), text.end()) != end) {
    return Error::Type("this rt cannot be copied: its mark is there twice");
  }
  return {};
}

std::string WritePayload(const Payload& payload, uint64_t executable_size) {
  Blobs blobs;
  std::string header = "{\"name\":" + QuoteJson(payload.name) +
                       ",\"main\":" + QuoteJson(payload.main) + ",\"modules\":[";
  const char* separator = "";
  for (const PayloadModule& module : payload.modules) {
    header += separator + ("[" + QuoteJson(module.url)) + "," +
              std::to_string(static_cast<int>(module.type)) + "," + blobs.Add(module.code) + "," +
              blobs.Add(module.map) + "," + blobs.Add(module.code_cache) + "," +
              blobs.Add(module.source) + "," + BoolJson(module.is_common_js) + "]";
    separator = ",";
  }
  header += "],\"links\":[";
  separator = "";
  for (const PayloadLink& link : payload.links) {
    header += separator + ListJson({link.referrer, link.specifier, link.url});
    separator = ",";
  }
  header += "],\"required\":[";
  separator = "";
  for (const PayloadLink& link : payload.required) {
    header += separator + ListJson({link.referrer, link.specifier, link.url});
    separator = ",";
  }
  header += "],\"variables\":[";
  separator = "";
  for (const auto& [name, value] : payload.variables) {
    header += separator + ListJson({name, value});
    separator = ",";
  }
  header += "],\"assets\":[";
  separator = "";
  for (const PayloadAsset& asset : payload.assets) {
    header += separator + ("[" + QuoteJson(asset.path)) + "," + blobs.Add(asset.content) + "," +
              BoolJson(asset.executable) + "]";
    separator = ",";
  }
  header += "],\"invocation\":" + InvocationJson(payload.invocation) + "}";
  std::string bytes = blobs.Take();
  const uint64_t blobs_size = bytes.size();
  bytes += header;
  const std::string hash = Sha256(bytes);
  return bytes + Number(executable_size) + Number(blobs_size) + Number(header.size()) + hash;
}

namespace {

// What the end says of a file of `size` bytes, if that can be true.
struct End {
  uint64_t offset;
  uint64_t blobs_size;
  uint64_t header_size;
};
std::optional<End> ParseEnd(std::string_view end, uint64_t size) {
  End parsed;
  static_assert(sizeof parsed + kHashSize == kEndSize);
  std::memcpy(&parsed, end.data(), sizeof parsed);
  const uint64_t room = size - kEndSize;
  if (parsed.offset > room || parsed.blobs_size > room - parsed.offset ||
      parsed.header_size != room - parsed.offset - parsed.blobs_size) {
    return std::nullopt;
  }
  return parsed;
}

}  // namespace

bool LooksCompiled(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return false;
  struct stat info;
  std::string begin(4, '\0');
  std::string end(kEndSize, '\0');
  const bool read =
      fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
      static_cast<uint64_t>(info.st_size) > kEndSize &&
      pread(fd, begin.data(), begin.size(), 0) == static_cast<ssize_t>(begin.size()) &&
      pread(fd, end.data(), end.size(), info.st_size - static_cast<off_t>(kEndSize)) ==
          static_cast<ssize_t>(kEndSize);
  close(fd);
  if (!read || begin !=
                   "\x7f"
                   "ELF")
    return false;
  const auto parsed = ParseEnd(end, static_cast<uint64_t>(info.st_size));
  return parsed && parsed->offset > 0 && parsed->header_size > 0;
}

Result<Payload> ReadPayload() {
  const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error::FromErrno(errno, "open", "/proc/self/exe");
  struct stat info;
  const bool known = fstat(fd, &info) == 0;
  const auto size = known ? static_cast<uint64_t>(info.st_size) : 0;
  void* mapped = size > kEndSize ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  close(fd);
  if (mapped == MAP_FAILED) return Damaged("it cannot be read");
  const std::string_view all(static_cast<const char*>(mapped), size);
  const std::string_view end = all.substr(size - kEndSize);
  const auto parsed = ParseEnd(end, size);
  if (!parsed) return Damaged("its end is missing");
  const std::string_view bytes =
      all.substr(parsed->offset, parsed->blobs_size + parsed->header_size);
  const std::string hash = Sha256(bytes);
  if (end.substr(sizeof *parsed) != hash) {
    return Damaged("the program in it has been changed");
  }
  auto json = ParseJson(bytes.substr(parsed->blobs_size));
  if (!json.ok()) return Damaged(json.error().message);
  Payload payload;
  payload.hash = HexOf(hash);
  Reader reader(*json, bytes.substr(0, parsed->blobs_size));
  reader.Read(payload);
  if (reader.failed()) return Damaged("its header makes no sense");
  return payload;
}

}  // namespace rt::cli
