// The file layer SQLite works on. Every name SQLite wants to open, look for or remove, from
// wherever it came (a path, ATTACH, VACUUM INTO, a `file:` URI, a name inside a journal), goes
// through the permission check, and what was checked is what is opened. SQLite's own file layers
// are taken away from it, so that no `vfs=` parameter reaches them.
//
// A runtime has one Vfs, under a name nobody can guess; it serves no other thread's opens. A job on
// the pool may open what belongs to databases that are open already (journals), since their grants
// were made with the database's. Locks are those of open file descriptions (F_OFD_SETLK), on the
// bytes every SQLite uses: other programs see them, and closing another descriptor of the same file
// does not drop them.
#pragma once

#include <sqlite3.h>

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"

namespace rt {

class Connection;
class Permissions;

// The files of one open database: itself, and those beside it that SQLite makes. The grant of the
// database covers them unless a rule takes one away. Immutable.
struct DatabaseFiles {
  enum Side { kJournal, kWal, kShm, kSideCount };
  static constexpr std::string_view kSuffixes[kSideCount] = {"-journal", "-wal", "-shm"};

  std::string path;  // canonical
  GrantedFor<PathTarget> main;
  std::array<std::optional<Error>, kSideCount> refused;  // why one may not be used
};

class Vfs {
 public:
  // Registers it. `permissions` is this thread's runtime's, for as long as Detach was not called.
  static Result<std::shared_ptr<Vfs>> Create(Permissions* permissions);
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  const char* name() const { return name_.c_str(); }

  // The next open of ImageUri(), on this thread, gets this file: bytes that are a database.
  void OfferImage(OwnedFd file) { image_ = std::move(file); }
  std::string ImageUri() const { return "file:/" + name_ + "?immutable=1"; }

  // The runtime ends: nothing new is opened.
  void Detach() { permissions_ = nullptr; }

  // Why the last operation on this thread's runtime was refused, once; nothing if it was not.
  std::optional<Error> TakeRefusal() { return std::exchange(refusal_, std::nullopt); }
  // Whose operation runs on this thread's runtime, the innermost; null: none. For Sleep.
  Connection* in_use = nullptr;

  // The process had no descriptor left: since the last call.
  bool TakeOutOfDescriptors() { return std::exchange(out_of_descriptors_, false); }

 private:
  friend struct VfsCalls;
  explicit Vfs(Permissions* permissions);

  // All for SQLite, which calls them on any thread; the codes are SQLite's.
  int Open(const char* name, sqlite3_file* file, int flags, int* out_flags);
  int Delete(const char* name, bool sync_folder);
  int Access(const char* name, int flags, int* out);
  int FullPathname(const char* name, int size, char* out);
  // Not if the program is to end: then the wait for a lock, which it is part of, ends, too.
  int Sleep(int microseconds);

  bool IsImage(const char* path) const {
    return image_.valid() && path[0] == '/' && name_ == path + 1;
  }
  bool on_own_thread() const {
    return permissions_ != nullptr && std::this_thread::get_id() == thread_;
  }
  // Notes the error for TakeRefusal, if it is one a script should see.
  int Refuse(const Error& error, int code);
  Result<std::shared_ptr<DatabaseFiles>> CheckDatabase(const char* path, bool write);
  // A file by the name of the database it is beside, or by its own.
  struct Named {
    std::shared_ptr<DatabaseFiles> files;
    std::string_view suffix;
  };
  // What belongs to an open database, else what is checked now.
  Result<Named> Find(std::string_view name, bool write);
  Result<Named> CheckOther(std::string_view name, bool write);

  Permissions* permissions_;
  std::thread::id thread_;
  std::string name_;
  sqlite3_vfs table_{};
  std::optional<Error> refusal_;
  OwnedFd image_;
  bool out_of_descriptors_ = false;
  std::mutex mutex_;
  // By canonical path; several connections may have one open.
  std::unordered_map<std::string, std::vector<std::weak_ptr<DatabaseFiles>>> open_;
  size_t opened_ = 0;
};

// A process's one-time work: starts SQLite and takes its own file layers away. Any thread.
Result<void> InitializeSqlite();

}  // namespace rt
