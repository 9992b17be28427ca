#!/bin/sh
# Holds the server and its schema against what clients expect:
#
#   GraphQL over HTTP   the audits of the npm package graphql-http, against a running server
#   graphql-codegen     typed clients for the documents of codegen/, compiled by tsc
#   relay-compiler      the fragments, pages, node queries and mutations of relay/
#   documents           each operation of the two is taken by the running server's gate
#   subscriptions       the clients graphql-ws and graphql-sse subscribe, and hear
#   storefront          examples/storefront-checkout is compiled, and buys in the demo
#   two nodes           what is written through one node is heard on both
#
#   tests/conformance/run.sh           builds the server, installs the tools where they are missing
#   STOA=path/to/stoa …/run.sh         takes a server that is built already
#   scripts/with-postgres …/run.sh     lets two nodes over one PostgreSQL tell of each other's writes, too
#
# Needs Node and, once, a package registry. No part of the product. Writes schema.graphql anew; ends
# with 1 where anything fails.
set -u
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH= cd -- "$here/../.." && pwd)
summary=""
failed=0

step() {
  name=$1
  shift
  echo "== $name"
  if "$@"; then summary="$summary
  ok      $name"; else summary="$summary
  FAILED  $name"; failed=1; fi
}

give_up() {
  echo "$1" >&2
  exit 1
}

if [ -z "${STOA:-}" ]; then
  (cd "$root" && cargo build --quiet) || give_up "the server does not build"
  STOA=${CARGO_TARGET_DIR:-$root/target}/debug/stoa
fi
STOA=$(CDPATH= cd -- "$(dirname -- "$STOA")" && pwd)/$(basename -- "$STOA")
# Exact versions stand in package.json; the tools are installed again when it has changed.
if ! cmp -s "$here/package.json" "$here/node_modules/.installed"; then
  npm install --prefix "$here" --no-package-lock --no-audit --no-fund --loglevel=error || give_up "npm install failed"
  cp "$here/package.json" "$here/node_modules/.installed"
fi
tools=$here/node_modules/.bin
storefront=$root/examples/storefront-checkout
if ! cmp -s "$storefront/package-lock.json" "$storefront/node_modules/.installed"; then
  npm ci --prefix "$storefront" --no-audit --no-fund --loglevel=error || give_up "npm ci failed"
  cp "$storefront/package-lock.json" "$storefront/node_modules/.installed"
fi

"$STOA" sdl > "$root/schema.graphql.new" || give_up "the schema can't be printed"
mv "$root/schema.graphql.new" "$root/schema.graphql"

scratch=$(mktemp -d)
servers=""
clean_up() {
  for server in $servers; do kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; done
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Starts a server by this name, by this command, with these settings, and gives its address as $url. Port 0: the
# system gives a free one, and the log says which. No setting of the caller's shell leaks in.
start() {
  log=$scratch/$1.log
  : > "$log"
  data=$scratch/$1
  command=$2
  shift 2
  (cd "$scratch" && exec env -i PATH="$PATH" STOA_DATA_DIR="$data" STOA_LISTEN=127.0.0.1:0 STOA_LOG_JSON=true "$@" "$STOA" "$command") 2> "$log" > "$scratch/out" &
  server=$!
  servers="$servers $server"
  address=""
  for _ in $(seq 600); do
    address=$(sed -n 's/.*"address":"\(127\.0\.0\.1:[0-9]*\)".*/\1/p' "$log" | head -n 1)
    [ -n "$address" ] && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  if [ -z "$address" ]; then
    cat "$log" >&2
    give_up "the server did not start"
  fi
  url=http://$address/graphql
}

typed_clients() {
  rm -rf "$here/codegen/generated"
  node "$here/codegen/generate.mjs" && "$tools/tsc" -p "$here/codegen"
}

relay() {
  rm -rf "$here/relay/__generated__"
  mkdir "$here/relay/__generated__"
  (cd "$here/relay" && NO_COLOR=1 "$tools/relay-compiler" relay.config.json)
}

buys_in_the_demo() {
  (cd "$storefront" && npm run --silent check && STOA_URL=$1 npm start --silent --ignore-scripts)
}

start server serve
step "GraphQL over HTTP" node "$here/graphql-http.mjs" "$url"
step "graphql-codegen and tsc" typed_clients
step "relay-compiler" relay
step "documents" node "$here/documents.mjs" "$url"
step "subscriptions" node "$here/subscriptions.mjs" "$url"
start demo demo
step "storefront" buys_in_the_demo "$url"
if [ -n "${STOA_TEST_POSTGRES_URL:-}" ]; then
  node_of_two() {
    start "$1" serve DATABASE_URL="$STOA_TEST_POSTGRES_URL" STOA_MIGRATE_ON_START=true STOA_SECRET_KEY="$secret"
  }
  secret=$(node -p 'require("crypto").randomBytes(32).toString("hex")')
  node_of_two one
  one=$url
  node_of_two two
  step "two nodes" node "$here/subscriptions.mjs" "$one" "$url"
fi
echo "$summary"
exit "$failed"
