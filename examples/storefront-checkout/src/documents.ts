// Everything that this storefront asks. `npm run codegen` reads these texts, and types each by what it says.
import { graphql } from "./generated/gql.js";

export const Products = graphql(`
  query Products($first: Int!) {
    products(first: $first) {
      nodes {
        title
        variants {
          id
          title
          availability { status quantity }
          price { amount { amount currencyCode } }
        }
      }
    }
  }
`);

export const CartCreate = graphql(`
  mutation CartCreate($input: CartCreateInput!) {
    cartCreate(input: $input) {
      cart { id totalQuantity pricing { subtotal { amount currencyCode } } }
      token
      warnings { message }
      userErrors { code field message }
    }
  }
`);

export const CodesUpdate = graphql(`
  mutation CodesUpdate($cartId: ID!, $token: String!, $codes: [String!]!) {
    cartDiscountCodesUpdate(cartId: $cartId, token: $token, codes: $codes) {
      cart { pricing { discountCodes { code decision message } discount { amount currencyCode } } }
      userErrors { code field message }
    }
  }
`);

export const AddressUpdate = graphql(`
  mutation AddressUpdate($cartId: ID!, $token: String!, $address: AddressInput!) {
    cartShippingAddressUpdate(cartId: $cartId, token: $token, address: $address) {
      cart {
        deliveryGroups {
          deliveryGroupId
          options { shippingRateId name price { amount currencyCode } }
        }
      }
      userErrors { code field message }
    }
  }
`);

export const ShippingUpdate = graphql(`
  mutation ShippingUpdate($cartId: ID!, $token: String!, $options: [CartShippingChoiceInput!]!) {
    cartShippingOptionsUpdate(cartId: $cartId, token: $token, options: $options) {
      cart {
        problems { code message }
        pricing {
          shipping { amount currencyCode }
          tax { amount currencyCode }
          total { amount currencyCode }
        }
      }
      userErrors { code field message }
    }
  }
`);

export const PaymentMethods = graphql(`
  query PaymentMethods {
    paymentMethods { providerId name test }
  }
`);

export const Pay = graphql(`
  mutation Pay($cartId: ID!, $token: String!, $input: CheckoutPayInput!) {
    checkoutPay(cartId: $cartId, token: $token, input: $input) {
      checkout {
        status
        failure
        order { number paymentStatus total { amount currencyCode } }
      }
      userErrors { code field message }
    }
  }
`);
