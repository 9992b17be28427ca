// Promise P23, fault F11: two nodes are restarted in turn behind a load balancer, twenty times, and nobody notices.
//
// The balancer looks at /readyz ten times a second and never sends a request twice. Where the schema has subscriptions,
// 200 of them stay open throughout: each begins anew when its node ends it.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Journal, describe, listing, openLoop, product, write } from "./load.mjs";
import { Balancer } from "./proxy.mjs";
import { demo, hasType, serve } from "./server.mjs";
import { expect, judge, ms, options, tell } from "./verdict.mjs";

const { seconds, sqlite } = options(120);
const RESTARTS = 20;
const REQUESTS = 10_000;
const RATE = 120;
const EXIT_MS = 25_000;
const STREAMS = 200;
/** How long a stream may be away, in milliseconds. */
const REOPENED_MS = 5_000;

judge(async () => {
  if (sqlite) {
    throw new Error("two nodes need a database server");
  }
  const shop = await demo();
  const [store] = shop.stores;
  const settings = {
    // Ten times as long as the balancer takes to notice.
    STOA_DRAIN_DELAY_MS: "1000",
    STOA_LIVE_CONNECTIONS_OF_ONE: "1000",
  };
  const nodes = [await serve(shop, settings), await serve(shop, settings)];
  const balancer = await new Balancer(nodes).open();
  const client = new Client(balancer.port);
  const { slugs, brands, products } = await known(balancer, store);
  let turn = 0;
  const next = () => {
    turn += 1;
    if (turn % 50 === 0) {
      return describe(store, products[turn % products.length]);
    }
    if (turn % 10 === 0) {
      return write(store, brands[turn % brands.length]);
    }
    return turn % 3 === 0 ? listing(store) : product(store, slugs[turn % slugs.length]);
  };
  const streams = (await hasType("Subscription")) ? Array.from({ length: STREAMS }, () => new Stream(balancer, store)) : [];
  for (let waited = 0; streams.some((stream) => !stream.open) && waited < 100; waited += 1) {
    await sleep(100);
  }
  if (streams.length > 0) {
    expect(`${STREAMS} subscriptions are open`, streams.every((stream) => stream.open), streams.find((stream) => stream.why)?.why ?? "all of them");
  }

  const [journal, done, exits] = [new Journal(), new AbortController(), []];
  const load = openLoop({ client, rate: RATE, seconds: Math.max(seconds, 600), next, journal, until: done.signal });
  const began = performance.now();
  while (exits.length < RESTARTS) {
    const node = nodes[exits.length % nodes.length];
    exits.push(await node.stop());
    await node.start();
    await balancer.takesIn(node);
    await sleep(250);
  }
  const restarted = performance.now() - began;
  while (journal.entries < REQUESTS) {
    await sleep(100);
  }
  done.abort();
  await load;
  const written = await freshest(balancer, store, brands);
  streams.forEach((stream) => stream.end());
  balancer.close();

  tell(`${RESTARTS} restarts`, `in ${ms(restarted)}`);
  const slowest = Math.max(...exits.map(({ took }) => took));
  expect(`0 failed of ${REQUESTS} requests and more`, journal.count("served", "stale") === journal.entries && journal.entries >= REQUESTS, String(journal));
  expect("a node ends by itself within 25 s", slowest <= EXIT_MS && exits.every(({ code }) => code === 0), `slowest ${ms(slowest)}`);
  expect("what was written last is there", written, written ? "all brands" : "an older version came back");
  if (streams.length > 0) {
    const away = streams.map((stream) => stream.longest());
    expect("subscriptions are open again within 5 s", Math.max(...away) <= REOPENED_MS,
      `${streams.reduce((sum, stream) => sum + stream.ends, 0)} ended with their node; longest away ${ms(Math.max(...away))}`);
    const heard = streams.map((stream) => stream.events);
    expect("every subscription hears of changes", Math.min(...heard) > 0, `${Math.min(...heard)} to ${Math.max(...heard)} events each`);
  }
  tell("latency through the balancer", `p50 ${ms(journal.percentile(0.5))}, p99 ${ms(journal.percentile(0.99))}`);
});

async function ask(balancer, store, query) {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${store.apiToken}`, "X-Store": store.handle };
  const answer = await fetch(`http://127.0.0.1:${balancer.port}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
  return (await answer.json()).data;
}

async function known(balancer, store) {
  const data = await ask(balancer, store, "{ products(first: 50) { nodes { id slug } } brands(first: 20) { nodes { id } } }");
  const products = data.products.nodes;
  return { slugs: products.map(({ slug }) => slug), products: products.map(({ id }) => id), brands: data.brands.nodes.map(({ id }) => id) };
}

/** Writes to each brand once more and reads it back: one row, whichever node is asked. */
async function freshest(balancer, store, brands) {
  const client = new Client(balancer.port);
  for (const brand of brands) {
    const operation = write(store, brand);
    const { kind } = await client.send(operation);
    const data = await ask(balancer, store, `{ brand(id: "${brand}") { descriptionHtml } }`);
    if (kind !== "served" || data.brand.descriptionHtml !== operation.variables.input.descriptionHtml) {
      return false;
    }
  }
  return true;
}

/** A subscription over an event stream, begun again whenever it ends. */
class Stream {
  constructor(balancer, store) {
    Object.assign(this, { balancer, store, open: false, ends: 0, events: 0, away: [], stopped: false });
    this.#begin();
  }

  #begin() {
    const began = performance.now();
    const retry = (why) => {
      this.why = why;
      if (!this.stopped) {
        this.since ??= began;
        setTimeout(() => this.#begin(), 100);
      }
    };
    const headers = {
      "Content-Type": "application/json",
      Accept: "text/event-stream",
      Authorization: `Bearer ${this.store.apiToken}`,
      "X-Store": this.store.handle,
    };
    const sent = request({ host: "127.0.0.1", port: this.balancer.port, path: "/graphql", method: "POST", headers, agent: false });
    this.sent = sent;
    sent.once("response", (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume();
        retry(`status ${answer.statusCode}`);
        return;
      }
      answer.on("data", (part) => {
        if (!this.open) {
          this.open = true;
          this.away.push(performance.now() - (this.since ?? performance.now()));
          this.since = undefined;
        }
        this.events += part.toString().split("event: next").length - 1;
      });
      answer.on("error", () => {});
      answer.once("close", () => {
        this.ends += this.open && !this.stopped ? 1 : 0;
        this.open = false;
        this.since ??= performance.now();
        retry("the stream ended");
      });
    });
    sent.once("error", (error) => retry(error.code ?? error.message));
    sent.end(JSON.stringify({ query: "subscription { productChanged { topic productId } }" }));
  }

  end() {
    this.stopped = true;
    this.sent.destroy();
  }

  /** The longest time that it was away, in milliseconds; for ever where it still is. */
  longest() {
    return this.open || this.stopped ? Math.max(0, ...this.away) : Infinity;
  }
}
