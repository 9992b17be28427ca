// Fault F20: two callers send five times what the server can answer, others send what is made to break it, and one
// goes on buying.
//
// The settings are the default ones, but that an address may spend a fifth of what this machine can do. What the good client is held
// against is the same server, as busy as the throttle lets these callers make it by right: what the attack adds to that
// is what has to be kept away. Both are of the server's own clock, since load and server share the machine.
import { connect } from "node:net";
import { request } from "node:http";
import { Health } from "./health.mjs";
import { Client, Journal, closedLoop, listing, openLoop, recovery } from "./load.mjs";
import { demo, serve } from "./server.mjs";
import { expect, judge, mib, ms, options, tell } from "./verdict.mjs";

const { seconds, sqlite } = options(30);
/** Who asks at once to find out what the server can answer. */
const CALLERS = 8;
/** How often what the server can answer is sent, and the part of it that one address may spend. */
const [TIMES, SHARE] = [5, 0.2];
const FLOODERS = ["127.0.3.1", "127.0.3.2"];
/** Hostile requests, and sockets that are held open, each second. */
const [HOSTILE, HELD] = [40, 10];
const GROWTH = 16 << 20;
/** What nobody would notice, and a shared machine adds by itself. */
const UNNOTICED_MS = 20;

const fan = Array.from({ length: 24 }, (_, n) => `fragment F${n} on Product { ...F${n + 1} ...F${n + 1} }`).join(" ");
const document = (query, variables = {}) => JSON.stringify({ query, variables });
/** What is made to break a server. None of it may be answered with data. */
const ATTACKS = {
  "fragments that fan out": document(`{ products { nodes { ...F0 } } } ${fan} fragment F24 on Product { id }`),
  "a literal nested deep": document(`{ products(filter: ${"{a:".repeat(5_000)}1${"}".repeat(5_000)}) { totalCount } }`),
  "variables nested deep": `{"query":"{ __typename }","variables":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`,
  "ten thousand aliases": document(`{ ${Array.from({ length: 10_000 }, (_, n) => `a${n}: __typename`).join(" ")} }`),
  "ten thousand directives": document(`{ __typename ${"@skip(if: false) ".repeat(10_000)} }`),
  "a page of a million": document("{ products(first: 1000000) { nodes { id } } }"),
  "a batch of a thousand": `[${Array(1_000).fill('{"query":"{ __typename }"}').join(",")}]`,
  "a body over the limit": document(`{ __typename } # ${"x".repeat(300_000)}`),
  "a cycle of fragments": document("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"),
  "a document that never ends": document(`{ products(filter: { title: """${"x".repeat(10_000)}`),
  "no GraphQL": document("\u0000".repeat(1_000)),
  "a guessed password": document('mutation { signIn(input: { email: "owner@demo.example", password: "guess guess guess" }) { session { accessToken } userErrors { code } } }'),
};

judge(async () => {
  const shop = await demo({ sqlite });
  const next = () => listing(shop.stores[0]);
  const { capacity, cost } = await measured(await serve(shop), next);
  const restore = Math.max(1, Math.round(capacity * SHARE * cost));
  const server = await serve(shop, {
    STOA_THROTTLE: "true",
    STOA_THROTTLE_ANONYMOUS_RESTORE: String(restore),
    STOA_THROTTLE_ANONYMOUS_MAXIMUM: String(Math.max(restore, 2_000)),
  });
  const [good, flood] = [new Client(server.port, 4), new Client(server.port, 300, FLOODERS)];
  const rate = (capacity * SHARE) / 2;
  tell("the server", `${Math.round(capacity)} listings a second, ${cost} objects each; an address may have ${Math.round(capacity * SHARE)} of them`);
  await openLoop({ client: good, rate, seconds: 3, next });

  const clock = [await server.durations("query")];
  const byRight = capacity * SHARE * 0.9 * FLOODERS.length;
  const [before, honest] = await Promise.all([
    openLoop({ client: good, rate, seconds: 10, next }),
    openLoop({ client: flood, rate: byRight, seconds: 10, next }),
  ]);
  clock.push(await server.durations("query"));
  tell("busy by right", `${Math.round(byRight + rate)} requests a second: good client ${before}, p99 ${ms(before.percentile(0.99))}; others ${honest}`);

  const [journal, flooded, health, memory] = [new Journal(), new Journal(), new Health(server), []];
  const sampling = setInterval(() => memory.push(server.memory()), 250);
  const attack = new Attack(server);
  await Promise.all([
    openLoop({ client: good, rate, seconds, next, journal }),
    openLoop({ client: flood, rate: capacity * TIMES, seconds, next, journal: flooded }),
  ]);
  clearInterval(sampling);
  const alive = await health.stop();
  const seen = await attack.end();
  clock.push(await server.durations("query"));
  flood.close();
  const back = await recovery(good, next, { within: Math.max(before.percentile(0.99) * 2, UNNOTICED_MS) });

  tell("attack", `${Math.round(capacity * TIMES)} requests a second for ${seconds} s: ${flooded}`);
  tell("beside it", `${seen.asked} hostile requests, ${seen.held} sockets held; answers ${seen}`);
  tell("good client", `${journal}; p50 ${ms(journal.percentile(0.5))}, p99 ${ms(journal.percentile(0.99))}, as it sees it`);
  tell("health", `p99 ${ms(alive.p99)}, slowest ${ms(alive.slowest)}, ${alive.failed} failed`);
  expect("the good client is served, each time", journal.count("served") === journal.entries, String(journal));
  const usual = clock[1].since(clock[0]).percentile(0.99);
  const [p99, limit] = [clock[2].since(clock[1]).percentile(0.99), Math.max(usual * 2, UNNOTICED_MS)];
  expect("p99 of what is admitted is less than twice what it was", p99 < limit, `${ms(p99)}, before ${ms(usual)}`);
  expect("the flood is served or told to come back",
    flooded.count("served", "refused", "busy") === flooded.entries && flooded.count("refused") > 0, String(flooded));
  expect("nothing hostile is answered with data or breaks the server", seen.wrong.size === 0, [...seen.wrong].join(", ") || `${seen.asked} tried`);
  const third = Math.floor(memory.length / 3);
  const growth = Math.max(...memory.slice(-third)) - Math.max(...memory.slice(0, third));
  expect("memory does not grow from the first third to the last", growth <= GROWTH, `${mib(growth)}, at the most ${mib(Math.max(...memory))}`);
  expect("back to normal within 2 s", back <= 2_000, ms(back));
});

/** How many listings a second a full server answers, and what one costs. */
async function measured(server, next) {
  const client = new Client(server.port, CALLERS);
  await closedLoop({ client, callers: CALLERS, seconds: 3, next });
  const full = await closedLoop({ client, callers: CALLERS, seconds: 6, next });
  const { store, query, variables } = next();
  const headers = { "Content-Type": "application/json", "X-Store": store };
  const answer = await fetch(`http://127.0.0.1:${server.port}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { extensions } = await answer.json();
  client.close();
  await server.stop();
  return { capacity: full.count("served") / 6, cost: extensions.cost.actual };
}

/** All attacks in turn, each from another address, and sockets that are held, until its end. */
class Attack {
  constructor(server) {
    Object.assign(this, { server, asked: 0, held: 0, statuses: new Map(), wrong: new Set(), sockets: new Set(), open: new Set() });
    this.timers = [setInterval(() => this.#ask(), 1_000 / HOSTILE), setInterval(() => this.#hold(), 1_000 / HELD)];
  }

  async end() {
    this.timers.forEach(clearInterval);
    await Promise.all(this.open);
    this.sockets.forEach((socket) => socket.destroy());
    return this;
  }

  toString() {
    return [...this.statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
  }

  #ask() {
    const names = Object.keys(ATTACKS);
    const name = names[this.asked % names.length];
    const localAddress = `127.0.4.${1 + (this.asked++ % 250)}`;
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(ATTACKS[name]) };
    const asking = new Promise((resolve) => {
      const options = { host: "127.0.0.1", port: this.server.port, localAddress, path: "/graphql", method: "POST", headers, agent: false };
      const sent = request(options, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.once("error", () => resolve("closed"));
        answer.once("end", () => {
          const text = Buffer.concat(parts).toString();
          if (answer.statusCode >= 500 && answer.statusCode !== 503) {
            this.wrong.add(`${name}: ${answer.statusCode}`);
          } else if (!text.includes('"errors":[') && !text.includes('"userErrors":[{')) {
            this.wrong.add(`${name}: ${text.slice(0, 100)}`);
          }
          resolve(answer.statusCode);
        });
      });
      // A server need not read a body to its end before it closes.
      sent.once("error", () => resolve("closed"));
      sent.end(ATTACKS[name]);
    }).then((status) => {
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      this.open.delete(asking);
    });
    this.open.add(asking);
  }

  #hold() {
    this.held += 1;
    const socket = connect({ host: "127.0.0.1", port: this.server.port, localAddress: `127.0.5.${1 + (this.held % 250)}` });
    socket.on("error", () => {});
    socket.once("connect", () => socket.write('POST /graphql HTTP/1.1\r\nHost: stoa\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"query":'));
    socket.once("close", () => this.sockets.delete(socket));
    socket.resume();
    this.sockets.add(socket);
  }
}
