// FormData: the list.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("append, get, set, delete, iteration", () => {
  const form = new FormData();
  form.append("a", 1);
  form.append("b", "x");
  form.append("a", "2");
  assertEquals([form.get("a"), form.getAll("a"), form.get("z")], ["1", ["1", "2"], null]);
  form.set("a", "3");
  form.set("c", "4");
  assertEquals(
    [...form],
    [
      ["a", "3"],
      ["b", "x"],
      ["c", "4"],
    ],
  );
  form.delete("b");
  assertEquals(
    [form.has("b"), [...form.keys()], [...form.values()]],
    [false, ["a", "c"], ["3", "4"]],
  );
  assertThrows(() => form.append("x"), TypeError, "2 arguments required");
  assertThrows(() => new FormData(1), TypeError);
});

test("blobs become files", () => {
  const form = new FormData();
  form.append("f", new Blob(["abc"], { type: "a/b" }));
  assert(form.get("f") instanceof File);
  assertEquals([form.get("f").name, form.get("f").type], ["blob", "a/b"]);
  const file = new File(["x"], "name");
  form.append("g", file);
  assert(form.get("g") === file);
  form.append("h", file, "other");
  assertEquals(form.get("h").name, "other");
  assertThrows(() => form.append("i", "text", "name"), TypeError, "is not of type Blob");
});
