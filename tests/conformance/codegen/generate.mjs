// Generates a typed client with graphql-codegen from `schema.graphql` and the documents of this folder.
//
//   node tests/conformance/codegen/generate.mjs
//
// Writes `generated/schema.ts` and `generated/operations.ts`; `tsc` then holds `client.ts` against them.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescript from "@graphql-codegen/typescript";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildSchema, parse, validateSchema } from "graphql";

const here = (path) => new URL(path, import.meta.url);
const text = readFileSync(here("../../../schema.graphql"), "utf8");
const problems = validateSchema(buildSchema(text));
if (problems.length > 0) {
  console.error(problems.map((problem) => problem.message).join("\n"));
  process.exit(1);
}

const documents = readdirSync(here("documents"))
  .filter((name) => name.endsWith(".graphql"))
  .sort()
  .map((name) => ({ location: name, document: parse(readFileSync(here(`documents/${name}`), "utf8")) }));

// Strict: a scalar of the schema that is not named here ends the run.
const config = {
  strictScalars: true,
  useTypeImports: true,
  enumType: "string-literal",
  scalars: {
    DateTime: "string",
    Decimal: { input: "string | number", output: "string" },
  },
};

async function write(filename, plugins, documents) {
  const content = await codegen({
    filename,
    schema: parse(text),
    documents,
    config,
    plugins: Object.keys(plugins).map((name) => ({ [name]: {} })),
    pluginMap: plugins,
  });
  writeFileSync(here(`generated/${filename}`), content);
}

mkdirSync(here("generated"), { recursive: true });
await write("schema.ts", { typescript }, []);
await write("operations.ts", { typescriptOperations, typedDocumentNode }, documents);
const operations = documents.flatMap(({ document }) => document.definitions).filter(({ kind }) => kind === "OperationDefinition");
console.log(`graphql-codegen: ${operations.length} operations of ${documents.length} documents`);
