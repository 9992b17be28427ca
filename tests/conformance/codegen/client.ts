// A client as somebody would write it: it compiles only where the generated types say what the API does.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { AnyNodeDocument, BrandCreateDocument, BrandPageDocument, ManyNodesDocument } from "./generated/operations.js";
import type { Brand, Node, PageInfo, UserError } from "./generated/schema.js";

declare function ask<Answer, Variables>(
  document: TypedDocumentNode<Answer, Variables>,
  variables: Variables,
): Promise<Answer>;

export async function allBrandNames(): Promise<string[]> {
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { brands }: Awaited<ReturnType<typeof brandPage>> = await brandPage(after);
    if (!brands) break;
    names.push(...brands.edges.map((edge) => edge.node.name));
    after = brands.pageInfo.hasNextPage ? (brands.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return names;
}

function brandPage(after: string | null) {
  return ask(BrandPageDocument, { first: 100, after, sort: "NAME" });
}

export async function createBrand(name: string): Promise<string> {
  const { brandCreate } = await ask(BrandCreateDocument, { input: { name } });
  const [problem] = brandCreate?.userErrors ?? [];
  if (problem) {
    const path: string = (problem.field ?? []).join(".");
    if (problem.code === "TAKEN") return `taken: ${path}`;
    throw new Error(`${path}: ${problem.message}`);
  }
  const id: string | undefined = brandCreate?.brand?.id;
  if (id === undefined) throw new Error("neither a brand nor a problem");
  return id;
}

export async function title(id: string): Promise<string | null> {
  const { node } = await ask(AnyNodeDocument, { id });
  if (!node) return null;
  switch (node.__typename) {
    case "Brand":
      return node.name;
    default:
      return node.id;
  }
}

export async function many(ids: string[]): Promise<(string | null)[]> {
  const { nodes } = await ask(ManyNodesDocument, { ids });
  return (nodes ?? []).map((node) => node?.id ?? null);
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error: the variable is required
  await ask(AnyNodeDocument, {});
  // @ts-expect-error: there is no such order
  await ask(BrandPageDocument, { sort: "BY_MOOD" });
  const { node } = await ask(AnyNodeDocument, { id: "brand_01jd3k8m1vf6x9c2n5r7t0w4ya" });
  // @ts-expect-error: the node may be null
  console.log(node.id);
}

export type InterfacesHaveTheirFields = [Brand["id"], Node["id"], UserError["code"], PageInfo["hasNextPage"]];
