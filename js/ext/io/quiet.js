// `--quiet`: what rt itself says on standard error is left out. Told by bootstrap at start.

let quiet = false;

export function setQuiet(on) {
  quiet = on;
}

export function isQuiet() {
  return quiet;
}
