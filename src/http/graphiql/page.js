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
      fetcher: GraphiQL.createFetcher({ url: config.endpoint }),
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
