// Events that rt itself makes are copies of one; nothing of that shows.
import { assert, assertEquals, test } from "../harness.js";

/** What a channel delivers for these values, in order. */
async function eventsOf(...values) {
  const { port1, port2 } = new MessageChannel();
  const events = [];
  for (const value of values) {
    port1.postMessage(value);
    events.push(
      await new Promise((resolve) => {
        port2.onmessage = resolve;
      }),
    );
  }
  port1.close();
  return events;
}

test("isTrusted is each event's own, by the same getter as elsewhere", async () => {
  const [event] = await eventsOf(1);
  const own = Object.getOwnPropertyDescriptor(event, "isTrusted");
  const made = Object.getOwnPropertyDescriptor(new Event("x"), "isTrusted");
  assertEquals(Reflect.ownKeys(event), ["isTrusted"]);
  assertEquals([own.get === made.get, own.set], [true, undefined]);
  assertEquals([own.enumerable, own.configurable], [true, false]);
  assertEquals([event.isTrusted, new Event("x").isTrusted], [true, false]);
  assertEquals([event.type, event.eventPhase, event.bubbles], ["message", 0, false]);
  assert(event.constructor === MessageEvent && event instanceof Event);
});

test("the time of one stays when there are others", async () => {
  const before = performance.now();
  const [first] = await eventsOf(1);
  const { timeStamp } = first;
  const made = [new Event("x"), new MessageEvent("x")].map((event) => event.timeStamp);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const [second] = await eventsOf(2);
  assertEquals(first.timeStamp, timeStamp);
  assert(before <= timeStamp && timeStamp <= made[0] && made[0] <= made[1]);
  assert(made[1] < second.timeStamp && second.timeStamp <= performance.now());
});

test("what becomes of one becomes of no other", async () => {
  const values = [1, 1.5, "text", { a: 1 }, undefined, 2 ** 40];
  const events = await eventsOf(...values);
  assertEquals(
    events.map((event) => event.data),
    values,
  );
  events[0].extra = 1;
  events[1].initMessageEvent("other", true, true, "data", "origin", "id");
  events[2].preventDefault();
  events[3].stopPropagation();
  const [later] = await eventsOf(3);
  assertEquals(
    [later.extra, later.type, later.bubbles, later.data],
    [undefined, "message", false, 3],
  );
  assertEquals([later.origin, later.lastEventId, later.cancelBubble], ["", "", false]);
  assertEquals([events[1].type, events[1].data, events[1].origin], ["other", "data", "origin"]);
});

test("as keys of a WeakMap they are themselves", async () => {
  const [first, second] = await eventsOf(1, 2);
  const map = new WeakMap([[first, 1]]);
  assertEquals([map.get(first), map.has(second)], [1, false]);
  const [third] = await eventsOf(3);
  assertEquals([map.has(third), map.get(first)], [false, 1]);
});
