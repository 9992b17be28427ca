// Promise P22, fault F20: five times more requests come than the server can answer.
//
// Admitted ones are held against the same server filled exactly to its limit, which is the most that it lets in: what
// overload adds to that is what shedding is there to keep away. The time of an unloaded one is told beside it. Both are
// of the server's own clock: at the client's, answers wait for a client that is busy with refusals.
import { Client, Journal, closedLoop, listing, openLoop, recovery } from "./load.mjs";
import { demo, serve } from "./server.mjs";
import { expect, judge, mib, ms, options, tell } from "./verdict.mjs";

const { seconds, sqlite } = options(20);
/** Operations that run at once: what a machine of two cores is busy with. */
const IN_FLIGHT = 8;
const REFUSED_WITHIN_MS = 5;
const GROWTH = 16 << 20;

judge(async () => {
  const shop = await demo({ sqlite });
  const server = await serve(shop, { STOA_OPERATIONS_IN_FLIGHT: String(IN_FLIGHT) });
  const next = () => listing(shop.stores[0]);
  const one = new Client(server.port, 1);
  const few = new Client(server.port, IN_FLIGHT);
  await closedLoop({ client: few, callers: IN_FLIGHT, seconds: 3, next });
  const unloaded = await closedLoop({ client: one, callers: 1, seconds: 4, next });
  const before = await server.durations("query");
  const full = await closedLoop({ client: few, callers: IN_FLIGHT, seconds: 6, next });
  const filled = await server.durations("query");
  const capacity = full.count("served") / 6;
  tell("unloaded", `p50 ${ms(unloaded.percentile(0.5))}, p99 ${ms(unloaded.percentile(0.99))}`);
  tell("filled to its limit", `${Math.round(capacity)} requests a second, p50 ${ms(full.percentile(0.5))}, p99 ${ms(full.percentile(0.99))}`);

  const journal = new Journal();
  const many = new Client(server.port, 600);
  const rate = capacity * 5;
  const memory = [];
  const sampling = setInterval(() => memory.push(server.memory()), 250);
  await openLoop({ client: many, rate, seconds, next, journal });
  clearInterval(sampling);
  const [admissions, refusals] = [(await server.durations("query")).since(filled), await server.durations("unknown")];
  const back = await recovery(one, next, { within: Math.max(unloaded.percentile(0.99) * 2, 10) });
  many.close();

  const [admitted, refused] = [journal.count("served"), journal.count("refused")];
  tell("overload", `${Math.round(rate)} requests a second for ${seconds} s: ${journal}`);
  tell("answered", `${Math.round(admitted / seconds)} a second; admitted p50 ${ms(journal.percentile(0.5, "served"))}, ` +
    `p99 ${ms(journal.percentile(0.99, "served"))}, refused p50 ${ms(journal.percentile(0.5, "refused"))}, as the client sees it`);
  const [p99, limit] = [admissions.percentile(0.99), filled.since(before).percentile(0.99) * 2];
  expect("p99 of admitted requests is at most twice that of a full server", p99 <= limit, `${ms(p99)}, ${ms(limit)} allowed`);
  expect("whoever is not admitted is refused with 429 or 503 and Retry-After", admitted + refused === journal.entries && refused > 0,
    `${refused} refused, ${journal.entries - admitted - refused} otherwise`);
  const quick = refusals.within(REFUSED_WITHIN_MS);
  expect(`99 % of refusals take the server less than ${REFUSED_WITHIN_MS} ms`, quick >= 0.99, `${(quick * 100).toFixed(2)} % of ${refusals.count}`);
  const third = Math.floor(memory.length / 3);
  const growth = Math.max(...memory.slice(-third)) - Math.max(...memory.slice(0, third));
  expect("memory does not grow from the first third to the last", growth <= GROWTH, `${mib(growth)}, at the most ${mib(Math.max(...memory))}`);
  expect("back to normal within 2 s", back <= 2_000, ms(back));
});
