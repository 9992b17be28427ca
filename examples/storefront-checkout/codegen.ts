// The types of every document in `src/`, from the schema that the server is built with.
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: ["src/*.ts"],
  ignoreNoDocuments: false,
  generates: {
    "src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumType: "string-literal",
        // A scalar of the schema that is not named here ends the run. Amounts are texts: no number holds them all.
        strictScalars: true,
        scalars: { DateTime: "string", Decimal: { input: "string", output: "string" } },
      },
    },
  },
};

export default config;
