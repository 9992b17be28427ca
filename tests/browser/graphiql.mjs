// Opens GraphiQL of a running server in headless Chromium and presses "play" on the first example.
//
//   node tests/browser/graphiql.mjs --install http://127.0.0.1:8080
//
// Fails when the page asks for anything outside the server's own origin, when the console shows an error, or when the
// answer has no data. `--install` first installs what is missing: playwright-core by npm, and Chromium by apt on Debian
// as root. Set CHROMIUM to use another browser than /usr/bin/chromium.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const base = words.find((word) => !word.startsWith("--"));
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE_MS = 30_000;

if (!base) {
  console.error("usage: node graphiql.mjs [--install] [--screenshot=FILE] <base address of the server>");
  process.exit(2);
}
if (words.includes("--install")) {
  install();
}
for (const [path, name] of [
  [browserPath, "Chromium"],
  [`${here}/node_modules/playwright-core`, "playwright-core"],
]) {
  if (!existsSync(path)) {
    console.error(`${name} is missing (${path}); run once with --install`);
    process.exit(2);
  }
}

const { chromium } = await import("playwright-core");
const origin = new URL(base).origin;
const faults = [];
const browser = await chromium.launch({
  executablePath: browserPath,
  // Chromium refuses its sandbox to root; this browser sees nothing but our own page.
  args: [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
  ],
});

try {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  // Requests are watched and anything foreign is stopped, so that a passing run also works without a network.
  await page.route("**/*", (route) => {
    const address = route.request().url();
    if (isOwn(address)) {
      return route.continue();
    }
    faults.push(`asked for ${address}`);
    return route.abort();
  });
  page.on("websocket", (socket) => faults.push(`opened a socket to ${socket.url()}`));
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("response", (response) => response.status() >= 400 && faults.push(`${response.status()}: ${response.url()}`));

  await page.goto(`${origin}/graphiql`, { waitUntil: "load" });
  await page.locator(".graphiql-execute-button").waitFor();

  const config = await (await fetch(`${origin}/graphiql/config.json`)).json();
  const tabs = await page.locator(".graphiql-tab").count();
  if (tabs !== config.examples.length) {
    faults.push(`${tabs} tabs for ${config.examples.length} examples`);
  }

  const [answer] = await Promise.all([
    page.waitForResponse((response) => new URL(response.url()).pathname === config.endpoint && isRun(response.request())),
    page.locator(".graphiql-execute-button").click(),
  ]);
  const sent = await answer.request().allHeaders();
  for (const [name, value] of Object.entries(config.headers)) {
    if (sent[name.toLowerCase()] !== value) {
      faults.push(`the header ${name} was not sent`);
    }
  }
  const body = await answer.json();
  if (!holdsData(body)) {
    faults.push(`no data in the answer: ${JSON.stringify(body).slice(0, 500)}`);
  }
  await page
    .locator(".result-window")
    .filter({ hasText: '"data"' })
    .waitFor()
    .catch(() => faults.push("the answer is not shown"));

  const shot = words.find((word) => word.startsWith("--screenshot="));
  if (shot) {
    await page.screenshot({ path: shot.slice("--screenshot=".length) });
  }
  // Hovers, validation and lazy parts get a moment to ask for what they should not.
  await page.waitForTimeout(500);
} catch (error) {
  faults.push(error.message);
} finally {
  await browser.close();
}

for (const fault of faults) {
  console.error(`graphiql: ${fault}`);
}
console.log(faults.length === 0 ? "graphiql: the first example shows data" : `graphiql: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

// `data:` and `blob:` addresses stay inside the page.
function isOwn(address) {
  const url = new URL(address);
  return url.origin === origin || url.protocol === "data:" || (url.protocol === "blob:" && url.origin === origin);
}

// GraphiQL also asks for the schema.
function isRun(request) {
  return request.method() === "POST" && !(request.postData() ?? "").includes("IntrospectionQuery");
}

// At least one root field that is neither null nor an empty list of nodes.
function holdsData(body) {
  return (
    !body.errors &&
    Object.values(body.data ?? {}).some((value) => value !== null && (value.nodes === undefined || value.nodes.length > 0))
  );
}

function install() {
  const run = (command, ...parts) => execFileSync(command, parts, { stdio: "inherit" });
  if (!existsSync(`${here}/node_modules/playwright-core`)) {
    run("npm", "install", "--prefix", here, "--no-package-lock", "--no-audit", "--no-fund");
  }
  if (!existsSync(browserPath)) {
    run("apt-get", "update", "-qq");
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium");
  }
}
