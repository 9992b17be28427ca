// A tree whose branches are read again one by one, with nodes of several types behind one query.
import { graphql } from "relay-runtime";

export const branch = graphql`
  fragment Categories_branch on Category @refetchable(queryName: "CategoriesBranchRefetchQuery") {
    name
    parent {
      id
    }
    children {
      id
      name
    }
  }
`;

export const tree = graphql`
  query CategoriesTreeQuery($first: Int, $after: String) {
    categories(first: $first, after: $after, filter: { roots: true })
      @connection(key: "CategoriesTreeQuery_categories") {
      edges {
        node {
          id
          ...Categories_branch
        }
      }
    }
  }
`;

export const any = graphql`
  query CategoriesNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      ...Categories_branch @alias(as: "category")
      ... on Collection {
        title
      }
      ... on Location {
        name
      }
    }
  }
`;
