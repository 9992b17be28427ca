// Promise P24, fault F18: the database gets slow, then slower than anybody waits, then goes away, then loses packets;
// after each of these it is back. Connections that are forgotten while they rest cost nobody an answer; and told to
// stop while the database is silent, the process ends.
import { setTimeout as sleep } from "node:timers/promises";
import { Health } from "./health.mjs";
import { Client, Journal, closedLoop, listing, openLoop, recovery } from "./load.mjs";
import { Wire } from "./proxy.mjs";
import { demo, serve } from "./server.mjs";
import { expect, judge, mib, ms, options, tell } from "./verdict.mjs";

const { seconds, sqlite } = options(40);
const RATE = 60;
const POOL = 10;
const HEALTH_MS = 50;
const RECOVERY_MS = 2_000;
const GROWTH = 24 << 20;
const EXIT_MS = 25_000;
/** How long connections rest before they are forgotten: longer than one is believed to live. */
const REST_MS = 1_500;
/** Acquire (2 s) comes before an operation's own limit (10 s); what the machine may add. */
const LONGEST_MS = 13_000;

judge(async () => {
  if (sqlite) {
    throw new Error("a file has no wire");
  }
  const shop = await demo();
  const { hostname, port } = new URL(shop.url);
  const wire = await new Wire({ host: hostname, port: Number(port) }).open();
  const server = await serve({ ...shop, url: Object.assign(new URL(shop.url), { port: wire.port }).href }, {
    STOA_DATABASE_POOL_SIZE: String(POOL),
  });
  const client = new Client(server.port);
  const next = () => listing(shop.stores[0]);
  const probe = new Client(server.port, 1);

  /** Loads the server while `trouble` holds, ends it, and judges. */
  const phase = async (name, trouble, mend) => {
    const before = server.memory();
    const [journal, health] = [new Journal(), new Health(server)];
    // All connections to the database are open, and busy.
    await closedLoop({ client, callers: POOL * 2, seconds: 1, next });
    trouble();
    await openLoop({ client, rate: RATE, seconds: seconds / 5, next, journal });
    const alive = await health.stop();
    const growth = server.memory() - before;
    mend();
    const back = await recovery(probe, next);
    tell(name, `${journal}; slowest ${ms(journal.percentile(1))}`);
    expect(`${name}: health answers within ${HEALTH_MS} ms`, alive.p99 <= HEALTH_MS && alive.failed === 0,
      `${alive.times} times, p99 ${ms(alive.p99)}, slowest ${ms(alive.slowest)}, ${alive.failed} failed`);
    expect(`${name}: each request is served or told to come back, in time`,
      journal.count("failed", "lost") === 0 && journal.percentile(1) <= LONGEST_MS, `${ms(journal.percentile(1))}`);
    expect(`${name}: memory stays`, growth <= GROWTH, mib(growth));
    expect(`${name}: served within ${RECOVERY_MS / 1_000} s of its end`, back <= RECOVERY_MS, ms(back));
    await sleep(500);
  };

  await openLoop({ client, rate: RATE, seconds: 3, next });
  await phase("200 ms slower", () => wire.slow(200), () => wire.slow(0));
  await phase("5 s slower", () => wire.slow(5_000), () => wire.slow(0));
  await phase("away", () => wire.cut(true), () => (wire.refusing = false));
  // As after a switch to another server: what was open answers no more, and is not closed either; new ones are good.
  await phase("silent", () => wire.silence(), () => {});
  await phase("all silent", () => wire.silence(true), () => (wire.silent = false));

  await closedLoop({ client, callers: POOL * 2, seconds: 1, next });
  await sleep(REST_MS);
  wire.silence();
  const woken = await Promise.all(Array.from({ length: POOL }, () => client.send(next())));
  const slowest = Math.max(...woken.map(({ took }) => took));
  expect(`forgotten while at rest: the next ${POOL} requests are served within ${RECOVERY_MS / 1_000} s`,
    woken.every(({ kind }) => kind === "served") && slowest <= RECOVERY_MS, ms(slowest));

  const last = openLoop({ client, rate: RATE, seconds: 3, next });
  await sleep(1_000);
  wire.silence(true);
  await sleep(1_000);
  const { code, took } = await server.stop();
  expect(`told to stop while all is silent: ends by itself within ${EXIT_MS / 1_000} s`, code === 0 && took <= EXIT_MS, ms(took));
  client.close();
  await last;
});
