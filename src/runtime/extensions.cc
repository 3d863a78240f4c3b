#include "src/runtime/extensions.h"

#include "src/ext/compression/compression.h"
#include "src/ext/console/console.h"
#include "src/ext/core/core.h"
#include "src/ext/crypto/crypto.h"
#include "src/ext/encoding/encoding.h"
#include "src/ext/fetch/fetch.h"
#include "src/ext/form_data/form_data.h"
#include "src/ext/fs/fs.h"
#include "src/ext/http/http.h"
#include "src/ext/inspector/inspector.h"
#include "src/ext/io/io.h"
#include "src/ext/messaging/messaging.h"
#include "src/ext/net/net.h"
#include "src/ext/os/os.h"
#include "src/ext/permissions/permissions.h"
#include "src/ext/process/process.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/ext/testing/testing.h"
#include "src/ext/timers/timers.h"
#include "src/ext/tls/tls.h"
#include "src/ext/url/url.h"
#include "src/ext/wasm/wasm.h"
#include "src/ext/web/web.h"
#include "src/ext/websocket/websocket.h"
#include "src/ext/worker/worker.h"
#include "src/module/modules.h"

namespace rt {

std::span<const Extension> AllExtensions() {
  // A line each, so that two additions do not collide.
  // clang-format off
  static const Extension kExtensions[] = {
      CoreExtension(),
      ResourceExtension(),
      IoExtension(),  // first to open resources: rids 0, 1 and 2
      CompressionExtension(),
      ConsoleExtension(),
      CryptoExtension(),
      CryptoAkpExtension(),
      CryptoKeyExtension(),
      CryptoSubtleExtension(),
      EncodingExtension(),
      FetchExtension(),
      FormDataExtension(),
      FsExtension(),
      FsMetaExtension(),
      FsWatchExtension(),
      FsFileExtension(),
      HttpExtension(),
      InspectorExtension(),
      NetExtension(),
      DatagramExtension(),
      DnsExtension(),
      MessagingExtension(),
      OsExtension(),
      MachineExtension(),
      PermissionsExtension(),
      ProcessExtension(),
      SignalExtension(),
      SqliteExtension(),
      SqliteStatementExtension(),
      SqliteBackupExtension(),
      SqliteStorageExtension(),
      TimersExtension(),
      TlsExtension(),
      UrlExtension(),
      WasmExtension(),
      WebErrorsExtension(),
      WebExtension(),
      WebSocketExtension(),
      ModulesExtension(),
      TestingExtension(),
      WorkerExtension(),
  };
  // clang-format on
  return kExtensions;
}

}  // namespace rt
