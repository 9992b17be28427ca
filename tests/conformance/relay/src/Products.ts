// A product card that is read again by itself, in a list that is paged both ways; a page of one product.
import { graphql } from "relay-runtime";

export const card = graphql`
  fragment Products_card on Product @refetchable(queryName: "ProductsCardRefetchQuery") {
    title
    slug
    brand {
      name
    }
  }
`;

export const list = graphql`
  fragment Products_list on Query
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
    filter: { type: "ProductFilterInput" }
  )
  @refetchable(queryName: "ProductsListPaginationQuery") {
    products(first: $first, after: $after, last: $last, before: $before, filter: $filter)
      @connection(key: "Products_products", filters: ["filter"]) {
      edges {
        cursor
        node {
          id
          ...Products_card
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
  query ProductsPageQuery($last: Int!, $before: String) {
    ...Products_list @arguments(last: $last, before: $before)
  }
`;

export const one = graphql`
  query ProductsNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      ...Products_card @alias(as: "card")
      ... on ProductVariant {
        sku
        product {
          ...Products_card
        }
      }
    }
  }
`;

export const update = graphql`
  mutation ProductsUpdateMutation($id: ID!, $input: ProductUpdateInput!, $expectedVersion: Int) {
    productUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
      product {
        ...Products_card
        status
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
