#include "src/module/code_cache.h"

#include <chrono>
#include <cstring>
#include <unordered_set>

#include "src/base/digest.h"
#include "src/typescript/files.h"

namespace rt {
namespace {

// A file: this, the checksum of the rest, then entries: 16 bytes hash, 8 bytes length, the data.
// Entries begin at multiples of 8, where V8 reads them without a copy.
constexpr std::string_view kMagic = "rtcode1\n";
constexpr size_t kHead = kMagic.size() + sizeof(uint64_t);
constexpr size_t kEntryHead = 16 + sizeof(uint64_t);
constexpr size_t kMaxFile = size_t{64} << 20;
// Compiling less than this anew costs less than looking after a file.
constexpr size_t kWorthIt = size_t{24} << 10;
constexpr auto kMaxTime = std::chrono::milliseconds(50);

uint64_t Load64(const char* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Finds what a crash or a bad disk tore; it is no defence against people, who cannot write here.
uint64_t ChecksumOf(std::string_view bytes) {
  constexpr uint64_t kFactor = 0x9ddfea08eb382d69u;
  uint64_t lanes[4] = {1, 2, 3, bytes.size()};
  size_t at = 0;
  for (; at + 32 <= bytes.size(); at += 32) {
    for (size_t i = 0; i < 4; ++i) {
      lanes[i] = (lanes[i] ^ Load64(bytes.data() + at + 8 * i)) * kFactor;
      lanes[i] ^= lanes[i] >> 29;
    }
  }
  for (; at < bytes.size(); ++at) {
    lanes[0] = (lanes[0] ^ static_cast<unsigned char>(bytes[at])) * kFactor;
  }
  uint64_t sum = 0;
  for (const uint64_t lane : lanes) sum = (sum ^ lane ^ (lane >> 32)) * kFactor;
  return sum;
}

constexpr size_t Padded(size_t size) {
  return (size + 7) & ~size_t{7};
}

void Append64(std::string& out, uint64_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

size_t CodeCache::HashOfHash::operator()(const Hash& hash) const {
  return static_cast<size_t>(Load64(hash.data()));
}

CodeCache::CodeCache(std::string folder, const std::string& main_url) : folder_(std::move(folder)) {
  if (folder_.empty()) return;
  const std::string name =
      Sha256Hex(main_url + "\n" + RT_VERSION + "\n" + v8::V8::GetVersion() + "\n" +
                std::to_string(v8::ScriptCompiler::CachedDataVersionTag()));
  path_ = folder_ + "/" + name.substr(0, 2) + "/" + name.substr(2);
}

CodeCache::~CodeCache() = default;

CodeCache::Hash CodeCache::HashOf(Kind kind, std::string_view text) {
  std::string digest = DigestOf(DigestKind::kSha256, text);
  digest[0] = static_cast<char>((digest[0] & ~1) | (kind == Kind::kFunction ? 1 : 0));
  Hash hash;
  std::memcpy(hash.data(), digest.data(), hash.size());
  return hash;
}

void CodeCache::Load() {
  loaded_ = true;
  auto file = typescript::ReadWholeFile(path_, kMaxFile);
  if (!file || file->size() < kHead || !file->starts_with(kMagic)) return;
  if (Load64(file->data() + kMagic.size()) != ChecksumOf(std::string_view(*file).substr(kHead))) {
    return;
  }
  file_ = std::move(*file);
  std::string_view rest = std::string_view(file_).substr(kHead);
  while (rest.size() >= kEntryHead) {
    Hash hash;
    std::memcpy(hash.data(), rest.data(), hash.size());
    const uint64_t size = Load64(rest.data() + hash.size());
    rest.remove_prefix(kEntryHead);
    if (size > rest.size()) return;
    known_.emplace(hash, rest.substr(0, size));
    rest.remove_prefix(std::min(rest.size(), Padded(size)));
  }
}

v8::ScriptCompiler::CachedData* CodeCache::Find(Kind kind, std::string_view text) {
  if (folder_.empty()) return nullptr;
  if (!loaded_) Load();
  if (known_.empty()) return nullptr;
  const auto found = known_.find(HashOf(kind, text));
  if (found == known_.end()) return nullptr;
  return new v8::ScriptCompiler::CachedData(reinterpret_cast<const uint8_t*>(found->second.data()),
                                            static_cast<int>(found->second.size()),
                                            v8::ScriptCompiler::CachedData::BufferNotOwned);
}

void CodeCache::AddModule(v8::Isolate* isolate, std::string_view text, bool accepted,
                          v8::Local<v8::Module> module) {
  if (folder_.empty()) return;
  if (!accepted) missed_ += text.size();
  used_.push_back({.hash = HashOf(Kind::kModule, text),
                   .size = text.size(),
                   .module = v8::Global<v8::Module>(isolate, module),
                   .function = {}});
}

void CodeCache::AddFunction(v8::Isolate* isolate, std::string_view text, bool accepted,
                            v8::Local<v8::Function> function) {
  if (folder_.empty()) return;
  if (!accepted) missed_ += text.size();
  used_.push_back({.hash = HashOf(Kind::kFunction, text),
                   .size = text.size(),
                   .module = {},
                   .function = v8::Global<v8::Function>(isolate, function)});
}

void CodeCache::Save(v8::Isolate* isolate) {
  if (folder_.empty() || missed_ < kWorthIt) return;
  const v8::HandleScope handles(isolate);
  const auto deadline = std::chrono::steady_clock::now() + kMaxTime;
  std::string rest;
  std::unordered_set<Hash, HashOfHash> written;
  const auto append = [&](const Hash& hash, std::string_view data) {
    if (rest.size() + kEntryHead + data.size() > kMaxFile - kHead) return;
    if (!written.insert(hash).second) return;
    rest.append(hash.data(), hash.size());
    Append64(rest, data.size());
    rest += data;
    rest.resize(Padded(rest.size()));
  };
  // The new ones first: time may run out.
  for (const bool is_known : {false, true}) {
    for (const Used& used : used_) {
      if (known_.contains(used.hash) != is_known) continue;
      if (std::chrono::steady_clock::now() > deadline) break;
      std::unique_ptr<v8::ScriptCompiler::CachedData> data;
      if (!used.function.IsEmpty()) {
        data.reset(v8::ScriptCompiler::CreateCodeCacheForFunction(used.function.Get(isolate)));
      } else {
        v8::Local<v8::Module> module = used.module.Get(isolate);
        if (module->GetStatus() == v8::Module::kErrored) continue;
        data.reset(v8::ScriptCompiler::CreateCodeCache(module->GetUnboundModuleScript()));
      }
      if (!data || data->length <= 0) continue;
      append(used.hash,
             {reinterpret_cast<const char*>(data->data), static_cast<size_t>(data->length)});
    }
  }
  // What this run did not need, another may.
  for (const auto& [hash, data] : known_) append(hash, data);
  std::string head(kMagic);
  Append64(head, ChecksumOf(rest));
  // Not synced: the checksum finds what a crash tears, and it is made anew.
  (void)typescript::WriteFileWhole(path_, head, rest);
  // Now and then is often enough.
  if (path_.ends_with('0')) typescript::RemoveStaleParts(path_.substr(0, path_.rfind('/')));
}

}  // namespace rt
