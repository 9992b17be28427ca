// What stands between: a wire that can be slow, silent or cut; and a load balancer as small as one can be.
import { Agent, createServer as createHttpServer, request } from "node:http";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Passes TCP through to `target`, as well as its settings let it. */
export class Wire {
  constructor(target) {
    Object.assign(this, { target, delay: 0, refusing: false, silent: false, pairs: new Set() });
    this.listener = createServer((near) => this.#join(near));
  }

  async open() {
    await new Promise((resolve) => this.listener.listen(0, "127.0.0.1", resolve));
    this.port = this.listener.address().port;
    return this;
  }

  /** From now on each answer takes so much longer, in milliseconds. What waits comes at once where it is shortened. */
  slow(delay) {
    this.delay = delay;
    this.pairs.forEach((pair) => pair.hurry());
  }

  /** Ends every connection; with `refusing` takes no new ones either. */
  cut(refusing = false) {
    this.refusing = refusing;
    this.pairs.forEach((pair) => pair.end());
  }

  /**
   * Every connection that is open now carries nothing more, ever, and is not closed: its packets are lost. With
   * `all`, so are those of new ones, until `silent` is taken back.
   */
  silence(all = false) {
    this.silent = all;
    this.pairs.forEach((pair) => (pair.silent = true));
  }

  #join(near) {
    if (this.refusing) {
      near.destroy();
      return;
    }
    if (this.silent) {
      // The server never hears of it.
      near.on("error", () => {}).resume();
      return;
    }
    const far = connect(this.target);
    const waiting = [];
    let timer;
    const flush = () => {
      clearTimeout(timer);
      while (waiting.length > 0 && waiting[0].due <= performance.now()) {
        near.write(waiting.shift().part);
      }
      if (waiting.length > 0) {
        timer = setTimeout(flush, waiting[0].due - performance.now());
      }
    };
    const pair = {
      silent: false,
      hurry: () => {
        const due = performance.now() + this.delay;
        waiting.forEach((held) => (held.due = Math.min(held.due, due)));
        flush();
      },
      end: () => {
        clearTimeout(timer);
        near.destroy();
        far.destroy();
        this.pairs.delete(pair);
      },
    };
    this.pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    near.on("data", (part) => pair.silent || far.write(part));
    far.on("data", (part) => {
      if (!pair.silent) {
        waiting.push({ due: performance.now() + this.delay, part });
        flush();
      }
    });
    for (const socket of [near, far]) {
      socket.on("error", () => {});
      socket.once("close", () => pair.silent || pair.end());
    }
  }
}

/** How often nodes are asked whether they are ready, in milliseconds. */
const CHECK_MS = 100;

/** Spreads requests over the nodes that are ready, in turn. It never sends a request twice. */
export class Balancer {
  constructor(nodes) {
    this.nodes = nodes.map((server) => ({
      server,
      ready: true,
      // Shorter than a node's own patience with idle connections, as of every proxy.
      agent: new Agent({ keepAlive: true, timeout: 5_000 }),
    }));
    this.turn = 0;
    this.listener = createHttpServer({ keepAliveTimeout: 30_000 }, (asked, answer) => this.#pass(asked, answer));
    this.checking = true;
  }

  async open() {
    await new Promise((resolve) => this.listener.listen(0, "127.0.0.1", resolve));
    this.port = this.listener.address().port;
    this.nodes.forEach((node) => this.#check(node));
    return this;
  }

  close() {
    this.checking = false;
    this.listener.close();
    this.listener.closeAllConnections();
  }

  /** Waits until a node is sent requests. */
  async takesIn(server) {
    const node = this.nodes.find((node) => node.server === server);
    while (!node.ready) {
      await sleep(CHECK_MS / 4);
    }
  }

  async #check(node) {
    while (this.checking) {
      node.ready = (await node.server.status("/readyz", 2_000)) === 200;
      await sleep(CHECK_MS);
    }
  }

  #pass(asked, answer) {
    const ready = this.nodes.filter((node) => node.ready);
    const node = ready[this.turn++ % ready.length];
    if (!node) {
      answer.writeHead(502).end("no node is ready");
      return;
    }
    const { method, url: path, headers } = asked;
    const passed = request({ host: "127.0.0.1", port: node.server.port, method, path, headers, agent: node.agent });
    passed.once("response", (given) => {
      const { connection, "keep-alive": _, ...rest } = given.headers;
      answer.writeHead(given.statusCode, rest);
      answer.flushHeaders();
      given.pipe(answer);
      given.once("error", () => answer.destroy());
    });
    passed.once("error", (error) => {
      if (answer.headersSent) {
        answer.destroy();
      } else {
        answer.writeHead(502).end(`the node failed: ${error.code ?? error.message}`);
      }
    });
    answer.once("close", () => answer.writableFinished || passed.destroy());
    asked.pipe(passed);
  }
}
