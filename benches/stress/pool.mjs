// Fault F17: five connections to the database, 500 clients, and a query that waits for a lock of somebody else.
import { spawn } from "node:child_process";
import { Health } from "./health.mjs";
import { Client, Journal, closedLoop, listing, recovery } from "./load.mjs";
import { demo, keep, serve } from "./server.mjs";
import { expect, judge, ms, options, tell } from "./verdict.mjs";

const { seconds, sqlite } = options(10);
const CLIENTS = 500;
const POOL = 5;
const [ACQUIRE_MS, LOCK_MS] = [2_000, 3_000];
const HEALTH_MS = 50;
/** What scheduling may add where the machine is shared. */
const SLACK_MS = 2_000;

judge(async () => {
  if (sqlite) {
    throw new Error("a lock that readers wait for is PostgreSQL's alone");
  }
  const shop = await demo();
  const server = await serve(shop, {
    STOA_DATABASE_POOL_SIZE: String(POOL),
    STOA_DATABASE_ACQUIRE_TIMEOUT_MS: String(ACQUIRE_MS),
    STOA_DATABASE_LOCK_TIMEOUT_MS: String(LOCK_MS),
    // Every client is let in, so that all of them wait for a connection.
    STOA_OPERATIONS_IN_FLIGHT: String(CLIENTS * 2),
  });
  const next = () => listing(shop.stores[0]);
  const client = new Client(server.port, CLIENTS);
  const unlocked = await closedLoop({ client, callers: POOL, seconds: 2, next });
  tell("before", `${unlocked}, p99 ${ms(unlocked.percentile(0.99))}`);

  const lock = await Lock.take(shop.url, "product_variants");
  const [journal, health] = [new Journal(), new Health(server)];
  await closedLoop({ client, callers: CLIENTS, seconds, next, journal });
  const alive = await health.stop();
  await lock.release();
  const back = await recovery(new Client(server.port, 1), next);
  const after = await closedLoop({ client, callers: POOL, seconds: 2, next });

  tell("while rows are locked", String(journal));
  tell("answers", `p50 ${ms(journal.percentile(0.5))}, p99 ${ms(journal.percentile(0.99))}, slowest ${ms(journal.percentile(1))}`);
  expect("every request is told to come back", journal.count("refused", "busy") === journal.entries, String(journal));
  // Who has a connection waits for the lock after having waited for the connection, and not longer.
  const limit = ACQUIRE_MS + LOCK_MS + SLACK_MS;
  expect("no request waits longer than for a connection and the lock", journal.percentile(1) <= limit, `${ms(journal.percentile(1))}, ${ms(limit)} allowed`);
  const waited = journal.percentile(0.9);
  expect("nine of ten get no connection, and know it within its timeout", waited <= ACQUIRE_MS + SLACK_MS, ms(waited));
  expect(`health answers within ${HEALTH_MS} ms`, alive.p99 <= HEALTH_MS && alive.failed === 0,
    `${alive.times} times, p99 ${ms(alive.p99)}, slowest ${ms(alive.slowest)}, ${alive.failed} failed`);
  expect("served within 2 s of the lock's end", back <= 2_000, ms(back));
  expect("all connections are of use again", after.count("served") === after.entries, String(after));
});

/** A table that somebody else has locked. */
class Lock {
  static async take(url, table) {
    const lock = new Lock();
    lock.psql = keep(spawn("psql", ["--no-psqlrc", "--quiet", "--tuples-only", url], { stdio: ["pipe", "pipe", "inherit"] }));
    const held = new Promise((resolve, reject) => {
      lock.psql.stdout.once("data", resolve);
      lock.psql.once("error", reject);
      lock.psql.once("exit", () => reject(new Error("psql ended")));
    });
    lock.psql.stdin.write(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n`);
    await held;
    return lock;
  }

  async release() {
    const ended = new Promise((resolve) => this.psql.once("exit", resolve));
    this.psql.stdin.end("ROLLBACK;\n");
    await ended;
  }
}
