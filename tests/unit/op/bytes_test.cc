// Buffers in and out: whose memory it is, and those that may change under an op.
#include <gtest/gtest.h>

#include "fixture.h"

namespace rt {
namespace {

using BytesTest = OpFixture;

TEST_F(BytesTest, EveryKindOfView) {
  Run("var buffer = new Uint8Array([65, 66, 67, 68, 69, 70, 71, 72]).buffer;");
  EXPECT_EQ(Run("ops.op_bytes_text(buffer)"), "ABCDEFGH");
  EXPECT_EQ(Run("ops.op_bytes_text(new Uint8Array(buffer, 2, 3))"), "CDE");
  EXPECT_EQ(Run("ops.op_bytes_text(new Uint16Array(buffer, 2, 2))"), "CDEF");
  EXPECT_EQ(Run("ops.op_bytes_text(new DataView(buffer, 7))"), "H");
  EXPECT_EQ(Run("ops.op_span_sum(new DataView(buffer, 7), 0)"), "72");
  EXPECT_EQ(Run("ops.op_span_sum(buffer, 0)"), "548");
  EXPECT_EQ(Run("ops.op_span_sum(new Uint8Array(buffer, 1, 1), 1)"), "67");
  EXPECT_EQ(Run("ops.op_bytes_text(Uint8Array.of(120))"), "x");  // small enough to be on V8's heap
}

TEST_F(BytesTest, EmptyOnes) {
  EXPECT_EQ(Run("ops.op_bytes_text(new Uint8Array(0))"), "");
  EXPECT_EQ(Run("ops.op_bytes_text(new ArrayBuffer(0))"), "");
  EXPECT_EQ(Run("ops.op_bytes_text(new Uint8Array(new ArrayBuffer(4), 4))"), "");
  EXPECT_EQ(Run("ops.op_span_sum(new Uint8Array(0), 3)"), "3");
  EXPECT_EQ(Run("ops.op_span_sum(new ArrayBuffer(0), 3)"), "3");
  EXPECT_EQ(Run("const e = ops.op_make_bytes(0); e.length + ',' + e.buffer.byteLength + ',' +"
                "  (e instanceof Uint8Array)"),
            "0,0,true");
}

TEST_F(BytesTest, DetachedOnesAreEmpty) {
  Run("var gone = new Uint8Array([1, 2, 3]); gone.buffer.transfer();");
  EXPECT_EQ(Run("ops.op_span_sum(gone, 0)"), "0");
  EXPECT_EQ(Run("ops.op_bytes_text(gone).length"), "0");
  EXPECT_EQ(Run("ops.op_span_sum(gone.buffer, 0)"), "0");
  EXPECT_EQ(Run("ops.op_bytes_text(gone.buffer).length"), "0");
}

TEST_F(BytesTest, BytesRefusesSharedAndResizableOnes) {
  const std::string refused =
      "threw: TypeError: op_bytes_text: argument 1 must be a buffer that is neither shared nor "
      "resizable, not a ";
  EXPECT_EQ(Run("ops.op_bytes_text(new Uint8Array(new SharedArrayBuffer(4)))"),
            refused + "shared buffer");
  EXPECT_EQ(Run("ops.op_bytes_text(new ArrayBuffer(4, {maxByteLength: 8}))"),
            refused + "resizable buffer");
  EXPECT_EQ(Run("ops.op_bytes_text(new Uint8Array(new ArrayBuffer(4, {maxByteLength: 8})))"),
            refused + "resizable buffer");
  EXPECT_EQ(Run("ops.op_bytes_text(new SharedArrayBuffer(4))"),
            "threw: TypeError: op_bytes_text: argument 1 must be a buffer, not a shared buffer");
}

TEST_F(BytesTest, SpansAreNeverOverSharedMemory) {
  constexpr char kRefused[] =
      "threw: TypeError: op_span_sum: argument 1 must be a buffer that is not shared, not a "
      "shared buffer";
  EXPECT_EQ(Run("ops.op_span_sum(new Uint8Array(new SharedArrayBuffer(4)), 0)"), kRefused);
  EXPECT_EQ(Run("ops.op_span_sum(new DataView(new SharedArrayBuffer(4), 1), 0)"), kRefused);
  EXPECT_EQ(Run("ops.op_span_sum(new SharedArrayBuffer(4), 0)"), kRefused);
  EXPECT_EQ(Run("ops.op_span_sum(new Uint8Array(new SharedArrayBuffer(0)), 3)"), "3");
  EXPECT_EQ(Run("ops.op_span_sum(new Uint8Array(new SharedArrayBuffer(1, {maxByteLength: 8})), 0)"),
            kRefused);
}

TEST_F(BytesTest, SpansFollowAResizableBufferAsItIsNow) {
  Run("var r = new ArrayBuffer(4, {maxByteLength: 64}); new Uint8Array(r).fill(1);"
      "var tracking = new Uint8Array(r), fixed = new Uint8Array(r, 2, 2);");
  EXPECT_EQ(Run("ops.op_span_sum(tracking, 0)"), "4");
  EXPECT_EQ(Run("r.resize(64); ops.op_two_spans(tracking, fixed)"), "64002");
  EXPECT_EQ(Run("r.resize(3); ops.op_two_spans(tracking, fixed)"),
            "3000");  // fixed is out of bounds
  EXPECT_EQ(Run("r.resize(0); ops.op_two_spans(tracking, r)"), "0");
}

TEST_F(BytesTest, SpansWriteIntoTheScriptsMemory) {
  EXPECT_EQ(Run("const b = new Uint8Array(5); ops.op_fill(b.subarray(1, 3)); b.join()"),
            "0,7,7,0,0");
}

TEST_F(BytesTest, BytesShareMemoryAndOutliveTheBuffer) {
  Run("{ const b = new Uint8Array([1, 2, 3]); ops.op_keep_bytes(b); b[0] = 9; }");
  isolate()->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection);
  EXPECT_EQ(state().kept.size(), 3u);
  EXPECT_EQ(state().kept.data()[0], 9);
  // Detaching takes the memory from the script, not from us.
  Run("var d = new Uint8Array(1000).fill(5); ops.op_keep_bytes(d); d.buffer.transfer(2000);");
  isolate()->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection);
  EXPECT_EQ(state().kept.data()[999], 5);
}

TEST_F(BytesTest, ResultsAreUint8ArraysOverOurMemory) {
  EXPECT_EQ(Run("var m = ops.op_make_bytes(300); [m.length, m.byteOffset, m.buffer.byteLength,"
                "  m[255], m[256], m.constructor.name].join()"),
            "300,0,300,255,0,Uint8Array");
  // Twice the same memory: two views of one allocation, freed when both are gone.
  EXPECT_EQ(Run("ops.op_keep_bytes(new Uint8Array([1, 2])); var x = ops.op_kept_bytes(),"
                "  y = ops.op_kept_bytes(); x[0] = 7; y[0]"),
            "7");
  state().kept = Bytes();
  Run("x = null;");
  isolate()->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection);
  EXPECT_EQ(Run("y.join()"), "7,2");
}

TEST_F(BytesTest, ASliceAsResultShowsNoMoreThanItself) {
  Run("ops.op_keep_bytes(new Uint8Array([1, 2, 3, 4]));");
  state().kept = state().kept.Slice(1, 2);
  EXPECT_EQ(Run("const s = ops.op_kept_bytes(); s.join() + ':' + new Uint8Array(s.buffer).join()"),
            "2,3:2,3");
}

}  // namespace
}  // namespace rt
