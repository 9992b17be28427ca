// One buyer's way from the shelves to an order, a method a step.
import { GraphQLClient, type RequestDocument, type Variables } from "graphql-request";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import * as documents from "./documents.js";
import type { AddressInput, MoneyInput, ProductsQuery } from "./generated/graphql.js";

type Product = NonNullable<ProductsQuery["products"]>["nodes"][number];
export type Variant = Product["variants"][number];

/** What a buyer can mend: `code` is what a storefront branches on, `message` what it may show. */
export class Refused extends Error {
  constructor(readonly code: string, message: string) {
    super(`${code}: ${message}`);
  }
}

/** Throws where the document is not taken, or the server can't answer it: that is nothing a buyer can mend. */
type Ask = <Answer, Asked extends Variables>(document: TypedDocumentNode<Answer, Asked>, variables: Asked) => Promise<Answer>;

export class Storefront {
  readonly #ask: Ask;

  /** Nobody signs in: the store's handle is all that a visitor needs. */
  constructor(url: string, store: string) {
    const client = new GraphQLClient(url, { headers: { "X-Store": store } });
    // Variables are there whatever they are, which the client's own types can't say of all documents at once.
    this.#ask = (document, variables) => client.request(document as RequestDocument, variables as Variables);
  }

  async products(first: number): Promise<Product[]> {
    const { products } = await this.#ask(documents.Products, { first });
    return products?.nodes ?? [];
  }

  /** The first way to pay that moves no money. */
  async testProvider(): Promise<string> {
    const { paymentMethods } = await this.#ask(documents.PaymentMethods, {});
    const found = paymentMethods?.find(({ test }) => test);
    if (!found) throw new Error("this store has no test provider: is it the demo?");
    return found.providerId;
  }

  async createCart(variants: Variant[], email: string): Promise<Cart> {
    const lines = variants.map(({ id }) => ({ variantId: id, quantity: 1 }));
    const { cartCreate } = await this.#ask(documents.CartCreate, { input: { lines, email } });
    const { cart, token } = done(cartCreate);
    // The secret is shown this once. A storefront keeps it where the visitor's browser sends it back from.
    if (!cart || !token) throw new Error("no cart, and nothing to mend");
    return new Cart(this.#ask, { cartId: cart.id, token });
  }
}

/** A cart, with the secret that proves it. */
export class Cart {
  constructor(private readonly ask: Ask, private readonly proof: { cartId: string; token: string }) {}

  /** Gives codes, and says what came of each and what they take off. */
  async giveCodes(codes: string[]) {
    const { cartDiscountCodesUpdate } = await this.ask(documents.CodesUpdate, { ...this.proof, codes });
    return here(done(cartDiscountCodesUpdate).cart).pricing;
  }

  /** Says where it goes to, and how it can be sent there. */
  async shipTo(address: AddressInput) {
    const { cartShippingAddressUpdate } = await this.ask(documents.AddressUpdate, { ...this.proof, address });
    return here(done(cartShippingAddressUpdate).cart).deliveryGroups;
  }

  /** Chooses how each part is sent. From here on the total is the one to pay. */
  async shipBy(options: { deliveryGroupId: string; shippingRateId: string }[]) {
    const { cartShippingOptionsUpdate } = await this.ask(documents.ShippingUpdate, { ...this.proof, options });
    const { problems, pricing } = here(done(cartShippingOptionsUpdate).cart);
    const [problem] = problems;
    if (problem) throw new Refused(problem.code, problem.message);
    return pricing;
  }

  /**
   * Pays the total that the buyer was shown; where it is another one by now, nothing happens and it says so.
   * May be asked again at any time, after an answer that was lost, too: it makes one order and no second one.
   */
  async pay(total: MoneyInput, providerId: string, card: string) {
    const input = { total, payment: { providerId, token: card } };
    const { checkoutPay } = await this.ask(documents.Pay, { ...this.proof, input });
    return here(done(checkoutPay).checkout);
  }
}

/** A payload in which there is nothing to mend. */
function done<Payload extends { userErrors: { code: string; message: string }[] }>(payload: Payload | null | undefined): Payload {
  const [error] = here(payload).userErrors;
  if (error) throw new Refused(error.code, error.message);
  return here(payload);
}

/** A field can be null only beside an error at the top, which the client has thrown already. */
function here<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("the answer leaves out what it says is there");
  return value;
}
