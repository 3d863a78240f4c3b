// Where localStorage is kept: a database of the program's own in rt's cache folder, which needs no
// permission and which no path of a script's reaches: it is opened through a file layer of its own.
#include <openssl/sha.h>

#include "src/ext/sqlite/objects.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/op/op.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

// Whose store it is: the origin of --location, else the main module.
std::string OwnerOf(const RunInfo& info) {
  if (info.location.empty()) return info.main_module;
  const size_t host = info.location.find("://");
  if (host == std::string::npos) return info.location;
  return info.location.substr(0, info.location.find('/', host + 3));
}

std::string HexDigest(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

Result<std::shared_ptr<Connection>> OpenStore(OpHost& host, ConnectionOptions* options, int* code) {
  SqliteState& state = StateOf(host);
  const std::string owner = OwnerOf(host.run_info());
  if (owner.empty() || host.run_info().is_worker) {
    return Error::Dom("NotSupportedError", "localStorage is not supported in this context");
  }
  options->timeout = 5000;
  RT_TRY(auto vfs, state.GetOwnVfs());
  if (state.storage_folder.empty()) {
    options->path = ":memory:";  // there is no cache folder
  } else {
    const std::string folder = state.storage_folder + "/" + HexDigest(owner);
    RT_TRY(auto granted,
           GrantAccess::CheckEntry<Perm::kWrite>(state.own_permissions(), folder, "localStorage"));
    RT_TRY_VOID(Mkdir(granted, 0700, /*recursive=*/true));
    options->path = folder + "/local_storage";
  }
  return Connection::Open(host, std::move(vfs), *options, code);
}

// The database, open.
v8::MaybeLocal<v8::Value> op_sqlite_storage(OpContext& cx) {
  OpHost& host = cx.host();
  v8::Isolate* isolate = cx.isolate();
  ConnectionOptions options;
  int code = SQLITE_OK;
  Result<std::shared_ptr<Connection>> opened = OpenStore(host, &options, &code);
  if (!opened.ok()) {
    if (code != SQLITE_OK) return ThrowSqliteCode(host, code, opened.error().message);
    host.errors().Throw(isolate, opened.error());
    return {};
  }
  SqliteState& state = StateOf(host);
  state.Add(*opened);
  v8::Local<v8::Value> wrapper;
  if (!MakeWrapped<DatabaseObject>(isolate, state.templates[0], "Database", isolate,
                                   std::move(options), v8::Array::New(isolate))
           .ToLocal(&wrapper)) {
    return {};
  }
  UnwrapGc<DatabaseObject>(isolate, wrapper)->set_connection(std::move(*opened));
  return wrapper;
}

constexpr std::array kOps = {
    RT_OP(op_sqlite_storage, NoPerm<"the program's own store, in rt's cache">),
};

}  // namespace

Extension SqliteStorageExtension() {
  return {.name = "sqlite_storage", .ops = kOps, .lazy = true};
}

}  // namespace rt
