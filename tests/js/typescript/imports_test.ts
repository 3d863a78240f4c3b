// Names that only types mention are not imported; a module nothing else needs does not run.
import { assertEquals as equal, test } from "../harness.js";
import { type Name, Shape, square } from "./fixtures/shapes.ts";
import { Effect } from "./fixtures/effects.ts";
import type * as Everything from "./fixtures/effects.ts";

const side: Name = "side";

test("interfaces imported without `type` vanish", () => {
  const shape: Shape = square;
  equal(shape.sides, 4);
  equal(side, "side");
});

test("a module imported for a type does not run", async () => {
  const effect: Effect | Everything.Effect = 1;
  equal((globalThis as { effects?: number }).effects, undefined);
  await import("./fixtures/effects.ts");
  equal((globalThis as { effects?: number }).effects, effect);
});

test("import() of every extension, with a query too", async () => {
  equal((await import("./fixtures/plain.mts")).kind, "mts");
  equal((await import("./fixtures/common.cts")).kind, "cts");
  equal((await import("./fixtures/plain.mts?again")).kind, "mts");
});

test("import.meta.resolve does not care", () => {
  equal(import.meta.resolve("./x.ts").endsWith("/typescript/x.ts"), true);
});
