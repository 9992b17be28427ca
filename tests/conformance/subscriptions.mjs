// Subscribes with the npm clients graphql-ws and graphql-sse to a running server, changes something, and hears of it.
//
//   node tests/conformance/subscriptions.mjs http://127.0.0.1:8080/graphql [address of another node's]
//
// With another node over the same database, one listens on each of them, and both hear what one of them wrote.
// Signs up, makes a store and products of its own: for a server whose data nobody needs.
import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";

const [url, otherUrl] = process.argv.slice(2);
if (!url) {
  console.error("usage: node subscriptions.mjs <address of the GraphQL endpoint> [<that of another node>]");
  process.exit(2);
}
const PATIENCE_MS = 20_000;
const CHANGED = "subscription { productChanged { topic sequence product { title } } }";
const CREATE = "mutation($title: String!) { productCreate(input: { title: $title }) { product { id title } userErrors { message } } }";

async function post(query, variables, headers = {}, address = url) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = await response.json();
  const failed = body.errors ?? Object.values(body.data).flatMap((field) => field?.userErrors ?? []);
  if (failed.length > 0) throw new Error(JSON.stringify(failed));
  return body.data;
}

// A merchant with a store.
const word = Math.random().toString(36).slice(2, 10);
const account = { email: `${word}@people.example`, password: `correct horse ${Math.random().toString(36).slice(2)} staple` };
await post("mutation($input: SignUpInput!) { signUp(input: $input) { userErrors { message } } }", { input: { ...account, name: "Ada" } });
const signIn = "mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { message } } }";
const { signIn: { session } } = await post(signIn, { input: account });
const person = { Authorization: `Bearer ${session.accessToken}` };
const organize = "mutation($input: OrganizationCreateInput!) { organizationCreate(input: $input) { organization { id } userErrors { message } } }";
const { organizationCreate: { organization } } = await post(organize, { input: { name: "Ada", handle: `ada-${word}` } }, person);
const open = "mutation($organizationId: ID!, $input: StoreCreateInput!) { storeCreate(organizationId: $organizationId, input: $input) { store { handle } userErrors { message } } }";
const { storeCreate: { store } } = await post(open, { organizationId: organization.id, input: { name: "Ada", handle: `shop-${word}`, currency: "EUR", locale: "en" } }, person);
const headers = { ...person, "X-Store": store.handle };

const within = (promise, what) =>
  Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error(`${what}: nothing in time`)), PATIENCE_MS).unref())]);
let failed = 0;
let made = 0;
// No two products have one slug, which is made of the title.
const fresh = (title) => `${title} ${(made += 1)}`;

async function check(name, story) {
  try {
    await within(story(), name);
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    const shown = Array.isArray(error) ? JSON.stringify(error) : (error?.message ?? JSON.stringify(error));
    console.log(`failed: ${name}\n    ${shown}`);
  }
}

function equal(seen, expected) {
  const [one, other] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${one} is not ${other}`);
}

// The client does not say when a subscription has begun, so that something is changed until it is heard.
async function hear(client) {
  const events = client.iterate({ query: CHANGED });
  const next = events.next();
  let heard = false;
  next.finally(() => (heard = true)).catch(() => {});
  while (!heard) {
    await post(CREATE, { title: fresh("Oak") }, headers);
    await new Promise((done) => setTimeout(done, 50));
  }
  const { value } = await next;
  equal([value.errors, value.data.productChanged.topic, value.data.productChanged.sequence], [undefined, "CREATED", 1]);
  await events.return();
}

async function single(client, query, variables) {
  for await (const result of client.iterate({ query, variables })) return result;
}

function ws(options = {}) {
  return createWs({ url: url.replace(/^http/, "ws"), webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0, ...options });
}

function sse(options = {}) {
  return createSse({ url, headers, retryAttempts: 0, ...options });
}

for (const [name, make] of [["graphql-ws", ws], ["graphql-sse", sse]]) {
  await check(`${name}: an event is heard`, async () => {
    const client = make();
    await hear(client);
    client.dispose();
  });
  await check(`${name}: a query and a mutation are answered`, async () => {
    const client = make();
    const title = fresh("Elm");
    const created = await single(client, CREATE, { title });
    equal(created.data.productCreate.product.title, title);
    const { data } = await single(client, "query($id: ID!) { product(id: $id) { title } }", { id: created.data.productCreate.product.id });
    equal(data, { product: { title } });
    client.dispose();
  });
  await check(`${name}: an error of validation is told`, async () => {
    const client = make();
    const errors = await single(client, "subscription { nothing }").then(({ errors }) => errors, (error) => error);
    equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
    client.dispose();
  });
}
await check("graphql-ws: many subscriptions share a socket", async () => {
  const client = ws({ lazy: false });
  await Promise.all([hear(client), hear(client), hear(client)]);
  client.dispose();
});
await check("graphql-ws: a bad token is forbidden", async () => {
  let code = 0;
  const client = ws({ connectionParams: { Authorization: "Bearer nobody" }, on: { closed: (event) => (code = event.code) } });
  await single(client, CHANGED).catch(() => {});
  equal(code, 4403);
});
await check("graphql-ws: the client's pings are answered", async () => {
  let heard;
  const pong = new Promise((done) => (heard = done));
  const client = ws({ lazy: false, keepAlive: 50, on: { pong: (received) => received && heard() } });
  await pong;
  client.dispose();
});
await check("graphql-sse: a bad token is refused", async () => {
  const client = sse({ headers: { Authorization: "Bearer nobody" } });
  const error = await single(client, CHANGED).then(() => undefined, (error) => error);
  equal(error?.response?.status, 401);
});
if (otherUrl) {
  for (const [writer, name] of [[url, "one"], [otherUrl, "the other"]]) {
    await check(`two nodes: what ${name} writes is heard on both`, async () => {
      const clients = [ws(), ws({ url: otherUrl.replace(/^http/, "ws") }), sse(), sse({ url: otherUrl })];
      const feeds = clients.map((client) => client.iterate({ query: CHANGED }));
      const firsts = feeds.map((feed) => feed.next());
      let heard = false;
      Promise.all(firsts).then(() => (heard = true), () => (heard = true));
      while (!heard) {
        await post(CREATE, { title: fresh("Ash") }, headers, writer);
        await new Promise((done) => setTimeout(done, 50));
      }
      for (const { value } of await Promise.all(firsts)) equal([value.errors, value.data.productChanged.topic], [undefined, "CREATED"]);
      // All listen by now: of one write each of them hears.
      const { productCreate: { product } } = await post(CREATE, { title: fresh("Fir") }, headers, writer);
      for (const feed of feeds) {
        let title;
        while (title !== product.title) title = (await feed.next()).value.data.productChanged.product.title;
        await feed.return();
      }
      for (const client of clients) client.dispose();
    });
  }
}

console.log(failed === 0 ? "subscriptions: all passed" : `subscriptions: ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
