// Promise P21: 500 clients who hold their sockets beside others who are served; then 500 more who come all at once,
// half of them as WebSockets.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, listing, openLoop } from "./load.mjs";
import { demo, serve } from "./server.mjs";
import { expect, judge, ms, options, tell } from "./verdict.mjs";

const { seconds, sqlite } = options(24);
const EACH = 100;
const RATE = 60;
/** They come over this time, in milliseconds: what is measured is that they are held, and not a storm of connections. */
const COMING_MS = 4_000;
/** The head and the body of a request may take 10 s each, an answer may stay unread for 15 s. */
const [SENDING_MS, READING_MS] = [15_000, 20_000];
/** What nobody would notice, and a shared machine adds by itself. */
const UNNOTICED_MS = 20;
const HEAD = "POST /graphql HTTP/1.1\r\nHost: stoa\r\nContent-Type: application/json\r\n";
/** In the storm: seats for live connections on this server, and those of one caller. */
const [SEATS, SEATS_OF_ONE] = [150, 20];
/** Who listens and does not answer is asked every 12 s whether it is there, and gone when it is asked again. */
const LISTENING_MS = 27_000;

const KINDS = {
  "say nothing": () => {},
  "send a head letter by letter": (socket) => trickle(socket, HEAD.repeat(40)),
  "send half a body": (socket) => socket.write(`${HEAD}Content-Length: 1000\r\n\r\n{"query":`),
  "send a body letter by letter": (socket) => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    trickle(socket, "1\r\n \r\n".repeat(400), 6);
  },
  // More than the system's buffers hold.
  "ask much and read nothing": (socket, page) => {
    socket.pause();
    socket.write(`GET ${page} HTTP/1.1\r\nHost: stoa\r\n\r\n`.repeat(40));
  },
};

/** What a WebSocket does once its handshake is answered; from an address of its own, or all from one. */
const LIVE_KINDS = {
  "open a WebSocket and say nothing": { count: 120, within: SENDING_MS, speak: () => {} },
  "open WebSockets from one address": { count: 50, within: SENDING_MS, speak: () => {}, address: "127.0.2.1" },
  "listen and do not answer": {
    count: 80,
    within: LISTENING_MS,
    speak: (socket, product) => {
      socket.write(frame({ type: "connection_init" }));
      const query = "subscription($ids: [ID!]!) { publishedProductChanged(ids: $ids) { productId } }";
      socket.write(frame({ id: "1", type: "subscribe", payload: { query, variables: { ids: [product] } } }));
    },
  },
};

judge(async () => {
  const shop = await demo({ sqlite });
  const server = await serve(shop, { STOA_GRAPHIQL: "true", STOA_LIVE_CONNECTIONS: String(SEATS), STOA_LIVE_CONNECTIONS_OF_ONE: String(SEATS_OF_ONE) });
  const next = () => listing(shop.stores[0]);
  const client = new Client(server.port, 64);
  await openLoop({ client, rate: RATE, seconds: 3, next });
  const clock = [await server.durations("query")];
  const alone = await openLoop({ client, rate: RATE, seconds: 8, next });
  clock.push(await server.durations("query"));
  const page = await largest(server);

  const meanwhile = openLoop({ client, rate: RATE, seconds, next });
  const held = [];
  for (let round = 0; round < EACH; round += 1) {
    held.push(...Object.keys(KINDS).map((kind) => hold(server, kind, page)));
    await sleep(COMING_MS / EACH);
  }
  const open = (await server.metrics()).get("http_connections_open");
  tell("held at once", `${held.length}; the server has ${open} connections open`);
  // A socket that does not read does not notice its end: the server's count of connections tells of those.
  const reading = waitUntil(async () => (await server.metrics()).get("http_connections_open") <= 64 + 2, READING_MS + 10_000);
  const sending = held.filter(({ kind }) => kind !== "ask much and read nothing");
  await Promise.race([Promise.all(sending.map(({ ended }) => ended)), sleep(SENDING_MS + 10_000)]);
  const gone = await reading;
  const beside = await meanwhile;
  clock.push(await server.durations("query"));
  held.forEach(({ socket }) => socket.destroy());

  for (const kind of Object.keys(KINDS).slice(0, -1)) {
    const took = held.filter((one) => one.kind === kind).map(({ state }) => state.took ?? Infinity);
    const [first, last] = [Math.min(...took), Math.max(...took)];
    expect(`who ${kind} is gone within ${SENDING_MS / 1_000} s`, last <= SENDING_MS, `${EACH} closed after ${ms(first)} to ${ms(last)}`);
  }
  expect(`who asks much and reads nothing is gone within ${READING_MS / 1_000} s`, gone <= READING_MS, ms(gone));
  tell("others, before", `${alone}; p50 ${ms(alone.percentile(0.5))}, p99 ${ms(alone.percentile(0.99))}`);
  tell("others, beside them", `${beside}; p50 ${ms(beside.percentile(0.5))}, p99 ${ms(beside.percentile(0.99))}`);
  expect("all others are served", beside.count("served") === beside.entries, String(beside));
  // At the client's own clock answers wait for a client that has 500 other sockets to attend to.
  const usual = clock[1].since(clock[0]).percentile(0.99);
  const [p99, limit] = [clock[2].since(clock[1]).percentile(0.99), Math.max(usual * 2, UNNOTICED_MS)];
  expect("p99 of others, at the server's clock, is less than twice what it was", p99 < limit, `${ms(p99)}, before ${ms(usual)}`);
  await storm(shop, server, client, next, limit);
});

/** All of them in one moment: who finds a seat is gone in time, and who finds none is told to come back. */
async function storm(shop, server, client, next, limit) {
  const product = await firstProduct(server, shop.stores[0]);
  const before = await server.durations("query");
  const until = new AbortController();
  const meanwhile = openLoop({ client, rate: RATE, seconds: 120, next, until: until.signal });
  await sleep(1_000);
  const slow = Object.keys(KINDS).slice(0, -1).flatMap((kind) => Array.from({ length: 63 }, () => hold(server, kind)));
  const live = Object.entries(LIVE_KINDS).flatMap(([kind, { count, speak, address }]) =>
    Array.from({ length: count }, () => shake(server, shop.stores[0], kind, (socket) => speak(socket, product), address)));
  const all = [...slow, ...live];
  await sleep(5_000);
  const [open, sockets] = await server.metrics().then((series) => ["http_connections_open", "graphql_sockets_open"].map((name) => series.get(name)));
  tell("storm", `${all.length} at once; 5 s later the server has ${open} connections and ${sockets} WebSockets open`);
  await Promise.race([Promise.all(all.map(({ ended }) => ended)), sleep(LISTENING_MS + 10_000)]);
  until.abort();
  const beside = await meanwhile;
  const p99 = (await server.durations("query")).since(before).percentile(0.99);
  all.forEach(({ socket }) => socket.destroy());

  const [seated, refused] = [live.filter(({ state }) => state.status === 101), live.filter(({ state }) => state.status !== 101)];
  expect(`storm: ${SEATS} WebSockets find a seat, and ${SEATS_OF_ONE} of one address at the most`,
    seated.length === SEATS && seated.filter(({ kind }) => kind.endsWith("one address")).length <= SEATS_OF_ONE, `${seated.length} do`);
  const told = refused.filter(({ state }) => [429, 503].includes(state.status) && state.retryAfter);
  const statuses = [429, 503].map((status) => `${refused.filter(({ state }) => state.status === status).length} × ${status}`);
  expect("storm: the others are refused with 429 or 503 and Retry-After", told.length === refused.length && refused.length > 0, statuses.join(", "));
  for (const [kind, { within }] of Object.entries(LIVE_KINDS)) {
    const took = seated.filter((one) => one.kind === kind).map(({ state }) => state.took ?? Infinity);
    expect(`storm: who ${kind} is gone within ${within / 1_000} s`, Math.max(0, ...took) <= within,
      took.length > 0 ? `${took.length} closed after ${ms(Math.min(...took))} to ${ms(Math.max(...took))}` : "none had a seat");
  }
  const took = slow.map(({ state }) => state.took ?? Infinity);
  expect(`storm: who sends slowly is gone within ${SENDING_MS / 1_000} s`, Math.max(...took) <= SENDING_MS,
    `${slow.length} closed after ${ms(Math.min(...took))} to ${ms(Math.max(...took))}`);
  tell("storm: others", `${beside}; p50 ${ms(beside.percentile(0.5))}, p99 ${ms(beside.percentile(0.99))}`);
  expect("storm: all others are served", beside.count("served") === beside.entries, String(beside));
  expect("storm: p99 of others, at the server's clock, is less than twice what it was", p99 < limit, `${ms(p99)}, ${ms(limit)} allowed`);
}

async function firstProduct(server, store) {
  const headers = { "Content-Type": "application/json", "X-Store": store.handle };
  const body = JSON.stringify({ query: "{ products(first: 1) { nodes { id } } }" });
  const answer = await fetch(`http://127.0.0.1:${server.port}/graphql`, { method: "POST", headers, body });
  return (await answer.json()).data.products.nodes[0].id;
}

let callers = 0;

/** Asks for a WebSocket, and speaks once it is there. */
function shake(server, store, kind, speak, address) {
  callers += 1;
  const localAddress = address ?? `127.0.1.${callers % 250 + 1}`;
  const [began, state] = [performance.now(), {}];
  const socket = connect({ host: "127.0.0.1", port: server.port, localAddress });
  const ended = new Promise((resolve) => {
    socket.once("close", () => {
      state.took = performance.now() - began;
      resolve();
    });
  });
  socket.on("error", () => {});
  socket.once("connect", () => socket.write("GET /graphql HTTP/1.1\r\nHost: stoa\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nX-Store: ${store.handle}\r\n\r\n`));
  socket.once("data", (answer) => {
    const head = answer.toString("latin1");
    state.status = Number(head.split(" ")[1]);
    state.retryAfter = /^retry-after: /im.test(head);
    if (state.status === 101) {
      speak(socket);
    } else {
      socket.end();
    }
  });
  return { kind, socket, state, ended };
}

/** A message as a client sends it: short, and masked with zeros. */
function frame(message) {
  const text = Buffer.from(JSON.stringify(message));
  const length = text.length < 126 ? [0x80 | text.length] : [0x80 | 126, text.length >> 8, text.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), text]);
}

/** Opens a socket and holds it. */
function hold(server, kind, page) {
  const began = performance.now();
  const socket = connect({ host: "127.0.0.1", port: server.port });
  const state = {};
  const ended = new Promise((resolve) => {
    socket.once("close", () => {
      state.took = performance.now() - began;
      resolve();
    });
  });
  socket.on("error", () => {});
  if (kind !== "ask much and read nothing") {
    socket.resume();
  }
  socket.once("connect", () => KINDS[kind](socket, page));
  return { kind, socket, state, ended };
}

/** Sends a text piece by piece, ten times a second. */
function trickle(socket, text, piece = 1) {
  let at = 0;
  const sending = setInterval(() => socket.write(text.slice(at, (at += piece))), 100);
  socket.once("close", () => clearInterval(sending));
}

/** The largest file of GraphiQL's page. */
async function largest(server) {
  const base = `http://127.0.0.1:${server.port}`;
  const html = await (await fetch(`${base}/graphiql`)).text();
  const paths = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => new URL(path, `${base}/graphiql`).pathname);
  const sizes = await Promise.all(paths.map(async (path) => ({ path, size: (await (await fetch(base + path)).arrayBuffer()).byteLength })));
  return sizes.sort((a, b) => b.size - a.size)[0].path;
}

/** How long it takes until it is so, in milliseconds. */
async function waitUntil(isSo, patience) {
  const began = performance.now();
  while (performance.now() - began < patience) {
    if (await isSo()) {
      return performance.now() - began;
    }
    await sleep(100);
  }
  return Infinity;
}
