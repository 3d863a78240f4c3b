// JSX without a configuration: React.createElement, or what a pragma names.
import { assertEquals as equal, test } from "../harness.js";
import { hello } from "./fixtures/elements.tsx";
import { item } from "./fixtures/plain.jsx";

test("tsx", () => equal(hello, "<p id=a b=2>Hello you<frag></frag></p>"));

test("jsx with a pragma", () => {
  equal(JSON.stringify(item), '{"tag":"li","props":{"key":"k"},"children":["one"]}');
});
