#include "src/module/npm/package_folders.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <unordered_set>

#include "src/base/digest.h"
#include "src/base/make_folders.h"
#include "src/ext/compression/compression.h"
#include "src/module/npm/tar_reader.h"
#include "src/typescript/files.h"

namespace rt {
namespace {

// Written last into each package's folder: what it was made from.
constexpr const char* kMark = ".rt-integrity";
constexpr const char* kManifest = ".rt-files";
constexpr size_t kMaxManifest = size_t{64} << 20;
// How long what nobody holds may lie about.
constexpr time_t kStaleAfter = 3600;
constexpr size_t kPiece = size_t{256} << 10;

// A folder of our own making and all in it. No link is followed: there are none, and unlinkat
// would take the link.
void RemoveTree(int parent, const char* name, int depth = 0) {
  if (unlinkat(parent, name, 0) == 0 || (errno != EISDIR && errno != EPERM)) return;
  const int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR* list = fd < 0 ? nullptr : fdopendir(fd);
  if (list == nullptr) {
    if (fd >= 0) close(fd);
    return;
  }
  while (const dirent* entry = readdir(list)) {
    const std::string_view each = entry->d_name;
    if (each != "." && each != ".." && depth < 600) RemoveTree(fd, entry->d_name, depth + 1);
  }
  closedir(list);
  unlinkat(parent, name, AT_REMOVEDIR);
}

// A folder nobody else uses, held by a lock that ends with this process however that ends; what
// others left behind is removed on the way.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& parent) : path_(parent + "/XXXXXX") {
    if (!MakeFolders(parent)) return;
    RemoveStale(parent);
    if (mkdtemp(path_.data()) == nullptr) return;
    fd_ = open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd_ >= 0) flock(fd_, LOCK_EX | LOCK_NB);
  }
  ~TemporaryFolder() {
    if (fd_ < 0) return;
    RemoveTree(AT_FDCWD, path_.c_str());
    close(fd_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  const std::string& path() const { return path_; }

 private:
  static void RemoveStale(const std::string& parent) {
    DIR* list = opendir(parent.c_str());
    if (list == nullptr) return;
    while (const dirent* entry = readdir(list)) {
      if (entry->d_name[0] == '.') continue;
      const int fd = openat(dirfd(list), entry->d_name,
                            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
      if (fd < 0) continue;
      struct stat info;
      // Age besides: one that was made a moment ago may not be locked yet.
      if (fstat(fd, &info) == 0 && info.st_mtime + kStaleAfter < time(nullptr) &&
          flock(fd, LOCK_EX | LOCK_NB) == 0) {
        RemoveTree(dirfd(list), entry->d_name);
      }
      close(fd);
    }
    closedir(list);
  }

  std::string path_;
  int fd_ = -1;
};

// Writes the files of an archive below a folder.
class FolderSink final : public TarSink {
 public:
  explicit FolderSink(std::string folder) : folder_(std::move(folder)) {}
  ~FolderSink() override {
    if (fd_ >= 0) close(fd_);
  }

  Result<void> BeginFile(const std::string& path, bool executable) override {
    path_ = path;
    hash_ = {};
    const size_t slash = path.rfind('/');
    if (slash != std::string::npos) {
      const std::string folder = path.substr(0, slash);
      if (!folders_.contains(folder)) {
        if (!MakeFolders(folder_ + "/" + folder)) return Failed("mkdir");
        folders_.insert(folder);
      }
    }
    // A name that comes twice: the last one counts, as with tar itself.
    const std::string full = folder_ + "/" + path;
    fd_ = open(full.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
               executable ? 0755 : 0644);
    return fd_ < 0 ? Failed("open") : Result<void>();
  }

  Result<void> Write(std::span<const uint8_t> bytes) override {
    hash_.Add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    while (!bytes.empty()) {
      const ssize_t size = write(fd_, bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) return Failed("write");
      bytes = bytes.subspan(static_cast<size_t>(size));
    }
    return {};
  }

  Result<void> EndFile() override {
    const int fd = std::exchange(fd_, -1);
    hashes_[path_] = hash_.Take();
    return close(fd) == 0 ? Result<void>() : Failed("close");
  }

  const PackageManifest::Hashes& hashes() const { return hashes_; }

 private:
  Result<void> Failed(const char* call) const {
    if (errno == ENOTDIR || errno == EISDIR || errno == ELOOP) {
      return Error::Make(ErrorClass::kInvalidData,
                         "the archive is damaged: \"" + path_ + "\" is a file and a folder");
    }
    return Error::FromErrno(errno, call, folder_ + "/" + path_);
  }

  std::string folder_;
  std::string path_;
  int fd_ = -1;
  Sha256 hash_;
  PackageManifest::Hashes hashes_;
  std::unordered_set<std::string> folders_;
};

Result<PackageManifest::Hashes> UnpackTo(const std::string& folder, std::string_view tarball) {
  const auto codec = Codec::MakeDecompressor(CompressionFormat::kGzip);
  if (!codec) return Error::Range("no memory to unpack with");
  if (!MakeFolders(folder)) return Error::FromErrno(errno, "mkdir", folder);
  FolderSink sink(folder);
  TarReader reader(sink);
  std::span<const uint8_t> in(reinterpret_cast<const uint8_t*>(tarball.data()), tarball.size());
  std::string piece(kPiece, '\0');
  const std::span<uint8_t> out(reinterpret_cast<uint8_t*>(piece.data()), piece.size());
  for (;;) {
    auto progress = codec->Run(in, out, /*finish=*/true);
    if (!progress.ok()) {
      return Error::Make(ErrorClass::kInvalidData,
                         "the archive is damaged: " + progress.error().message);
    }
    RT_TRY_VOID(reader.Feed(out.first(progress->produced)));
    in = in.subspan(progress->consumed);
    if (progress->ended || (progress->produced == 0 && progress->consumed == 0)) break;
  }
  RT_TRY_VOID(reader.Finish());
  return sink.hashes();
}

}  // namespace

namespace {

struct IntegrityKind {
  DigestKind kind;
  std::string_view prefix;
  size_t size;  // in bytes
};

// The strongest first.
constexpr IntegrityKind kKinds[] = {{DigestKind::kSha512, "sha512-", 64},
                                    {DigestKind::kSha384, "sha384-", 48},
                                    {DigestKind::kSha256, "sha256-", 32},
                                    {DigestKind::kSha1, "sha1-", 20}};

// The hashes of one kind in a list of them, without options ("?…").
std::vector<std::string> HashesOf(const std::string& integrity, std::string_view prefix) {
  std::vector<std::string> hashes;
  for (size_t start = 0; start < integrity.size();) {
    const size_t end = std::min(integrity.find(' ', start), integrity.size());
    const std::string each = integrity.substr(start, end - start);
    start = end + 1;
    if (each.starts_with(prefix)) hashes.push_back(each.substr(0, each.find('?')));
  }
  return hashes;
}

bool IsHash(const std::string& hash, const IntegrityKind& kind) {
  const std::string_view text = std::string_view(hash).substr(kind.prefix.size());
  const size_t padding = (3 - kind.size % 3) % 3;
  const size_t size = (kind.size + 2) / 3 * 4;
  return text.size() == size && text.find_first_not_of(
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "abcdefghijklmnopqrstuvwxyz0123456789+/") ==
                                    (padding == 0 ? std::string_view::npos : size - padding);
}

bool IsSha1Hex(const std::string& text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

// `actual(kind)`: the hash of what is checked, with its prefix.
template <typename Actual>
Result<void> CheckIntegrityOf(const Actual& actual, const std::string& integrity) {
  const auto mismatch = [](const std::string& expected, const std::string& is) {
    return Error::Make(ErrorClass::kError,
                       "Integrity check failed: expected " + expected + ", but it is " + is);
  };
  if (IsSha1Hex(integrity)) {
    std::string bytes;
    for (size_t i = 0; i < integrity.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(integrity.substr(i, 2), nullptr, 16));
    }
    const std::string is = actual(kKinds[3]);
    const std::string expected = "sha1-" + Base64Of(bytes);
    return is == expected ? Result<void>() : mismatch(expected, is);
  }
  // The strongest kind counts; of several hashes of that kind any one will do.
  for (const IntegrityKind& kind : kKinds) {
    const std::vector<std::string> hashes = HashesOf(integrity, kind.prefix);
    if (hashes.empty()) continue;
    const std::string is = actual(kind);
    if (std::find(hashes.begin(), hashes.end(), is) != hashes.end()) return {};
    return mismatch(hashes.back(), is);
  }
  return Error::Make(ErrorClass::kError,
                     "Integrity check failed: \"" + integrity + "\" is no hash rt knows");
}

}  // namespace

Result<void> CheckIntegrity(std::string_view bytes, const std::string& integrity) {
  return CheckIntegrityOf(
      [&](const IntegrityKind& kind) {
        return std::string(kind.prefix) + Base64Of(DigestOf(kind.kind, bytes));
      },
      integrity);
}

Result<void> CheckIntegrity(const PackageMark& mark, const std::string& integrity) {
  return CheckIntegrityOf(
      [&](const IntegrityKind& kind) {
        switch (kind.kind) {
          case DigestKind::kSha512:
            return mark.sha512;
          case DigestKind::kSha384:
            return mark.sha384;
          case DigestKind::kSha256:
            return mark.sha256;
          case DigestKind::kSha1:
            break;
        }
        return mark.sha1;
      },
      integrity);
}

bool IsIntegrity(const std::string& integrity) {
  if (IsSha1Hex(integrity)) return true;
  for (const IntegrityKind& kind : kKinds) {
    const std::vector<std::string> hashes = HashesOf(integrity, kind.prefix);
    if (hashes.empty()) continue;
    return std::all_of(hashes.begin(), hashes.end(),
                       [&](const std::string& hash) { return IsHash(hash, kind); });
  }
  return false;
}

std::string IntegrityOf(std::string_view bytes) {
  return "sha512-" + Base64Of(DigestOf(DigestKind::kSha512, bytes));
}

Result<void> PackageFolders::Prepare() {
  if (prepared_) return {};
  if (!MakeFolders(root_)) return Error::FromErrno(errno, "mkdir", root_);
  char* resolved = realpath(root_.c_str(), nullptr);
  if (resolved == nullptr) return Error::FromErrno(errno, "realpath", root_);
  root_ = resolved;
  free(resolved);
  prepared_ = true;
  return {};
}

std::string PackageFolders::PathOf(const std::string& registry, const std::string& name,
                                   const std::string& version) const {
  // "https://host:1/path/" to "host_1", and a hash of the rest where there is more.
  const size_t start = registry.find("://") + 3;
  const size_t slash = std::min(registry.find('/', start), registry.size());
  std::string place;
  for (const char c : registry.substr(start, slash - start)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    place += is_plain ? c : '_';
  }
  if (place.starts_with('.')) place.front() = '_';
  const std::string rest = registry.substr(slash);
  if (rest.size() > 1 || registry.starts_with("http:")) {
    place += "_" + Sha256Hex(registry).substr(0, 12);
  }
  return root_ + "/" + place + "/" + name + "/" + version;
}

std::optional<PackageMark> PackageFolders::InstalledFrom(const std::string& path) const {
  const auto mark = typescript::ReadWholeFile(path + "/" + kMark, 4096);
  return mark ? PackageMark::Parse(*mark) : std::nullopt;
}

std::shared_ptr<const PackageManifest> PackageFolders::ManifestOf(const std::string& path) const {
  const auto mark = InstalledFrom(path);
  auto text = typescript::ReadWholeFile(path + "/" + kManifest, kMaxManifest);
  if (!mark || !text || Sha256Hex(*text) != mark->manifest) return nullptr;
  return std::make_shared<const PackageManifest>(std::move(*text));
}

struct PackageFolders::Unpacked {
  explicit Unpacked(const std::string& parent) : temporary(parent) {}
  TemporaryFolder temporary;
  std::string made;  // where it is now
  std::string path;  // where it belongs
  PackageMark mark;  // of what it was made from
};

Result<std::shared_ptr<PackageFolders::Unpacked>> PackageFolders::Unpack(
    const std::string& path, std::string_view tarball, const std::string& integrity) const {
  if (!integrity.empty()) RT_TRY_VOID(CheckIntegrity(tarball, integrity));
  auto unpacked = std::make_shared<Unpacked>(root_ + "/.new");
  if (!unpacked->temporary.ok()) return Error::FromErrno(errno, "mkdir", root_);
  unpacked->made = unpacked->temporary.path() + "/package";
  unpacked->path = path;
  RT_TRY(const PackageManifest::Hashes hashes, UnpackTo(unpacked->made, tarball));
  struct stat info;
  if (stat((unpacked->made + "/package.json").c_str(), &info) != 0) {
    return Error::Make(ErrorClass::kInvalidData, "the archive has no package.json");
  }
  // An archive may bring files of these names; they are not to be taken for ours.
  const std::string manifest = PackageManifest::TextOf(hashes);
  if (!typescript::WriteFileWhole(unpacked->made + "/" + kManifest, "", manifest)) {
    return Error::FromErrno(errno, "write", unpacked->made);
  }
  unpacked->mark = PackageMark::Of(tarball, manifest);
  return unpacked;
}

std::vector<Result<void>> PackageFolders::Commit(
    const std::vector<std::shared_ptr<Unpacked>>& packages) const {
  std::vector<Result<void>> results;
  // One call for all files of all packages: that of each file would take seconds.
  const bool synced = packages.empty() || syncfs(packages.front()->temporary.fd()) == 0;
  const int sync_errno = errno;
  for (const auto& each : packages) {
    const auto put = [&]() -> Result<void> {
      if (!synced) return Error::FromErrno(sync_errno, "syncfs", root_);
      // After all else is on the disk: the mark says that it is whole. Torn, it says nothing.
      if (!typescript::WriteFileWhole(each->made + "/" + kMark, "", each->mark.ToText())) {
        return Error::FromErrno(errno, "write", each->made);
      }
      const std::string& path = each->path;
      if (!MakeFolders(path.substr(0, path.rfind('/')))) {
        return Error::FromErrno(errno, "mkdir", path);
      }
      if (rename(each->made.c_str(), path.c_str()) == 0) return {};
      // Somebody made it first, or it is to be replaced: they change places, so that it is never
      // gone.
      if (renameat2(AT_FDCWD, each->made.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) {
        return {};
      }
      const int rename_errno = errno;
      const auto there = InstalledFrom(path);
      if (there && there->sha512 == each->mark.sha512) return {};
      return Error::FromErrno(rename_errno, "rename", path);
    };
    results.push_back(put());
  }
  return results;
}

}  // namespace rt
