// Sends every operation of codegen/ and relay/ to a running server, as those clients send it: variables that
// are not used are null. What the server says of its data does not matter here (there is no store); a
// document that it does not parse, does not validate, finds too costly or breaks on does.
//
//   node tests/conformance/documents.mjs http://127.0.0.1:8080/graphql
import { readFileSync, readdirSync } from "node:fs";
import { buildSchema, getNamedType, isInputObjectType, isListType, isNonNullType, parse, print, separateOperations, typeFromAST } from "graphql";

const url = process.argv[2];
if (!url) {
  console.error("usage: node documents.mjs <address of the GraphQL endpoint>");
  process.exit(2);
}
const here = (path) => new URL(path, import.meta.url);
const schema = buildSchema(readFileSync(here("../../schema.graphql"), "utf8"));
const samples = { Int: 1, String: "sample", Boolean: false, ID: "brand_01jd3k8m1vf6x9c2n5r7t0w4ya", DateTime: "2026-01-31T12:00:00Z" };
// The prefix of an id by its noun: that of the variable (`variantId`), or of the root field (`productUpdate`).
const prefixes = { brand: "brand", category: "category", location: "location", product: "product", variant: "product_variant" };

// The least value of a type: null where it may be. An id names what its variable, or else the
// root field, is called after.
function sample(type, name, root) {
  if (!isNonNullType(type)) return null;
  if (isListType(type.ofType)) return [sample(type.ofType.ofType, name, root)].filter((item) => item !== null);
  const named = getNamedType(type);
  if (named.name === "ID") {
    const noun = /Ids?$/.test(name) ? name.replace(/Ids?$/, "") : Object.keys(prefixes).find((noun) => root.startsWith(noun));
    return samples.ID.replace("brand", prefixes[noun ?? "brand"]);
  }
  if (isInputObjectType(named)) {
    const required = Object.values(named.getFields()).filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
    return Object.fromEntries(required.map((field) => [field.name, sample(field.type, field.name, root)]));
  }
  return samples[named.name] ?? named.getValues?.()[0].value ?? "1";
}

const folder = here("codegen/documents/");
const texts = readdirSync(folder).filter((name) => name.endsWith(".graphql")).map((name) => readFileSync(new URL(name, folder), "utf8"));
const operations = Object.values(separateOperations(parse(texts.join("\n"))));
const artifacts = here("relay/__generated__/");
for (const name of readdirSync(artifacts)) {
  const text = /^ {4}"text": (".*")$/m.exec(readFileSync(new URL(name, artifacts), "utf8"));
  if (text) operations.push(parse(JSON.parse(text[1])));
}

const refused = new Set(["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX", "BAD_USER_INPUT", "INTERNAL_SERVER_ERROR"]);
let failed = 0;
for (const document of operations) {
  const [operation] = document.definitions.filter(({ kind }) => kind === "OperationDefinition");
  const name = operation.name.value;
  const [field] = operation.selectionSet.selections;
  const root = field.name.value;
  const variables = {};
  for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
    if (!defaultValue) variables[variable.name.value] = sample(typeFromAST(schema, type), variable.name.value, root);
  }
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ operationName: name, query: print(document), variables }),
  });
  const { errors = [] } = await response.json();
  const problem = errors.find((error) => refused.has(error.extensions?.code));
  if (problem || response.status >= 500) {
    failed += 1;
    console.log(`${name}: ${response.status} ${problem?.extensions.code} ${problem?.message}`);
  }
}
console.log(`documents: ${operations.length - failed} of ${operations.length} taken by the server`);
process.exit(failed === 0 && operations.length > 0 ? 0 : 1);
