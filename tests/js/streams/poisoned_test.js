// A script that replaces prototypes' methods neither breaks the streams nor sees their insides.
import { assertEquals, test } from "../harness.js";

test("pipes and tees work on poisoned prototypes, unseen", async () => {
  const source = () => {
    let n = 0;
    return new ReadableStream({
      pull(c) {
        if (n < 40) c.enqueue(n++);
        else c.close();
      },
    });
  };
  const realThen = Promise.prototype.then;
  let seen = 0;
  let sum = 0;
  const sink = () => new WritableStream({ write: (x) => void (sum += x) });
  const transform = new TransformStream();
  const [left, right] = source().tee();
  let done;
  await new Promise((resolve) => setTimeout(resolve)); // the harness has a promise under way
  Promise.prototype.then = function () {
    seen++;
    return Reflect.apply(realThen, this, arguments);
  };
  for (let i = 0; i < 64; i++) {
    Object.defineProperty(Array.prototype, i, {
      configurable: true,
      get: () => undefined,
      set: () => void seen++,
    });
  }
  Object.defineProperty(Object.prototype, "then", {
    configurable: true,
    get() {
      seen++;
      return undefined;
    },
  });
  ReadableStream.prototype.getReader = WritableStream.prototype.getWriter = () => {
    seen++;
    throw new Error("called");
  };
  try {
    done = [
      left.pipeThrough(transform).pipeTo(sink()),
      right.pipeTo(sink()),
      source().pipeTo(sink(), { preventClose: true }),
    ];
    // As many steps as everything could take.
    for (let i = 0; i < 2000; i++) await undefined;
  } finally {
    Promise.prototype.then = realThen;
    delete Object.prototype.then;
    for (let i = 0; i < 64; i++) delete Array.prototype[i];
  }
  await Promise.all(done);
  assertEquals([seen, sum], [0, 3 * 780]);
});
