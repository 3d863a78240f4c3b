// Slashes behind names of files, and paths that are empty: the errors of Deno.
import { assertEquals, assertThrows, test } from "../harness.js";

const { NotADirectory, NotFound, PermissionDenied } = Deno.errors;

test("a slash behind the name of a file", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/file`, "x");
    assertThrows(() => Deno.readLinkSync(`${folder}/file/`), NotADirectory, "readlink");
    // Without one, and of a folder: not a link.
    assertThrows(() => Deno.readLinkSync(`${folder}/file`), TypeError, "Invalid argument");
    assertThrows(() => Deno.readLinkSync(`${folder}/`), TypeError, "Invalid argument");
    assertThrows(() => Deno.linkSync(`${folder}/file/`, `${folder}/b`), NotADirectory);
    assertThrows(() => Deno.linkSync(`${folder}/`, `${folder}/b`), PermissionDenied);
    assertThrows(() => Deno.linkSync(folder, `${folder}/b`), PermissionDenied);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

test("an empty path is named", () => {
  const missing = "No such file or directory (os error 2)";
  assertThrows(() => Deno.statSync(""), NotFound, `${missing}: stat ''`);
  assertThrows(() => Deno.openSync(""), NotFound, `${missing}: open ''`);
  assertThrows(() => Deno.renameSync("", "b"), NotFound, `${missing}: rename '' -> 'b'`);
});

test("a closed file is no terminal", () => {
  const file = Deno.openSync("/dev/null");
  assertEquals(file.isTerminal(), false);
  file.close();
  assertEquals(file.isTerminal(), false);
});
