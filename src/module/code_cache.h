// CodeCache: what V8 compiled of a program, kept on disk from one run to the next: one file for a
// main module, with an entry for each text. An entry is found by the SHA-256 of its text; V8's
// version and flags and rt's version are part of the file's name. What is torn counts as not there.
// One runtime's, on its thread.
#pragma once

#include <v8.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rt {

class CodeCache {
 public:
  enum class Kind : uint8_t { kModule, kFunction };

  // `folder`: absolute; "" keeps nothing. `main_url`: the program.
  CodeCache(std::string folder, const std::string& main_url);
  ~CodeCache();
  CodeCache(const CodeCache&) = delete;
  CodeCache& operator=(const CodeCache&) = delete;

  bool enabled() const { return !folder_.empty(); }

  // What an earlier run left for this text; null: nothing. V8 takes it.
  v8::ScriptCompiler::CachedData* Find(Kind kind, std::string_view text);
  // The text was compiled. `accepted`: with what Find gave, which fitted.
  void AddModule(v8::Isolate* isolate, std::string_view text, bool accepted,
                 v8::Local<v8::Module> module);
  void AddFunction(v8::Isolate* isolate, std::string_view text, bool accepted,
                   v8::Local<v8::Function> function);

  // At the program's end: writes what is compiled by now, functions that ran included, if that
  // is worth it. Takes 50 ms at most, besides the writing. Needs an entered isolate.
  void Save(v8::Isolate* isolate);

 private:
  using Hash = std::array<char, 16>;
  struct HashOfHash {
    size_t operator()(const Hash& hash) const;
  };
  struct Used {
    Hash hash;
    size_t size;  // of the text
    v8::Global<v8::Module> module;
    v8::Global<v8::Function> function;
  };

  static Hash HashOf(Kind kind, std::string_view text);
  void Load();

  std::string folder_;
  std::string path_;
  bool loaded_ = false;
  std::string file_;                                              // as it was read
  std::unordered_map<Hash, std::string_view, HashOfHash> known_;  // into file_
  std::vector<Used> used_;
  size_t missed_ = 0;  // bytes of text that nothing was known of
};

}  // namespace rt
