// Load over kept-alive connections, and the journal of what became of it.
//
// A closed loop has so many callers, each of whom asks again when it has its answer. An open loop asks at a rate,
// whatever comes back, and latency counts from when each request was due.
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How long an answer is waited for, in milliseconds: longer than any limit of the server. */
const PATIENCE_MS = 30_000;

const LISTING = `query($quantity: Int!) { products(first: 24) { nodes {
  id title slug media { url alt } variants { id sku price(quantity: $quantity) { amount { amount currencyCode } } }
} pageInfo { hasNextPage endCursor } } }`;
const PRODUCT = "query($slug: String!) { product(slug: $slug) { id title variants { id sku } } }";
const RENAME = "mutation($id: ID!, $input: BrandUpdateInput!) { brandUpdate(id: $id, input: $input) { brand { id } userErrors { code message } } }";

const DESCRIBE = "mutation($id: ID!, $input: ProductUpdateInput!) { productUpdate(id: $id, input: $input) { product { id } userErrors { code message } } }";

let asked = 0;

/** A storefront's listing, no two alike, so that no cache of answers helps. */
export const listing = (store) => ({ store: store.handle, query: LISTING, variables: { quantity: 1 + (asked++ % 1_000_000) } });

/** One product by its slug. */
export const product = (store, slug) => ({ store: store.handle, query: PRODUCT, variables: { slug } });

/** A write: a brand gets another description. */
export const write = (store, brand) => ({
  store: store.handle,
  token: store.apiToken,
  query: RENAME,
  variables: { id: brand, input: { descriptionHtml: `<p>Version ${asked++}.</p>` } },
});

/** A write that those who listen hear of: a product gets another description. */
export const describe = (store, id) => ({
  store: store.handle,
  token: store.apiToken,
  query: DESCRIBE,
  variables: { id, input: { descriptionHtml: `<p>Version ${asked++}.</p>` } },
});

/** Kept-alive connections to one port of this machine; as many from each address of its own, in turn. */
export class Client {
  constructor(port, connections = Infinity, addresses = [undefined]) {
    Object.assign(this, { port, addresses, turn: 0 });
    // Idle connections go before the server's own patience (10 s) ends them under a request.
    this.agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: 2_048, timeout: 5_000, scheduling: "fifo" });
    this.waiting = new Set();
  }

  /** Sends one operation; never fails: what became of it is in the outcome. */
  send(operation, due = performance.now()) {
    const body = JSON.stringify({ query: operation.query, variables: operation.variables });
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), "X-Store": operation.store };
    if (operation.token) {
      headers.Authorization = `Bearer ${operation.token}`;
    }
    return new Promise((resolve) => {
      const path = "/graphql";
      const localAddress = this.addresses[this.turn++ % this.addresses.length];
      const sent = request({ host: "127.0.0.1", port: this.port, localAddress, path, method: "POST", headers, agent: this.agent });
      const done = (outcome) => {
        this.waiting.delete(sent);
        clearTimeout(patience);
        resolve({ ...outcome, took: performance.now() - due });
      };
      const patience = setTimeout(() => sent.destroy(new Error("no answer in time")), PATIENCE_MS);
      this.waiting.add(sent);
      sent.once("response", (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.once("error", (error) => done({ kind: "lost", why: error.code ?? error.message }));
        answer.once("end", () => done(outcome(answer, parts)));
      });
      sent.once("error", (error) => done({ kind: "lost", why: error.code ?? error.message }));
      sent.end(body);
    });
  }

  /** Goes away in the middle of a request. */
  cancel(operation, after) {
    const sending = this.send(operation);
    const sent = [...this.waiting].at(-1);
    setTimeout(() => sent.destroy(), after);
    return sending;
  }

  close() {
    this.agent.destroy();
    this.waiting.forEach((sent) => sent.destroy());
  }
}

/**
 * What came back: `served`; `refused`, which is 429 or 503 with Retry-After; `busy`, which is 200 and UNAVAILABLE for a
 * part, with Retry-After; `stale`, a write that another one came before; `given up`, which is an operation that took too long, 503; `failed`. A kind `lost` is a
 * connection that broke without an answer.
 */
function outcome(answer, parts) {
  const status = answer.statusCode;
  const text = Buffer.concat(parts).toString();
  if (status === 200 && !text.includes('"errors":[') && !text.includes('"userErrors":[{')) {
    return { kind: "served" };
  }
  if (status === 200 && text.includes('"code":"STALE"')) {
    return { kind: "stale" };
  }
  if (answer.headers["retry-after"] !== undefined) {
    if (status === 429 || status === 503) {
      return { kind: "refused" };
    }
    if (status === 200 && text.includes('"UNAVAILABLE"')) {
      return { kind: "busy" };
    }
  }
  if (status === 503 && text.includes('"UNAVAILABLE"')) {
    return { kind: "given up" };
  }
  return { kind: "failed", why: `${status} ${text.slice(0, 300)}` };
}

/** What became of many requests. */
export class Journal {
  constructor() {
    this.took = {};
    this.reasons = new Map();
    this.entries = 0;
  }

  note({ kind, took, why }) {
    (this.took[kind] ??= []).push(took);
    this.entries += 1;
    if (why) {
      this.reasons.set(why, (this.reasons.get(why) ?? 0) + 1);
    }
  }

  count(...kinds) {
    return kinds.reduce((sum, kind) => sum + (this.took[kind]?.length ?? 0), 0);
  }

  /** The time that this share of the requests of these kinds did not exceed, in milliseconds. */
  percentile(share, ...kinds) {
    return percentile((kinds.length ? kinds : Object.keys(this.took)).flatMap((kind) => this.took[kind] ?? []), share);
  }

  /** Everything in one line. */
  toString() {
    const counts = Object.entries(this.took).map(([kind, took]) => `${took.length} ${kind}`);
    const reasons = [...this.reasons].map(([why, count]) => `${count} × ${why}`);
    return [counts.join(", ") || "nothing", ...reasons.slice(0, 5)].join("; ");
  }
}

export function percentile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** So many callers, for so many seconds. */
export async function closedLoop({ client, callers, seconds, next, journal = new Journal() }) {
  const end = performance.now() + seconds * 1_000;
  const caller = async () => {
    while (performance.now() < end) {
      journal.note(await client.send(next()));
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return journal;
}

/** So many requests a second, until `seconds` are over or `until` is aborted. */
export async function openLoop({ client, rate, seconds, next, journal = new Journal(), until }) {
  const [began, open] = [performance.now(), new Set()];
  const end = began + seconds * 1_000;
  for (let sent = 0; !until?.aborted; ) {
    const now = performance.now();
    if (now >= end) {
      break;
    }
    for (; began + (sent * 1_000) / rate <= now; sent += 1) {
      const sending = client.send(next(), began + (sent * 1_000) / rate).then((outcome) => {
        journal.note(outcome);
        open.delete(sending);
      });
      open.add(sending);
    }
    await sleep(1);
  }
  await Promise.all(open);
  return journal;
}

/** How long it takes until requests are served again, `streak` of them one after the other, in milliseconds. */
export async function recovery(client, next, { streak = 10, within = Infinity, patience = 60_000 } = {}) {
  const began = performance.now();
  for (let first = began, good = 0; performance.now() - began < patience; ) {
    const { kind, took } = await client.send(next());
    if (kind !== "served" || took > within) {
      good = 0;
      await sleep(20);
      continue;
    }
    first = good === 0 ? performance.now() : first;
    if ((good += 1) === streak) {
      return first - began;
    }
  }
  return Infinity;
}
