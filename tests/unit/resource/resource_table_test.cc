// ResourceTable and Ref: stale and mistyped rids, closing that closes others, and who frees the
// memory.
#include "src/resource/resource_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rt {
namespace {

struct Log {
  std::vector<std::string> lines;
};

class File : public Resource {
 public:
  File(Log& log, std::string name)
      : Resource(TypeIdOf<File>()), log_(log), name_(std::move(name)) {}
  ~File() override { log_.lines.push_back("free " + name_); }
  std::string_view name() const override { return name_; }
  void Close() override { log_.lines.push_back("close " + name_); }

 private:
  Log& log_;
  std::string name_;
};

// Closes others when it is closed, as a server closes its connections.
class Server : public Resource {
 public:
  Server(Log& log, ResourceTable& table) : Resource(TypeIdOf<Server>()), log_(log), table_(table) {}
  ~Server() override { log_.lines.push_back("free server"); }
  std::string_view name() const override { return "server"; }
  void Close() override {
    log_.lines.push_back("close server");
    for (Rid rid : owned) (void)table_.Close(rid);
    if (opens_on_close) {
      opens_on_close = false;
      (void)table_.Add(MakeResource<File>(log_, "late"));
    }
  }
  std::vector<Rid> owned;
  bool opens_on_close = false;

 private:
  Log& log_;
  ResourceTable& table_;
};

TEST(ResourceTable, RidsCountFromZero) {
  Log log;
  ResourceTable table;
  EXPECT_EQ(*table.Add(MakeResource<File>(log, "a")), 0u);
  EXPECT_EQ(*table.Add(MakeResource<File>(log, "b")), 1u);
  const auto list = table.List();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1].first, 1u);
  EXPECT_EQ(list[1].second, "b");
}

TEST(ResourceTable, ClosesOnceAndThenTheRidIsBad) {
  Log log;
  ResourceTable table;
  const Rid rid = *table.Add(MakeResource<File>(log, "a"));
  EXPECT_TRUE(table.Close(rid).ok());
  EXPECT_EQ(log.lines, (std::vector<std::string>{"close a", "free a"}));
  for (const Error& error : {table.Close(rid).TakeError(), table.Get(rid).TakeError(),
                             table.Get<File>(rid).TakeError(), table.Take(rid).TakeError()}) {
    EXPECT_EQ(error.error_class, ErrorClass::kBadResource);
    EXPECT_EQ(error.message, "Bad resource ID");
  }
}

TEST(ResourceTable, AStaleRidNeverNamesALaterResource) {
  Log log;
  ResourceTable table;
  const Rid stale = *table.Add(MakeResource<File>(log, "first"));
  ASSERT_TRUE(table.Close(stale).ok());
  for (int i = 0; i < 300; ++i) {
    const Rid rid = *table.Add(MakeResource<File>(log, "later"));
    ASSERT_NE(rid, stale);
    ASSERT_FALSE(table.Get(stale).ok());
    ASSERT_TRUE(table.Close(rid).ok());
  }
}

TEST(ResourceTable, OtherTypesAreBadResource) {
  Log log;
  ResourceTable table;
  const Rid rid = *table.Add(MakeResource<File>(log, "a"));
  EXPECT_TRUE(table.Get<File>(rid).ok());
  EXPECT_TRUE(table.Get(rid).ok());
  EXPECT_EQ(table.Get<Server>(rid).error().error_class, ErrorClass::kBadResource);
}

TEST(ResourceTable, TakeHandsOverWithoutClosing) {
  Log log;
  ResourceTable table;
  const Rid rid = *table.Add(MakeResource<File>(log, "a"));
  {
    const Ref<Resource> taken = *table.Take(rid);
    EXPECT_EQ(table.size(), 0u);
    EXPECT_TRUE(log.lines.empty());
  }
  EXPECT_EQ(log.lines, std::vector<std::string>{"free a"});
}

TEST(ResourceTable, ARefKeepsAClosedResourceInMemory) {
  Log log;
  ResourceTable table;
  const Rid rid = *table.Add(MakeResource<File>(log, "a"));
  Ref<File> held = *table.Get<File>(rid);
  ASSERT_TRUE(table.Close(rid).ok());
  EXPECT_EQ(log.lines, std::vector<std::string>{"close a"});
  EXPECT_EQ(held->name(), "a");
  held = Ref<File>();
  EXPECT_EQ(log.lines.back(), "free a");
}

TEST(ResourceTable, CloseAllCopesWithNestedClosesAndLateOpens) {
  Log log;
  ResourceTable table;
  Ref<Server> server = MakeResource<Server>(log, table);
  const Rid server_rid = *table.Add(server);
  server->owned = {*table.Add(MakeResource<File>(log, "b")),
                   *table.Add(MakeResource<File>(log, "c")), server_rid, 999};
  server->opens_on_close = true;
  table.CloseAll();
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(log.lines, (std::vector<std::string>{"close server", "close b", "free b", "close c",
                                                 "free c", "close late", "free late"}));
}

TEST(ResourceTable, DestructionClosesEverything) {
  Log log;
  {
    ResourceTable table;
    (void)table.Add(MakeResource<File>(log, "a"));
  }
  EXPECT_EQ(log.lines, (std::vector<std::string>{"close a", "free a"}));
}

TEST(Ref, Counting) {
  Log log;
  {
    Ref<File> first = MakeResource<File>(log, "a");
    Ref<File> second = first;
    Ref<Resource> base = second;
    Ref<File> moved = std::move(first);
    EXPECT_FALSE(first);
    second = moved;
    Ref<File>& same = second;
    second = same;
    second = Ref<File>();
    moved = Ref<File>();
    EXPECT_TRUE(log.lines.empty());
    EXPECT_EQ(base->name(), "a");
  }
  EXPECT_EQ(log.lines, std::vector<std::string>{"free a"});
}

TEST(Resource, UnsupportedOperationsSayWhichResource) {
  Log log;
  const Ref<File> file = MakeResource<File>(log, "thing");
  uint8_t byte = 0;
  const auto read = file->ReadSync({&byte, 1});
  EXPECT_EQ(read.error().error_class, ErrorClass::kNotSupported);
  EXPECT_EQ(read.error().message, "Resource 'thing' can not be read");
  EXPECT_EQ(file->WriteSync({&byte, 1}).error().message, "Resource 'thing' can not be written");
  auto task = file->Read(Bytes::Allocate(1));
  task.Start(nullptr);
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.TakeValue().error().error_class, ErrorClass::kNotSupported);
  auto write = file->Write(Bytes::Allocate(1));
  write.Start(nullptr);
  EXPECT_EQ(write.TakeValue().error().message, "Resource 'thing' can not be written");
}

}  // namespace
}  // namespace rt
