// Deno.kill, addSignalListener, removeSignalListener.
import { assertEquals, assertThrows, test } from "../harness.js";

test("a listener is called without arguments", async () => {
  const call = await new Promise((resolve) => {
    const listener = function (...args) {
      clearTimeout(late);
      Deno.removeSignalListener("SIGUSR1", listener);
      resolve([args.length, this]);
    };
    Deno.addSignalListener("SIGUSR1", listener);
    Deno.kill(Deno.pid, "SIGUSR1");
    // Waiting for a signal keeps nothing alive.
    const late = setTimeout(() => resolve("late"), 5000);
  });
  assertEquals(call, [0, undefined]);
});

test("listeners are a set", async () => {
  let first = 0;
  let second = 0;
  const one = () => first++;
  const two = () => second++;
  Deno.addSignalListener("SIGUSR2", one);
  Deno.addSignalListener("SIGUSR2", one);
  Deno.addSignalListener("SIGUSR2", two);
  const until = async (count) => {
    Deno.kill(Deno.pid, "SIGUSR2");
    for (let i = 0; i < 500 && second < count; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await until(1);
  assertEquals([first, second], [1, 1]);
  Deno.removeSignalListener("SIGUSR2", one);
  await until(2);
  assertEquals([first, second], [1, 2]);
  Deno.removeSignalListener("SIGUSR2", two);
});

test("signals that cannot be listened to", () => {
  for (const signal of ["SIGKILL", "SIGSTOP", "SIGILL", "SIGFPE", "SIGSEGV"]) {
    const message = `Binding to signal '${signal}' is not allowed`;
    assertThrows(() => Deno.addSignalListener(signal, () => {}), TypeError, message);
    assertThrows(() => Deno.removeSignalListener(signal, () => {}), TypeError, message);
  }
});

test("names", () => {
  for (const signal of ["SIGFOO", "SIGRTMIN", "SIGCLD", "SIGBREAK", "toString", 2]) {
    assertThrows(
      () => Deno.addSignalListener(signal, () => {}),
      TypeError,
      `Invalid signal: ${signal}`,
    );
  }
  for (const signal of ["SIGIOT", "SIGPOLL", "SIGUNUSED", "SIGCHLD", "SIGBUS", "SIGWINCH"]) {
    const listener = () => {};
    Deno.addSignalListener(signal, listener);
    Deno.removeSignalListener(signal, listener);
  }
});

test("a listener must be a function", () => {
  assertThrows(
    () => Deno.addSignalListener("SIGINT"),
    TypeError,
    'Signal listener must be a function. "undefined" is given.',
  );
});

test("kill: who is not there, what is no signal", () => {
  const gone = assertThrows(() => Deno.kill(999999999, "SIGTERM"), Deno.errors.NotFound);
  assertEquals(gone.message, "ESRCH: No such process");
  assertThrows(() => Deno.kill(Deno.pid, "SIGFOO"), TypeError, "Invalid signal: SIGFOO");
  assertThrows(() => Deno.kill(Deno.pid, 900), TypeError, "EINVAL: Invalid argument");
  Deno.kill(Deno.pid, 0);
});

test("a broken pipe is still an error after listening to SIGPIPE", async () => {
  const listener = () => {};
  Deno.addSignalListener("SIGPIPE", listener);
  Deno.removeSignalListener("SIGPIPE", listener);
  await new Promise((resolve) => setTimeout(resolve, 10));
  Deno.kill(Deno.pid, "SIGPIPE");
});
