// node:v8, the part there is: heap snapshots and sizes of the heap.
import { DatabaseSync } from "node:sqlite";
import v8 from "node:v8";
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("a heap snapshot is a file that names objects of SQLite with their edges", async () => {
  const folder = await Deno.makeTempDir();
  const database = new DatabaseSync(":memory:");
  const statement = database.prepare("SELECT 1");
  try {
    const path = `${folder}/a.heapsnapshot`;
    assertEquals(v8.writeHeapSnapshot(path), path);
    assertEquals(Deno.statSync(path).mode & 0o777, 0o600);
    const { snapshot, nodes, edges, strings } = JSON.parse(await Deno.readTextFile(path));
    const nodeFields = snapshot.meta.node_fields;
    const edgeFields = snapshot.meta.edge_fields;
    const width = nodeFields.length;
    const nameAt = nodeFields.indexOf("name");
    const countAt = nodeFields.indexOf("edge_count");
    const toAt = edgeFields.indexOf("to_node");
    const nameOf = (node) => strings[nodes[node + nameAt]];
    let isLinked = false;
    const names = new Set();
    for (let node = 0, edge = 0; node < nodes.length; node += width) {
      names.add(nameOf(node));
      for (let i = 0; i < nodes[node + countAt]; i++, edge += edgeFields.length) {
        const isStatement = nameOf(node) === "rt::Statement";
        if (isStatement && nameOf(edges[edge + toAt]) === "rt::Database") isLinked = true;
      }
    }
    assert(names.has("rt::Database") && names.has("rt::Statement"));
    assert(isLinked);
  } finally {
    statement.close();
    database.close();
    await Deno.remove(folder, { recursive: true });
  }
});

test("without a name the file lies in the current folder and says when and who", async () => {
  const folder = await Deno.makeTempDir();
  const before = Deno.cwd();
  try {
    Deno.chdir(folder);
    const name = v8.writeHeapSnapshot();
    assert(/^Heap\.\d{8}\.\d{6}\.\d+\.0\.\d+\.heapsnapshot$/.test(name), name);
    assertEquals(
      [...Deno.readDirSync(".")].map((entry) => entry.name),
      [name],
    );
  } finally {
    Deno.chdir(before);
    await Deno.remove(folder, { recursive: true });
  }
});

test("a folder that is not there is an error", () => {
  assertThrows(() => v8.writeHeapSnapshot("/nowhere/at/all"), Deno.errors.NotFound);
});

test("sizes of the heap", () => {
  const statistics = v8.getHeapStatistics();
  assert(statistics.used_heap_size > 0);
  assert(statistics.heap_size_limit >= statistics.total_heap_size);
  assertEquals(statistics.number_of_native_contexts, 1);
});
