// Promises P05 and P06, faults F01 to F03: 200 buyers pay at the same moment for 50 units, and 100 for a code that one of them may
// use. On PostgreSQL they come to two nodes, half of them to each, or with --one-node to one.
//
// Who is told to come back comes back, and who does not know what became of a payment asks: at the end each has an order or
// a reason.
import { Sale } from "./buying.mjs";
import { percentile } from "./load.mjs";
import { demo, invariants, serve } from "./server.mjs";
import { expect, judge, ms, options, tell } from "./verdict.mjs";

const { sqlite, rounds, oneNode } = options(60, 10);
const [BUYERS, UNITS] = [200, 50];
const SHOPPERS = 100;

judge(async () => {
  const shop = await demo({ sqlite });
  const nodes = [await serve(shop)];
  if (!sqlite && !oneNode) {
    nodes.push(await serve(shop));
  }
  const [{ port }] = nodes;
  const sale = await Sale.open(shop, port);
  const ports = nodes.map((node) => node.port);
  const seen = { sold: [], refused: [], other: [], used: [], shelves: [], again: 0, took: [], storms: [] };
  for (let round = 1; round <= rounds; round += 1) {
    const variant = await sale.stocked(port, `Mug ${round}`, "5.00", UNITS);
    const answers = await storm(sale, ports, await sale.carts(port, BUYERS, variant), seen);
    const sold = answers.filter(({ kind, paid }) => kind === "ordered" && paid);
    const refused = answers.filter(({ kind, codes }) => kind === "refused" && codes.join() === "OUT_OF_STOCK");
    seen.sold.push(new Set(sold.map(({ number }) => number)).size);
    seen.refused.push(refused.length);
    seen.other.push(...answers.filter((answer) => !sold.includes(answer) && !refused.includes(answer)));
    seen.shelves.push(await sale.shelf(port, variant));

    const code = `ONCE${round}`;
    await sale.code(port, code, 1);
    const plenty = await sale.stocked(port, `Bowl ${round}`, "10.00", SHOPPERS * 2);
    const given = await storm(sale, ports, await sale.carts(port, SHOPPERS, plenty, [code]), seen);
    seen.used.push(given.filter(({ kind }) => kind === "ordered").length);
    // Who comes after it was used up is told so, or of the price without it.
    const told = (codes) => codes.every((code) => ["CODE_USED_UP", "PRICE_CHANGED"].includes(code));
    seen.other.push(...given.filter(({ kind, codes }) => kind !== "ordered" && !(kind === "refused" && told(codes))));
  }

  const all = (list, wanted) => list.every((count) => count === wanted);
  tell(`${rounds} rounds at ${nodes.length === 1 ? "one node" : "two nodes"}`,
    `a storm takes ${ms(percentile(seen.storms, 0.5))}, the longest ${ms(Math.max(...seen.storms))}; ${seen.again} times somebody was told to come back`);
  tell("a buyer has the answer after", `p50 ${ms(percentile(seen.took, 0.5))}, p99 ${ms(percentile(seen.took, 0.99))}`);
  expect(`of ${BUYERS} buyers of ${UNITS} units, ${UNITS} have an order`, all(seen.sold, UNITS), [...new Set(seen.sold)].join(", "));
  expect("the others are told that nothing is left", all(seen.refused, BUYERS - UNITS), [...new Set(seen.refused)].join(", "));
  expect("nothing else happens", seen.other.length === 0, JSON.stringify(seen.other.slice(0, 3)));
  expect("all is promised, and nothing is held for nobody",
    seen.shelves.every(({ onHand, promised, held }) => onHand === UNITS && promised === UNITS && held === 0), JSON.stringify(seen.shelves.at(-1)));
  expect(`of ${SHOPPERS} who give a code for one use, one uses it`, all(seen.used, 1), [...new Set(seen.used)].join(", "));
  const { held, text } = await invariants(shop);
  expect("every invariant holds", held, text);
});

/** All pay at the same moment, at the nodes in turn. */
async function storm(sale, ports, carts, seen) {
  const began = performance.now();
  const answers = await Promise.all(carts.map(async (cart, place) => {
    const answer = await sale.settle(ports[place % ports.length], cart);
    seen.took.push(performance.now() - began);
    seen.again += answer.again;
    return answer;
  }));
  seen.storms.push(performance.now() - began);
  return answers;
}
