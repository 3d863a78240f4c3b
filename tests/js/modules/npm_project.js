// A test with a registry in this process and a project of its own, both gone at its end.
import { test } from "../harness.js";
import { NpmRegistry } from "./npm_registry.js";
import { Project } from "./remote.js";

/** `body` gets { registry, project, run(script, flags, env), env }: run starts rt on the project. */
export function npmTest(name, body) {
  test(name, async () => {
    const registry = new NpmRegistry();
    const project = new Project();
    const env = { NPM_CONFIG_REGISTRY: registry.url, HOME: project.folder };
    const run = (script, flags = [], more = {}) => project.run(script, flags, { ...env, ...more });
    try {
      await body({ registry, project, run, env });
    } finally {
      await registry.shutdown();
      project.remove();
    }
  });
}
