// Starts GraphiQL with the example operations and headers that the server gives in config.json.
"use strict";

async function start() {
  const place = document.getElementById("graphiql");
  const answer = await fetch("/graphiql/config.json");
  if (!answer.ok) {
    place.textContent = "The server did not give GraphiQL its configuration.";
    return;
  }
  const config = await answer.json();
  const headers = JSON.stringify(config.headers, null, 2);
  const tabs = config.examples.map((example) => ({
    query: example.query,
    variables: example.variables ? JSON.stringify(example.variables, null, 2) : "",
    headers,
  }));
  ReactDOM.createRoot(place).render(
    React.createElement(GraphiQL, {
      fetcher: fetcherFor(config.endpoint),
      defaultTabs: tabs,
      defaultHeaders: headers,
      // Headers may hold a token; what is stored in the browser outlives the session.
      shouldPersistHeaders: false,
      defaultEditorToolsVisibility: "headers",
      // One set of settings per store, so that the tabs of one are not opened in another.
      storage: prefixed(`stoa:${config.headers["X-Store"] ?? ""}:`),
    }),
  );
}

// Subscriptions come as an event stream (graphql-sse, a connection each); the rest is GraphiQL's own business.
function fetcherFor(url) {
  const single = GraphiQL.createFetcher({ url });
  return (params, options) =>
    isSubscription(params, options?.documentAST) ? listen(url, params, options?.headers) : single(params, options);
}

function isSubscription({ operationName }, document) {
  const operations = (document?.definitions ?? []).filter(({ kind }) => kind === "OperationDefinition");
  const chosen = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  return chosen?.operation === "subscription";
}

// The stop button asks for the end while the next event is awaited, so that it must end the request itself.
function listen(url, params, headers) {
  const stop = new AbortController();
  const responses = events(url, params, headers, stop.signal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => responses.next(),
    return() {
      stop.abort();
      return responses.return();
    },
  };
}

async function* events(url, params, headers, signal) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream", ...headers },
      body: JSON.stringify(params),
      signal,
    });
    if (!answer.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      yield await answer.json();
      return;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let unread = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (unread + value).split("\n\n");
      unread = parts.pop();
      for (const part of parts) {
        const field = (name) => part.split("\n").find((line) => line.startsWith(name))?.slice(name.length);
        if (field("event: ") === "complete") return;
        if (field("event: ") === "next") yield JSON.parse(field("data: "));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

// The browser's storage with every key prefixed.
function prefixed(prefix) {
  const own = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    getItem: (key) => localStorage.getItem(prefix + key),
    setItem: (key, value) => localStorage.setItem(prefix + key, value),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    clear: () => own().forEach((key) => localStorage.removeItem(key)),
    get length() {
      return own().length;
    },
  };
}

start();
