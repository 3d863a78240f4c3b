// Run by the program beside it: `embed words.js`. `text` is its own feature.

const path = new URL("words.txt", import.meta.url).pathname;
console.log("words:", await text.countWords(path));

const tally = new text.Tally();
for (const word of (await Deno.readTextFile(path)).split(/\s+/)) {
  const times = tally.add(word);
  if (times === 2) console.log("again:", word);
}

try {
  await text.countWords("/etc/hostname");
} catch (error) {
  console.log(error.name, "for what was not granted");
}
