// Audits a running server against the GraphQL-over-HTTP specification with the public suite of the npm package
// graphql-http.
//
//   npm install --prefix tests/conformance --no-package-lock   (once; needs a package registry)
//   node tests/conformance/graphql-http.mjs http://127.0.0.1:8080/graphql
//
// Prints one line for each audit that does not pass and a count, and ends with 1 when there is any.
import { serverAudits } from "graphql-http";

const url = process.argv[2];
if (!url) {
  console.error("usage: node graphql-http.mjs <address of the GraphQL endpoint>");
  process.exit(2);
}

const audits = serverAudits({ url, fetchFn: fetch });
const failed = [];
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== "ok") {
    failed.push(audit.name);
    console.log(`${result.status}: ${audit.id} ${audit.name}\n    ${result.reason}`);
  }
}
console.log(`graphql-http: ${audits.length - failed.length} of ${audits.length} audits passed`);
process.exit(failed.length === 0 && audits.length > 0 ? 0 : 1);
