// What Relay asks of a schema, said with brands: relay-compiler reads the tags, nothing here is run.
import { graphql } from "relay-runtime";

// A fragment that is read again by `node(id:)`: its type must be a Node.
export const card = graphql`
  fragment Brands_card on Brand @refetchable(queryName: "BrandsCardRefetchQuery") {
    name
    slug
    descriptionHtml
  }
`;

// A list that is paged forwards and backwards.
export const list = graphql`
  fragment Brands_list on Query
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
    filter: { type: "BrandFilterInput" }
  )
  @refetchable(queryName: "BrandsListPaginationQuery") {
    brands(first: $first, after: $after, last: $last, before: $before, filter: $filter)
      @connection(key: "Brands_brands", filters: ["filter"]) {
      __id
      edges {
        cursor
        node {
          id
          ...Brands_card
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;

export const page = graphql`
  query BrandsPageQuery($first: Int!, $after: String) {
    ...Brands_list @arguments(first: $first, after: $after)
  }
`;

export const anything = graphql`
  query BrandsNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...Brands_card @alias
      ... on Brand {
        updatedAt
      }
    }
  }
`;

export const several = graphql`
  query BrandsNodesQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ...Brands_card @alias
    }
  }
`;

export const create = graphql`
  mutation BrandsCreateMutation($input: BrandCreateInput!, $connections: [ID!]!) {
    brandCreate(input: $input) {
      brand @appendNode(connections: $connections, edgeTypeName: "BrandEdge") {
        id
        ...Brands_card
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const update = graphql`
  mutation BrandsUpdateMutation($id: ID!, $input: BrandUpdateInput!, $expectedVersion: Int) {
    brandUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
      brand {
        ...Brands_card
        version
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const remove = graphql`
  mutation BrandsDeleteMutation($id: ID!, $connections: [ID!]!) {
    brandDelete(id: $id) {
      deletedBrandId @deleteEdge(connections: $connections)
      userErrors {
        code
        field
        message
      }
    }
  }
`;
