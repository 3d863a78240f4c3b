// `experimentalDecorators` and `emitDecoratorMetadata` of tsconfig.json.
import { assertEquals as equal, test } from "../../harness.js";

const seen: string[] = [];
(Reflect as unknown as Record<string, unknown>).metadata = (key: string, value: unknown) => () => {
  seen.push(`${key}=${typeof value === "function" ? value.name : value}`);
};
const note = (name: string) => (_target: object, key?: string, index?: unknown) => {
  seen.push(`${name}:${key}:${typeof index}`);
};

class Service {
  @note("field") size!: number;
  @note("method") run(@note("param") text: string): boolean { return text !== ""; }
}

test("legacy decorators see target, key and index", () => {
  equal(new Service().run("x"), true);
  equal(seen.includes("param:run:number"), true);
  equal(seen.includes("method:run:object"), true);
});

test("types become metadata", () => {
  equal(seen.includes("design:type=Number"), true);
  equal(seen.includes("design:returntype=Boolean"), true);
});
