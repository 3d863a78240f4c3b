#include "src/module/wasm_module.h"

#include <map>
#include <set>

#include "src/config/json.h"

namespace rt {
namespace {

constexpr uint8_t kImportSection = 2;
constexpr uint8_t kExportSection = 7;

class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

  uint8_t Byte() {
    if (bytes_.empty()) {
      ok_ = false;
      return 0;
    }
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  // LEB128; of a signed one only the length matters here.
  uint64_t Number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      const uint8_t byte = Byte();
      if (shift < 64) value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80)) return value;
    }
    ok_ = false;
    return 0;
  }
  Reader Part(uint64_t size) {
    if (size > bytes_.size()) {
      ok_ = false;
      size = 0;
    }
    Reader part(bytes_.first(static_cast<size_t>(size)));
    bytes_ = bytes_.subspan(static_cast<size_t>(size));
    return part;
  }
  std::string Name() {
    const Reader part = Part(Number());
    return std::string(reinterpret_cast<const char*>(part.bytes_.data()), part.bytes_.size());
  }
  void ValueType() {
    const uint8_t kind = Byte();
    // (ref ht) and (ref null ht) name a type behind.
    if (kind == 0x63 || kind == 0x64) (void)Number();
  }
  void Limits() {
    const uint8_t flags = Byte();
    (void)Number();
    if (flags & 1) (void)Number();
    if (flags & 8) (void)Number();  // a page's size
  }

 private:
  std::span<const uint8_t> bytes_;
  bool ok_ = true;
};

Error Unknown() {
  return Error::Make(ErrorClass::kNotSupported,
                     "not implemented: a WebAssembly module whose imports have a new form");
}

}  // namespace

Result<WasmInterface> ReadWasmInterface(std::span<const uint8_t> bytes) {
  WasmInterface interface;
  Reader reader(bytes);
  (void)reader.Part(8);  // "\0asm" and the version
  while (reader.ok() && !reader.at_end()) {
    const uint8_t section = reader.Byte();
    Reader body = reader.Part(reader.Number());
    if (section != kImportSection && section != kExportSection) continue;
    for (uint64_t left = body.Number(); left > 0; --left) {
      if (!body.ok()) return Unknown();
      if (section == kExportSection) {
        interface.exports.push_back(body.Name());
        (void)body.Byte();
        (void)body.Number();
        continue;
      }
      std::string module = body.Name();
      std::string name = body.Name();
      interface.imports.push_back({std::move(module), std::move(name)});
      switch (body.Byte()) {
        case 0:  // a function's type
          (void)body.Number();
          break;
        case 1:  // a table
          body.ValueType();
          body.Limits();
          break;
        case 2:
          body.Limits();
          break;
        case 3:  // a global: type, whether it changes
          body.ValueType();
          (void)body.Byte();
          break;
        case 4:  // a tag: attribute, type
          (void)body.Byte();
          (void)body.Number();
          break;
        default:
          return Unknown();
      }
    }
    if (!body.ok()) return Unknown();
  }
  if (!reader.ok()) return Unknown();
  return interface;
}

std::string WasmWrapper(const WasmInterface& interface) {
  std::string head = "import { module, Instance } from " + QuoteJson(kWasmSelf) + ";\n";
  // A module may import one name twice, with two types.
  std::map<std::string, std::set<std::string>> names;
  for (const auto& [module, name] : interface.imports) names[module].insert(name);
  std::string objects;
  size_t count = 0;
  for (const auto& [module, members] : names) {
    objects += "  [" + QuoteJson(module) + "]: { __proto__: null";
    for (const std::string& name : members) {
      const std::string local = "import" + std::to_string(count++);
      head +=
          "import { " + QuoteJson(name) + " as " + local + " } from " + QuoteJson(module) + ";\n";
      objects += ", [" + QuoteJson(name) + "]: " + local;
    }
    objects += " },\n";
  }
  std::string text =
      head + "const { exports } = new Instance(module, {\n  __proto__: null,\n" + objects + "});\n";
  for (size_t i = 0; i < interface.exports.size(); ++i) {
    const std::string local = "export" + std::to_string(i);
    const std::string name = QuoteJson(interface.exports[i]);
    text +=
        "const " + local + " = exports[" + name + "];\nexport { " + local + " as " + name + " };\n";
  }
  return text;
}

}  // namespace rt
