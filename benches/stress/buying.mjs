// Buyers: what they send, what they are told, and what they do about it.
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How long an answer is waited for, in milliseconds: longer than any limit of the server. */
const PATIENCE_MS = 60_000;
/** How long somebody waits who is told to come back, in milliseconds. */
const COME_BACK_MS = 100;
/** How many carts are filled at a time. */
const AT_ONCE = 8;

const CART = `mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } token userErrors { code message } } }`;
const ADDRESS = `mutation($cartId: ID!, $token: String, $address: AddressInput) {
  cartShippingAddressUpdate(cartId: $cartId, token: $token, address: $address) {
    cart { deliveryGroups { deliveryGroupId options { shippingRateId } } } userErrors { code message } } }`;
const CODES = `mutation($cartId: ID!, $token: String, $codes: [String!]!) {
  cartDiscountCodesUpdate(cartId: $cartId, token: $token, codes: $codes) { userErrors { code message } } }`;
const SHIPPING = `mutation($cartId: ID!, $token: String, $options: [CartShippingChoiceInput!]!) {
  cartShippingOptionsUpdate(cartId: $cartId, token: $token, options: $options) {
    cart { problems { code } pricing { total { amount currencyCode } } } userErrors { code message } } }`;
const CHECKOUT = "checkout { status failure order { number paymentStatus total { amount currencyCode } } }";
const PAY = `mutation($cartId: ID!, $token: String, $input: CheckoutPayInput!) {
  checkoutPay(cartId: $cartId, token: $token, input: $input) { ${CHECKOUT} userErrors { code field } } }`;
const CONFIRM = `mutation($cartId: ID!, $token: String) {
  checkoutConfirm(cartId: $cartId, token: $token) { ${CHECKOUT} userErrors { code field } } }`;
const LOOK = `query($cartId: ID!, $token: String) { ${CHECKOUT.replace("checkout", "checkout(cartId: $cartId, token: $token)")} }`;

const PRODUCT = `mutation($input: ProductCreateInput!) { productCreate(input: $input) { product { id variants { id } } userErrors { code message } } }`;
const PRICES = `mutation($id: ID!, $amount: Decimal!) {
  pricesSet(productId: $id, prices: [{ amount: $amount, currency: EUR }]) { userErrors { code message } } }`;
const STOCK = `mutation($input: InventorySetInput!) { inventorySet(input: $input) { inventoryLevel { id } userErrors { code message } } }`;
const PROMOTION = `mutation($input: PromotionCreateInput!) { promotionCreate(input: $input) { promotion { id } userErrors { code message } } }`;
const CODE = `mutation($input: DiscountCodeCreateInput!) { discountCodeCreate(input: $input) { userErrors { code message } } }`;
const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code message } } }`;

const agent = new Agent({ keepAlive: true, maxFreeSockets: 1_024, timeout: 5_000, scheduling: "fifo" });

/** Sends one operation; never fails: a connection that broke is an answer with `lost`. */
export function post(port, { store, token, query, variables = {} }) {
  const body = JSON.stringify({ query, variables });
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), "X-Store": store };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  return new Promise((resolve) => {
    const began = performance.now();
    const done = (answer) => {
      clearTimeout(patience);
      resolve({ ...answer, took: performance.now() - began });
    };
    const sent = request({ host: "127.0.0.1", port, path: "/graphql", method: "POST", headers, agent });
    const patience = setTimeout(() => sent.destroy(new Error("no answer in time")), PATIENCE_MS);
    const lost = (error) => done({ lost: error.code ?? error.message });
    sent.once("error", lost);
    sent.once("response", (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.once("error", lost);
      answer.once("end", () => {
        try {
          const { data, errors } = JSON.parse(Buffer.concat(parts).toString());
          done({ status: answer.statusCode, data, errors, later: answer.headers["retry-after"] !== undefined });
        } catch {
          done({ lost: `status ${answer.statusCode}, and no JSON` });
        }
      });
    });
    sent.end(body);
  });
}

/** The data of an answer in which nothing is wrong. Who is told to come back does. */
async function must(port, operation) {
  for (;;) {
    const answer = await post(port, operation);
    const fields = Object.values(answer.data ?? {});
    if (answer.status === 200 && !answer.errors && fields.every((field) => !field?.userErrors?.length)) {
      return answer.data;
    }
    if (!answer.later) {
      throw new Error(`${operation.query.slice(0, 60)}…: ${JSON.stringify(answer).slice(0, 500)}`);
    }
    await sleep(COME_BACK_MS);
  }
}

/** A store in which things are sold. */
export class Sale {
  /** The first store of the demo, by the hands of its owner. */
  static async open(shop, port) {
    const sale = new Sale();
    const [{ email, password }] = shop.accounts;
    sale.store = shop.stores[0].handle;
    const { signIn } = await must(port, { store: sale.store, query: SIGN_IN, variables: { input: { email, password } } });
    sale.owner = signIn.session.accessToken;
    const { paymentMethods } = await must(port, { store: sale.store, query: "{ paymentMethods { providerId test } }" });
    sale.provider = paymentMethods.find(({ test }) => test).providerId;
    return sale;
  }

  /** What the owner is told. */
  asOwner(port, query, variables) {
    return must(port, { store: this.store, token: this.owner, query, variables });
  }

  /** A new variant with a price in euros, and so many units of it. */
  async stocked(port, title, amount, units) {
    const input = { title, status: "ACTIVE", publishedAt: "2020-01-01T00:00:00Z", variants: [{ weightGrams: 300 }] };
    const { product } = (await this.asOwner(port, PRODUCT, { input })).productCreate;
    const variant = product.variants[0].id;
    await this.asOwner(port, PRICES, { id: product.id, amount });
    await this.asOwner(port, STOCK, { input: { variantId: variant, onHand: units, ignoreExpected: true } });
    return variant;
  }

  /** How many units there are of a variant, promised to orders, and held for carts. */
  async shelf(port, variant) {
    const query = "query($id: ID!) { productVariant(id: $id) { inventoryItem { onHand available held } } }";
    const { onHand, available, held } = (await this.asOwner(port, query, { id: variant })).productVariant.inventoryItem;
    return { onHand, promised: onHand - available, held };
  }

  /** A code that takes ten per cent off, for so many orders. */
  async code(port, code, usageLimit) {
    const input = { name: code, condition: { codeGiven: true }, action: { order: { percent: "10" } } };
    const { promotion } = (await this.asOwner(port, PROMOTION, { input })).promotionCreate;
    await this.asOwner(port, CODE, { input: { promotionId: promotion.id, code, usageLimit } });
  }

  /** A cart with one unit that can be paid, and what it costs. */
  async cart(port, variant, codes = []) {
    const ask = (query, variables) => must(port, { store: this.store, query, variables });
    const input = { lines: [{ variantId: variant, quantity: 1 }], email: `buyer-${(this.buyers = (this.buyers ?? 0) + 1)}@people.example` };
    const { cart, token } = (await ask(CART, { input })).cartCreate;
    const proof = { cartId: cart.id, token };
    if (codes.length > 0) {
      await ask(CODES, { ...proof, codes });
    }
    const address = { lastName: "Ann", address1: "Main Street 1", city: "Berlin", country: "DE", postalCode: "10115" };
    const [group] = (await ask(ADDRESS, { ...proof, address })).cartShippingAddressUpdate.cart.deliveryGroups;
    const options = [{ deliveryGroupId: group.deliveryGroupId, shippingRateId: group.options[0].shippingRateId }];
    const { pricing } = (await ask(SHIPPING, { ...proof, options })).cartShippingOptionsUpdate.cart;
    return { ...proof, total: pricing.total };
  }

  /** So many of these, filled some at a time. */
  async carts(port, count, variant, codes) {
    const carts = [];
    const fill = async () => {
      while (carts.length < count) {
        const place = carts.push(undefined) - 1;
        carts[place] = await this.cart(port, variant, codes);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, fill));
    return carts;
  }

  /** Pays what a cart costs; tells what came of it. */
  async pay(port, { cartId, token, total }) {
    const input = { total, payment: { providerId: this.provider, token: "tok_approve" } };
    return told("checkoutPay", await post(port, { store: this.store, query: PAY, variables: { cartId, token, input } }));
  }

  /** Asks what became of the payment that is waited for. */
  async confirm(port, { cartId, token }) {
    return told("checkoutConfirm", await post(port, { store: this.store, query: CONFIRM, variables: { cartId, token } }));
  }

  /** Where a cart stands, without asking for anything. */
  async look(port, { cartId, token }) {
    const { checkout } = await must(port, { store: this.store, query: LOOK, variables: { cartId, token } });
    return standing(checkout);
  }

  /** Pays until there is an order or a reason against it: comes back where that is asked for, and looks after a payment that is under way. */
  async settle(port, cart) {
    for (let again = 0; ; again += 1) {
      let outcome = await this.pay(port, cart);
      if (outcome.kind === "refused" && outcome.codes.includes("NOT_ALLOWED")) {
        outcome = await this.confirm(port, cart);
      }
      if (!["later", "paying", "open"].includes(outcome.kind)) {
        return { ...outcome, again };
      }
      await sleep(COME_BACK_MS);
    }
  }
}

/**
 * What an answer says: `ordered`, `paying`, `open` (with the reason why a payment was not made), `refused` with the codes
 * of what is to be mended, `later` for whoever shall come back, `lost`, `failed`.
 */
function told(field, answer) {
  const payload = answer.data?.[field];
  const { took } = answer;
  if (answer.lost) {
    return { kind: "lost", why: answer.lost, took };
  }
  if (payload?.userErrors?.length) {
    return { kind: "refused", codes: payload.userErrors.map(({ code }) => code), took };
  }
  if (payload?.checkout) {
    return { ...standing(payload.checkout), took };
  }
  const code = answer.errors?.[0]?.extensions?.code;
  return answer.later || code === "UNAVAILABLE" ? { kind: "later", took } : { kind: "failed", why: JSON.stringify(answer).slice(0, 300), took };
}

function standing(checkout) {
  const order = checkout?.order;
  if (order) {
    return { kind: "ordered", number: order.number, paid: order.paymentStatus === "PAID", total: order.total };
  }
  return { kind: checkout?.status === "PAYING" ? "paying" : "open", why: checkout?.failure };
}
