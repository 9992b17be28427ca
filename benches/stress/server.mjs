// Servers with demo data, each a process of its own in a directory of its own; and what Linux tells of them.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const PROGRAM = process.env.STOA;
const PATIENCE_MS = 60_000;
/** The signing key of every node: any will do. */
const KEY = "5ca1ab1e".repeat(8);
/** Nothing of the callers' throttle stands in the way: all load comes from one address. And the demo's test card is taken. */
const OPEN = {
  STOA_THROTTLE: "false",
  STOA_PAYMENTS_TEST_PROVIDER: "true",
};

if (!PROGRAM) {
  console.error("start this with benches/stress/run");
  process.exit(2);
}

const running = new Set();
const folders = new Set();
process.on("exit", () => {
  running.forEach((child) => child.kill("SIGKILL"));
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
  process.on(signal, () => process.exit(code));
}

/** A process that ends with this one. */
export function keep(child) {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** A database with a demo shop in it, and who may do what there. */
export async function demo({ sqlite = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "stoa-stress-"));
  folders.add(folder);
  const url = sqlite ? `sqlite:${folder}/shop.sqlite` : process.env.STOA_TEST_POSTGRES_URL;
  if (!url) {
    console.error("start this with benches/stress/run: it makes a PostgreSQL");
    process.exit(2);
  }
  const shop = { folder, url };
  const maker = new Server(shop, await freePort(), {});
  await maker.start("demo");
  const access = JSON.parse(readFileSync(join(folder, "data/demo.json"), "utf8"));
  await maker.stop();
  return { ...shop, stores: access.stores, accounts: access.accounts };
}

/** Starts a server over a shop's database; `settings` are added to its environment. */
export async function serve(shop, settings = {}) {
  const server = new Server(shop, await freePort(), { STOA_METRICS_LISTEN: `127.0.0.1:${await freePort()}`, ...settings });
  await server.start("serve");
  return server;
}

/** Whether the program's schema has such a type. */
export async function hasType(name) {
  const { stdout } = await promisify(execFile)(PROGRAM, ["sdl"], { maxBuffer: 64 << 20 });
  return new RegExp(`^type ${name}\\b`, "m").test(stdout);
}

/** Whether `stoa check-invariants` finds nothing, and what it says of what is off. */
export async function invariants(shop) {
  const env = { PATH: process.env.PATH, DATABASE_URL: shop.url, STOA_SECRET_KEY: KEY, STOA_LOG: "warn" };
  try {
    const { stdout } = await promisify(execFile)(PROGRAM, ["check-invariants"], { cwd: shop.folder, env, maxBuffer: 64 << 20 });
    return { held: true, text: `${stdout.trim().split("\n").length} proved` };
  } catch (failure) {
    return { held: false, text: `${failure.stdout ?? ""}${failure.stderr ?? failure}`.split("\n").filter((line) => !line.startsWith("ok ")).join("\n") };
  }
}

export class Server {
  constructor(shop, port, settings) {
    Object.assign(this, { shop, port, settings, child: null });
    this.metricsAddress = settings.STOA_METRICS_LISTEN;
  }

  /** Starts the process, at the same address each time, and waits until it is ready. */
  async start(command = "serve") {
    const log = openSync(join(this.shop.folder, `${this.port}.log`), "a");
    // Nothing of the caller's environment leaks in. The log of accesses would be large.
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: this.shop.url,
      STOA_SECRET_KEY: KEY,
      STOA_LISTEN: `127.0.0.1:${this.port}`,
      STOA_LOG: "warn",
      ...OPEN,
      ...this.settings,
    };
    this.child = keep(spawn(PROGRAM, [command], { cwd: this.shop.folder, env, stdio: ["ignore", "ignore", log] }));
    this.ended = new Promise((resolve) => this.child.once("exit", (code, signal) => resolve({ code, signal })));
    const deadline = Date.now() + PATIENCE_MS;
    while ((await this.status("/readyz")) !== 200) {
      if (this.child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server does not start:\n${this.log()}`);
      }
      await sleep(20);
    }
  }

  /** Tells the process to stop, and waits for it: how long it took in milliseconds, and its exit code. */
  async stop() {
    const began = performance.now();
    this.child.kill("SIGTERM");
    const { code } = await this.ended;
    return { code, took: performance.now() - began };
  }

  /** The status of a GET on a connection of its own; 0 where there is no answer. */
  status(path, patience = 10_000) {
    return new Promise((resolve) => {
      const asked = get({ port: this.port, host: "127.0.0.1", path, agent: false, timeout: patience }, (answer) => {
        answer.resume();
        answer.once("end", () => resolve(answer.statusCode));
        answer.once("error", () => resolve(0));
      });
      asked.once("timeout", () => asked.destroy());
      asked.once("error", () => resolve(0));
    });
  }

  /** All series of `/metrics`, by their names with labels. */
  async metrics() {
    const answer = await fetch(`http://${this.metricsAddress}/metrics`);
    const lines = (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]));
  }

  /** How long operations of a kind took until now, at the server's own clock. */
  async durations(kind) {
    const bucket = new RegExp(`^graphql_operation_duration_seconds_bucket\\{kind="${kind}",le="([^"]+)"\\}$`);
    const found = [...(await this.metrics())].map(([name, count]) => [bucket.exec(name)?.[1], count]);
    return new Durations(found.filter(([bound]) => bound).map(([bound, count]) => ({ bound: Number(bound.replace("+Inf", "Infinity")) * 1_000, count })));
  }

  log() {
    return readFileSync(join(this.shop.folder, `${this.port}.log`), "utf8").slice(-4_000);
  }

  /** Memory of the process that is in RAM, in bytes. */
  memory() {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]) * 1_024;
  }

  /** How many file descriptors the process has open. */
  descriptors() {
    return readdirSync(`/proc/${this.child.pid}/fd`).length;
  }
}

/** How long things took, counted in buckets up to a bound in milliseconds. */
class Durations {
  constructor(buckets) {
    this.buckets = buckets;
  }

  /** What came after `before`. */
  since(before) {
    const count = (bound) => before.buckets.find((bucket) => bucket.bound === bound)?.count ?? 0;
    return new Durations(this.buckets.map((bucket) => ({ ...bucket, count: bucket.count - count(bucket.bound) })));
  }

  get count() {
    return this.buckets.at(-1)?.count ?? 0;
  }

  /** The share that took no longer than a bound of a bucket. */
  within(bound) {
    return (this.buckets.find((bucket) => bucket.bound === bound)?.count ?? 0) / this.count;
  }

  /** The time that this share did not exceed, in milliseconds, as if all of a bucket lay evenly in it. */
  percentile(share) {
    const wanted = this.count * share;
    const at = this.buckets.findIndex((bucket) => bucket.count >= wanted);
    const { bound: from, count: before } = this.buckets[at - 1] ?? { bound: 0, count: 0 };
    const { bound: to, count } = this.buckets[at];
    return to === Infinity ? Infinity : from + ((wanted - before) / (count - before || 1)) * (to - from);
  }
}

/** A port of the loopback address that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const listener = createServer().once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
}
