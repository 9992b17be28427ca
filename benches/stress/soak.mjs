// Fault F24: for a long time everything at once, as a shop sees it: reads and writes, sockets that come and go, clients
// who go away in the middle, requests that make no sense. Memory and file descriptors stay.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Journal, closedLoop, listing, openLoop, product, write } from "./load.mjs";
import { demo, serve } from "./server.mjs";
import { expect, judge, mib, ms, options, tell } from "./verdict.mjs";

const { seconds, sqlite } = options(600);
/** Each second. */
const [REQUESTS, SOCKETS, CANCELED, NONSENSE] = [60, 18, 2, 2];
const SLOPE = 1_000_000;
/** A slope over less time than this says nothing. */
const LEAST_SECONDS = 180;

judge(async () => {
  const shop = await demo({ sqlite });
  const server = await serve(shop);
  const [store] = shop.stores;
  const warming = new Client(server.port);
  // As many at once as there are connections to the database, so that all of them are open.
  await closedLoop({ client: warming, callers: 24, seconds: 3, next: () => listing(store) });
  const { slugs, brands } = await known(server, store);
  warming.close();
  await sleep(1_000);
  const [files, began] = [server.descriptors(), performance.now()];

  let turn = 0;
  const next = () => {
    turn += 1;
    if (turn % 10 === 0) {
      return write(store, brands[turn % brands.length]);
    }
    return turn % 3 === 0 ? listing(store) : product(store, slugs[turn % slugs.length]);
  };
  const client = new Client(server.port);
  const [journal, odd, samples] = [new Journal(), new Journal(), []];
  let [opened, canceled] = [0, 0];
  const nonsense = { store: store.handle, query: "{ nothing(", variables: {} };
  const timers = [
    setInterval(() => samples.push({ at: performance.now() - began, bytes: server.memory() }), 500),
    setInterval(() => {
      opened += 1;
      const socket = connect({ host: "127.0.0.1", port: server.port }, () => setTimeout(() => socket.destroy(), Math.random() * 500));
      socket.on("error", () => {});
    }, 1_000 / SOCKETS),
    setInterval(() => {
      canceled += 1;
      client.cancel(next(), Math.random() * 15);
    }, 1_000 / CANCELED),
    setInterval(async () => odd.note(await client.send(nonsense)), 1_000 / NONSENSE),
  ];
  await openLoop({ client, rate: REQUESTS, seconds, next, journal });
  timers.forEach(clearInterval);
  client.close();
  let left = server.descriptors();
  for (let waited = 0; left > files && waited < 150; waited += 1) {
    await sleep(100);
    left = server.descriptors();
  }

  tell("requests", `${journal}; p50 ${ms(journal.percentile(0.5))}, p99 ${ms(journal.percentile(0.99))}`);
  tell("beside them", `${opened} sockets opened and closed, ${canceled} requests canceled, ${odd.entries} without sense`);
  expect("every request is answered", journal.count("served", "stale") === journal.entries, String(journal));
  // The first third is for caches that fill.
  const warm = samples.filter(({ at }) => at >= (seconds * 1_000) / 3);
  const climb = slope(warm);
  const figure = `${mib(climb)} a minute, ${mib(warm[0].bytes)} to ${mib(warm.at(-1).bytes)}`;
  if ((seconds * 2) / 3 >= LEAST_SECONDS) {
    expect("memory grows by less than 1 MB a minute", climb < SLOPE, figure);
  } else {
    tell("memory, over too short a time to judge", figure);
  }
  expect("file descriptors are back where they were", left <= files, `${files} before, ${left} after`);
});

async function known(server, store) {
  const headers = { "Content-Type": "application/json", "X-Store": store.handle };
  const query = "{ products(first: 50) { nodes { slug } } brands(first: 20) { nodes { id } } }";
  const answer = await fetch(`http://127.0.0.1:${server.port}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
  const { data } = await answer.json();
  return { slugs: data.products.nodes.map(({ slug }) => slug), brands: data.brands.nodes.map(({ id }) => id) };
}

/** Bytes a minute, by least squares. */
function slope(samples) {
  const mean = (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [at, bytes] = [mean((sample) => sample.at), mean((sample) => sample.bytes)];
  const covariance = mean((sample) => (sample.at - at) * (sample.bytes - bytes));
  return (covariance / mean((sample) => (sample.at - at) ** 2)) * 60_000;
}
