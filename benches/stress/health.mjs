// Asks a server for its health from a thread of its own, so that the load of the other one does not stand in the way.
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { percentile } from "./load.mjs";

const EVERY_MS = 20;
const PATIENCE_MS = 5_000;

/** Asks a path of a server until `stop` is called. */
export class Health {
  constructor(server, path = "/healthz") {
    this.worker = new Worker(new URL(import.meta.url), { workerData: { port: server.port, path } });
    this.seen = new Promise((resolve, reject) => this.worker.once("message", resolve).once("error", reject));
  }

  /** What was seen: how often, the 99th percentile and the slowest in milliseconds, and how often there was no 200. */
  async stop() {
    this.worker.postMessage("stop");
    const seen = await this.seen;
    const good = seen.filter((took) => took !== null);
    return { times: seen.length, p99: percentile(good, 0.99), slowest: percentile(good, 1), failed: seen.length - good.length };
  }
}

if (!isMainThread) {
  let asking = true;
  const seen = [];
  parentPort.once("message", () => (asking = false));
  while (asking) {
    seen.push(await ask());
    await sleep(EVERY_MS);
  }
  parentPort.postMessage(seen);
}

/** How long an answer took in milliseconds; null where it was no 200. */
function ask() {
  const began = performance.now();
  return new Promise((resolve) => {
    const asked = get({ host: "127.0.0.1", ...workerData, agent: false, timeout: PATIENCE_MS }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode === 200 ? performance.now() - began : null));
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(null));
  });
}
