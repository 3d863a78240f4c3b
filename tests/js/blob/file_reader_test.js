// FileReader: results by kind, order of events, abort.
import { assertEquals, assertThrows, test } from "../harness.js";

function read(method, blob, ...rest) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    const events = [];
    for (const type of ["loadstart", "progress", "load", "abort", "error", "loadend"]) {
      reader.addEventListener(type, (event) => events.push(`${type} ${event.loaded}`));
    }
    reader.onloadend = () => setTimeout(() => resolve({ result: reader.result, events }), 0);
    reader[method](blob, ...rest);
  });
}

test("every kind of result", async () => {
  const blob = new Blob([new Uint8Array([0xe9, 0x41])], { type: "text/plain;charset=latin1" });
  assertEquals((await read("readAsText", blob)).result, "éA");
  assertEquals((await read("readAsText", blob, "utf-8")).result, "\ufffdA");
  assertEquals((await read("readAsBinaryString", blob)).result, "\u00e9A");
  assertEquals(
    (await read("readAsDataURL", blob)).result,
    "data:text/plain;charset=latin1;base64,6UE=",
  );
  const { result } = await read("readAsArrayBuffer", blob);
  assertEquals(new Uint8Array(result), new Uint8Array([0xe9, 0x41]));
});

test("events in their order", async () => {
  const { events } = await read("readAsText", new Blob(["abc"]));
  assertEquals(events, ["loadstart 0", "progress 3", "load 3", "loadend 3"]);
});

test("one read at a time; abort", () => {
  const reader = new FileReader();
  const events = [];
  reader.onabort = () => events.push("abort");
  reader.onloadend = () => events.push("loadend");
  reader.readAsText(new Blob(["abc"]));
  assertEquals(reader.readyState, FileReader.LOADING);
  assertThrows(() => reader.readAsText(new Blob()), DOMException);
  reader.abort();
  assertEquals([reader.readyState, reader.result, events], [2, null, ["abort", "loadend"]]);
});

test("abort lets no promise in while the script runs", () => {
  const program = `
    const reader = new FileReader();
    const log = [];
    reader.onabort = () => log.push("abort");
    reader.readAsText(new Blob());
    Promise.resolve().then(() => console.log([...log, "promise"].join()));
    reader.abort();
    log.push("after");`;
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["eval", program] }).outputSync();
  assertEquals(new TextDecoder().decode(stdout), "abort,after,promise\n");
});
