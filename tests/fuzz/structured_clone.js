// What structured_clone.cc runs: a graph of values for each input, which says what is in it.
import { cloneGraph, moveGraph } from "../js/messaging/graph.js";

fuzz((bytes) => {
  let at = 0;
  const byte = () => (at < bytes.length ? bytes[at++] : 0);
  const pick = (below) => {
    let number = byte();
    for (let reach = 256; reach < below; reach *= 256) number = number * 256 + byte();
    return number % below;
  };
  if (pick(2) === 0) cloneGraph(pick, "graph");
  else moveGraph(pick, "graph");
});
