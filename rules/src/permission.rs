//! Who may do what: the permissions, the built-in roles, and the arithmetic of rule A1.
//!
//! To add a permission, add a line to the list: its bit, its name, its reach. The GraphQL enum, the
//! stored text and the README's table follow from it.

use std::fmt;
use std::ops::{BitAnd, BitOr, Sub};

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It is used inside one store, and only in the stores that the membership reaches.
    Store,
    /// It is used on the organization as a whole; API tokens never carry it.
    Organization,
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $reach:ident;)+) => {
        /// One thing that a member, a role or a token may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
        #[repr(u8)]
        pub enum Permission {
            $($(#[$doc])* $name,)+
        }

        impl serde::Serialize for Permission {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.name())
            }
        }

        impl Permission {
            /// All of them, in the order of their bits.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name in the schema and in the database, such as `PRODUCTS_MANAGE`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// How far it reaches.
            pub const fn reach(self) -> Reach {
                match self { $(Self::$name => Reach::$reach,)+ }
            }

            /// Finds a permission by its name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

permissions! {
    /// See products that are not published, with what only staff may see of them.
    ProductsRead = "PRODUCTS_READ", Store;
    /// Create, change and delete products, variants, options, media and tags.
    ProductsManage = "PRODUCTS_MANAGE", Store;
    /// See brands, categories and collections that are not published.
    CollectionsRead = "COLLECTIONS_READ", Store;
    /// Create, change and delete brands, categories and collections.
    CollectionsManage = "COLLECTIONS_MANAGE", Store;
    /// See every price of a variant, with those for other currencies, quantities and times.
    PricesRead = "PRICES_READ", Store;
    /// Set prices.
    PricesManage = "PRICES_MANAGE", Store;
    /// See promotions and discount codes, and try them on a basket.
    PromotionsRead = "PROMOTIONS_READ", Store;
    /// Create, change and delete promotions and discount codes.
    PromotionsManage = "PROMOTIONS_MANAGE", Store;
    /// See stock, locations and the movements between them.
    InventoryRead = "INVENTORY_READ", Store;
    /// Change stock and locations.
    InventoryManage = "INVENTORY_MANAGE", Store;
    /// See tax categories, zones and rates, and work out taxes.
    TaxesRead = "TAXES_READ", Store;
    /// Change tax categories, zones and rates, and how the store is taxed.
    TaxesManage = "TAXES_MANAGE", Store;
    /// See shipping profiles, zones and rates, and work out what shipping costs.
    ShippingRead = "SHIPPING_READ", Store;
    /// Change shipping profiles, zones and rates.
    ShippingManage = "SHIPPING_MANAGE", Store;
    /// See customers, their addresses and segments.
    CustomersRead = "CUSTOMERS_READ", Store;
    /// Create, change and delete customers, their addresses and segments, and invite them to sign up.
    CustomersManage = "CUSTOMERS_MANAGE", Store;
    /// See orders, their drafts, and what buyers have in their carts.
    OrdersRead = "ORDERS_READ", Store;
    /// Change and cancel orders, place them for buyers, and say how carts are treated.
    OrdersManage = "ORDERS_MANAGE", Store;
    /// See payments, what happened to them, and refunds.
    PaymentsRead = "PAYMENTS_READ", Store;
    /// Take, let go and give back money, and say that it has come in.
    PaymentsManage = "PAYMENTS_MANAGE", Store;
    /// See how the store is paid: its providers, without their secrets.
    PaymentProvidersRead = "PAYMENT_PROVIDERS_READ", Store;
    /// Change how the store is paid, and into whose account.
    PaymentProvidersManage = "PAYMENT_PROVIDERS_MANAGE", Store;
    /// See gift cards and what was paid with them, without their codes.
    GiftCardsRead = "GIFT_CARDS_READ", Store;
    /// Issue gift cards, and change what they are worth.
    GiftCardsManage = "GIFT_CARDS_MANAGE", Store;
    /// See what customers have as store credit, and how it changed.
    StoreCreditRead = "STORE_CREDIT_READ", Store;
    /// Give customers store credit, and take it away.
    StoreCreditManage = "STORE_CREDIT_MANAGE", Store;
    /// See the store's settings and domains.
    StoreRead = "STORE_READ", Store;
    /// Change the store's settings and domains.
    StoreManage = "STORE_MANAGE", Store;
    /// See the store's API and storefront tokens, without their secrets.
    ApiTokensRead = "API_TOKENS_READ", Store;
    /// Create and revoke the store's API and storefront tokens.
    ApiTokensManage = "API_TOKENS_MANAGE", Store;
    /// See the documents that the store has registered for its storefronts.
    TrustedDocumentsRead = "TRUSTED_DOCUMENTS_READ", Store;
    /// Register and delete the documents that the store's storefronts may send.
    TrustedDocumentsManage = "TRUSTED_DOCUMENTS_MANAGE", Store;
    /// Read the store's audit log.
    AuditRead = "AUDIT_READ", Store;
    /// See the organization and its stores.
    OrganizationRead = "ORGANIZATION_READ", Organization;
    /// Rename the organization, and open and close stores.
    OrganizationManage = "ORGANIZATION_MANAGE", Organization;
    /// See members, their roles and open invitations.
    MembersRead = "MEMBERS_READ", Organization;
    /// Invite, change and remove members.
    MembersManage = "MEMBERS_MANAGE", Organization;
    /// See the organization's roles.
    RolesRead = "ROLES_READ", Organization;
    /// Create, change and delete the organization's own roles.
    RolesManage = "ROLES_MANAGE", Organization;
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of permissions, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct PermissionSet(u128);

impl PermissionSet {
    /// Nothing at all.
    pub const EMPTY: Self = Self(0);

    /// Every permission there is.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether `permission` is in the set.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// Whether all of `other` is in this set.
    pub const fn contains_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The permissions in the set, in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }

    /// What of the set reaches as far as `reach`.
    pub fn with_reach(self, reach: Reach) -> Self {
        self.iter().filter(|permission| permission.reach() == reach).collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | 1 << permission as u8))
    }
}

impl BitOr for PermissionSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for PermissionSet {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Sub for PermissionSet {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::name)).finish()
    }
}

/// What a member may do (rule A1): what the role gives and what was granted, without what was denied.
/// A denial wins over both.
pub fn effective(role: PermissionSet, grants: PermissionSet, denies: PermissionSet) -> PermissionSet {
    (role | grants) - denies
}

/// A role that every organization has, and that nobody edits.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInRole {
    /// The key in the database and in the API, such as `OWNER`.
    pub key: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Chooses its permissions.
    grants: fn(Permission) -> bool,
}

impl BuiltInRole {
    /// Everything that the role allows.
    pub fn permissions(&self) -> PermissionSet {
        Permission::ALL.iter().copied().filter(|permission| (self.grants)(*permission)).collect()
    }

    /// Finds a built-in role by its key.
    pub fn from_key(key: &str) -> Option<&'static Self> {
        BUILT_IN_ROLES.iter().find(|role| role.key == key)
    }
}

/// The key of the role that an organization must never be without.
pub const OWNER: &str = "OWNER";

/// The built-in roles, the most powerful first.
pub const BUILT_IN_ROLES: &[BuiltInRole] = &[
    BuiltInRole {
        key: OWNER,
        name: "Owner",
        description: "Everything, with the organization itself. An organization has at least one.",
        grants: |_| true,
    },
    BuiltInRole {
        key: "ADMINISTRATOR",
        name: "Administrator",
        description: "Everything in the stores, and the members; not the organization itself.",
        grants: |permission| permission != Permission::OrganizationManage,
    },
    BuiltInRole {
        key: "MANAGER",
        name: "Manager",
        description: "Runs the stores day by day, without members, roles, tokens and the accounts that are paid into.",
        grants: |permission| {
            matches!(permission.reach(), Reach::Store)
                && !matches!(permission, Permission::ApiTokensManage | Permission::PaymentProvidersManage)
                || permission == Permission::OrganizationRead
        },
    },
    BuiltInRole {
        key: "MERCHANDISER",
        name: "Merchandiser",
        description: "Keeps the catalog, its prices and promotions.",
        grants: |permission| {
            matches!(
                permission,
                Permission::ProductsRead
                    | Permission::ProductsManage
                    | Permission::CollectionsRead
                    | Permission::CollectionsManage
                    | Permission::PricesRead
                    | Permission::PricesManage
                    | Permission::PromotionsRead
                    | Permission::PromotionsManage
                    | Permission::InventoryRead
                    | Permission::StoreRead
            )
        },
    },
    BuiltInRole {
        key: "VIEWER",
        name: "Viewer",
        description: "Sees everything in the stores, changes nothing.",
        grants: |permission| {
            matches!(permission.reach(), Reach::Store) && permission.name().ends_with("_READ")
                || permission == Permission::OrganizationRead
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_a1_a_denial_wins_over_role_and_grant() {
        let role: PermissionSet = [Permission::ProductsRead, Permission::ProductsManage].into_iter().collect();
        let grants: PermissionSet = [Permission::PricesManage].into_iter().collect();
        let denies: PermissionSet = [Permission::ProductsManage, Permission::PricesManage].into_iter().collect();
        let may = effective(role, grants, denies);
        assert_eq!(may.iter().collect::<Vec<_>>(), [Permission::ProductsRead]);
    }

    #[test]
    fn every_permission_is_found_by_its_name() {
        for permission in Permission::ALL {
            assert_eq!(Permission::from_name(permission.name()), Some(*permission));
        }
        assert_eq!(Permission::from_name("ANYTHING"), None);
    }

    #[test]
    fn each_built_in_role_holds_less_than_the_one_above_it() {
        for pair in BUILT_IN_ROLES.windows(2) {
            assert!(pair[0].permissions().contains_all(pair[1].permissions()) || pair[1].key == "VIEWER");
        }
        assert_eq!(BUILT_IN_ROLES[0].permissions(), PermissionSet::all());
    }
}
