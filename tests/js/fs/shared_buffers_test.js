// Files, connections, datagrams and streams read into and write from views on shared memory.
import { assertEquals, test } from "../harness.js";

function shared(...bytes) {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length, { maxByteLength: 64 }));
  view.set(bytes);
  return view;
}

test("files, at once and later", async () => {
  const path = await Deno.makeTempFile();
  try {
    using file = await Deno.open(path, { read: true, write: true });
    assertEquals(await file.write(shared(1, 2, 3).subarray(1)), 2);
    assertEquals(file.writeSync(shared(4)), 1);
    file.seekSync(0, Deno.SeekMode.Start);
    const view = shared(0, 0, 0, 9);
    assertEquals([await file.read(view.subarray(1, 3)), ...view], [2, 0, 2, 3, 9]);
    assertEquals([file.readSync(view), ...view], [1, 4, 2, 3, 9]);
    assertEquals([await file.read(view), file.readSync(view)], [null, null]);
    assertEquals([await file.read(shared()), file.readSync(shared())], [0, 0]);
  } finally {
    await Deno.remove(path);
  }
});

test("whole files", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, shared(1, 2));
    assertEquals([...Deno.readFileSync(path)], [1, 2]);
    Deno.writeFileSync(path, shared(3));
    assertEquals([...Deno.readFileSync(path)], [3]);
  } finally {
    await Deno.remove(path);
  }
});

test("connections and their streams", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [here, there] = await Promise.all([Deno.connect(listener.addr), listener.accept()]);
  try {
    assertEquals(await here.write(shared(1, 2)), 2);
    const view = shared(0, 0, 0);
    assertEquals([await there.read(view), ...view], [2, 1, 2, 0]);
    const writer = here.writable.getWriter();
    await writer.write(shared(7));
    assertEquals([await there.read(view), ...view], [1, 7, 2, 0]);
    // And on memory that can be resized.
    await writer.write(new Uint8Array(new ArrayBuffer(2, { maxByteLength: 4 })));
    assertEquals([await there.read(view), ...view], [2, 0, 0, 0]);
  } finally {
    here.close();
    there.close();
    listener.close();
  }
});

test("more than a connection takes at once", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [here, there] = await Promise.all([Deno.connect(listener.addr), listener.accept()]);
  try {
    const size = 8 * 1024 * 1024;
    const writing = (async () => {
      const bytes = new Uint8Array(new SharedArrayBuffer(size)).fill(5);
      for (let sent = 0; sent < size; ) sent += await here.write(bytes.subarray(sent));
    })();
    let sum = 0;
    const view = new Uint8Array(new SharedArrayBuffer(65536));
    for (let got = 0; got < size; ) {
      const count = await there.read(view);
      for (let i = 0; i < count; i++) sum += view[i];
      got += count;
    }
    await writing;
    assertEquals(sum, 5 * size);
  } finally {
    here.close();
    there.close();
    listener.close();
  }
});

test("datagrams", async () => {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  try {
    assertEquals(await socket.send(shared(1, 2), socket.addr), 2);
    const view = shared(0, 0, 0);
    const [bytes] = await socket.receive(view);
    assertEquals([[...bytes], bytes.buffer === view.buffer, ...view], [[1, 2], true, 1, 2, 0]);
  } finally {
    socket.close();
  }
});
