// Buys twice in the demo store: once as it should be, and once with a card that is refused first.
//
//   stoa demo            in one terminal
//   npm start            in another one
import assert from "node:assert/strict";
import type { MoneyInput } from "./generated/graphql.js";
import { Storefront, type Cart, type Variant } from "./storefront.js";

const url = process.env.STOA_URL ?? "http://127.0.0.1:8080/graphql";
const store = process.env.STOA_STORE ?? "linden-and-loom";

/** What the test provider takes for a card; real ones make such a token in the buyer's browser. */
const GOOD_CARD = "tok_approve";
const EMPTY_CARD = "tok_decline";

const shop = new Storefront(url, store);
const money = ({ amount, currencyCode }: MoneyInput) => `${amount} ${currencyCode}`;

/** Two things that can be bought now. */
async function browse(): Promise<Variant[]> {
  const products = await shop.products(20);
  console.log(`${products.length} products`);
  const found: Variant[] = [];
  for (const product of products) {
    const variant = product.variants.find(({ availability, price }) => price && availability.status !== "OUT");
    if (!variant?.price) continue;
    console.log(`  ${product.title}, ${variant.title}: ${money(variant.price.amount)}, ${variant.availability.status}`);
    found.push(variant);
    if (found.length === 2) break;
  }
  assert.equal(found.length, 2, "the demo store has something to sell");
  return found;
}

/** Everything up to the button "pay": the cart, and the total that stands on the button. */
async function fill(email: string) {
  const cart = await shop.createCart(await browse(), email);

  const { discountCodes, discount } = await cart.giveCodes(["WELCOME10"]);
  assert.equal(discountCodes[0]?.decision, "APPLIED", discountCodes[0]?.message ?? "");
  console.log(`  WELCOME10: ${money(discount)} off`);

  const groups = await cart.shipTo({
    firstName: "Ann",
    lastName: "Weaver",
    address1: "Main Street 1",
    postalCode: "10115",
    city: "Berlin",
    country: "DE",
  });
  const choices = groups.map(({ deliveryGroupId, options }) => {
    const [option] = options;
    assert.ok(option, "the demo store ships everywhere");
    console.log(`  shipped by ${option.name}: ${money(option.price)}`);
    return { deliveryGroupId, shippingRateId: option.shippingRateId };
  });

  const { shipping, tax, total } = await cart.shipBy(choices);
  console.log(`  shipping ${money(shipping)}, of which and of the goods tax ${money(tax)}: to pay ${money(total)}`);
  return { cart, total };
}

/** Pays with a card that is good, and gets an order. */
async function pay(cart: Cart, total: MoneyInput, provider: string): Promise<number> {
  const { status, order } = await cart.pay(total, provider, GOOD_CARD);
  assert.equal(status, "COMPLETED");
  assert.ok(order);
  assert.equal(order.paymentStatus, "PAID");
  assert.deepEqual(order.total, total, "what was paid is what was shown");
  console.log(`  order ${order.number}: ${money(order.total)}, ${order.paymentStatus}`);
  return order.number;
}

const provider = await shop.testProvider();

console.log("== a purchase");
const first = await fill("ann@people.example");
const number = await pay(first.cart, first.total, provider);
// The answer may get lost on its way. Whoever asks again gets the same order, and pays nothing twice.
assert.equal(await pay(first.cart, first.total, provider), number);

console.log("== a card that is refused, then another one");
const second = await fill("ben@people.example");
const refused = await second.cart.pay(second.total, provider, EMPTY_CARD);
assert.equal(refused.status, "OPEN", "the cart can be paid in another way");
assert.equal(refused.order, null);
console.log(`  refused: ${refused.failure}`);
assert.notEqual(await pay(second.cart, second.total, provider), number);
