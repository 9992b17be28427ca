// Promise P11, fault F08: the server is killed (SIGKILL) at any moment of a sale, twenty times, and started again.
//
// What was promised stands in the journal of the buyers, who know no more than what they were told. Half of those who pay
// when the server dies come back and ask; the others never do, and are left to the worker.
import { setTimeout as sleep } from "node:timers/promises";
import { Sale } from "./buying.mjs";
import { demo, invariants, serve } from "./server.mjs";
import { expect, judge, ms, options, tell } from "./verdict.mjs";

const { sqlite, rounds } = options(60, 20);
const BUYERS = 8;
/** How many have an order before the server is killed, in each round. */
const LEAST = 20;
/** How many carts are filled for a round, and how long the sale goes on at the most after so many have an order. */
const [CARTS, LINGER_MS] = [80, 250];
const READY_MS = 2_000;
/** How long the worker has, in milliseconds: a payment is asked after from one minute on. */
const SETTLED_MS = 300_000;

judge(async () => {
  const shop = await demo({ sqlite });
  const server = await serve(shop, { STOA_WORKER_INTERVAL_MS: "500", STOA_PAYMENTS_ASK_AFTER_MINUTES: "1" });
  const { port } = server;
  const sale = await Sale.open(shop, port);
  const units = rounds * CARTS * 2;
  const variant = await sale.stocked(port, "Mug", "5.00", units);
  const [told, left, ready, broken] = [[], [], [], []];
  let [cut, uncut, back, lost] = [0, 0, 0, []];
  for (let round = 1; round <= rounds; round += 1) {
    const carts = await sale.carts(port, CARTS, variant);
    const known = [];
    const paying = new Set();
    const buyer = async () => {
      for (let cart = carts.pop(); cart; cart = carts.pop()) {
        paying.add(cart);
        const outcome = await sale.pay(port, cart);
        if (outcome.kind === "lost") {
          return;
        }
        paying.delete(cart);
        known.push({ cart, outcome });
      }
    };
    const buyers = Array.from({ length: BUYERS }, buyer);
    while (known.length < LEAST) {
      await sleep(1);
    }
    await sleep(Math.random() * LINGER_MS);
    while (paying.size === 0 && carts.length > 0) {
      await sleep(0);
    }
    const cutOff = paying.size;
    server.child.kill("SIGKILL");
    await Promise.all([server.ended, ...buyers]);
    const began = performance.now();
    await server.start("serve");
    ready.push(performance.now() - began);

    cut += cutOff;
    uncut += cutOff === 0 ? 1 : 0;
    for (const { cart, outcome } of known) {
      if (outcome.kind === "ordered") {
        told.push({ cart, number: outcome.number });
        const seen = await sale.look(port, cart);
        if (seen.kind !== "ordered" || seen.number !== outcome.number || !seen.paid || seen.total.amount !== cart.total.amount) {
          lost.push({ round, outcome, seen });
        }
      } else if (outcome.kind !== "later") {
        broken.push(outcome);
      }
    }
    for (const [place, cart] of [...paying].entries()) {
      if (place % 2 === 0) {
        const outcome = await sale.settle(port, cart);
        back += 1;
        if (outcome.kind === "ordered" && outcome.paid) {
          told.push({ cart, number: outcome.number });
        } else {
          broken.push(outcome);
        }
      } else {
        left.push(cart);
      }
    }
    const { held, text } = await invariants(shop);
    if (!held) {
      broken.push({ round, text });
    }
  }

  const [waited, began] = [[...left], performance.now()];
  const ended = { ordered: 0, open: 0 };
  while (waited.length > 0 && performance.now() - began < SETTLED_MS) {
    const [cart] = waited;
    const { kind } = await sale.look(port, cart);
    if (kind === "paying") {
      await sleep(500);
      continue;
    }
    ended[kind] += 1;
    waited.shift();
  }
  const took = performance.now() - began;
  const orders = told.length + ended.ordered;
  const found = await everything(sale, port);

  tell(`${rounds} rounds`, `${told.length} orders that somebody was told of; ${cut} payments cut off, of whom ${back} came back`);
  expect("every kill meets a payment", uncut === 0, `${uncut} did not`);
  expect("no order is lost that somebody was told of", lost.length === 0, JSON.stringify(lost.slice(0, 3)));
  expect("ready again within 2 s", Math.max(...ready) < READY_MS, `slowest ${ms(Math.max(...ready))}`);
  expect("who comes back has an order, and nothing odd is told", broken.length === 0, JSON.stringify(broken.slice(0, 3)));
  expect("what nobody comes back for ends by itself", waited.length === 0,
    `${ended.ordered} orders, ${ended.open} open carts, ${waited.length} under way, after ${ms(took)}`);
  expect("there is one order for each who has one", found.orders === orders && found.numbers === orders, `${found.orders} orders, ${orders} known`);
  expect("no money without an order", found.homeless === 0 && found.paid === orders, `${found.paid} payments of ${orders} orders, ${found.homeless} of none`);
  expect("no order without money", found.unpaid === 0, `${found.unpaid}`);
  const shelf = await sale.shelf(port, variant);
  expect("what is promised is what was ordered, and nothing is held",
    shelf.onHand === units && shelf.promised === orders && shelf.held === 0, JSON.stringify(shelf));
  const { held, text } = await invariants(shop);
  expect("every invariant holds", held, text);
});

/** All orders and payments there are, as the owner sees them. */
async function everything(sale, port) {
  const pages = async (field, nodes) => {
    const all = [];
    for (let after = null; ; ) {
      const query = `query($after: String) { ${field}(first: 100, after: $after) { nodes { ${nodes} } pageInfo { hasNextPage endCursor } } }`;
      const page = (await sale.asOwner(port, query, { after }))[field];
      all.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) {
        return all;
      }
      after = page.pageInfo.endCursor;
    }
  };
  const orders = await pages("orders", "number paymentStatus");
  const payments = (await pages("payments", "orderId captured { amount } refunded { amount }"))
    .filter(({ captured, refunded }) => captured.amount !== refunded.amount);
  return {
    orders: orders.length,
    numbers: new Set(orders.map(({ number }) => number)).size,
    unpaid: orders.filter(({ paymentStatus }) => paymentStatus !== "PAID").length,
    paid: payments.length,
    homeless: payments.filter(({ orderId }) => orderId === null).length,
  };
}
