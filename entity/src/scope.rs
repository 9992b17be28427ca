//! Which tables belong to a store, which to an organization, and which to a person.
//!
//! Owns the traits that scoped queries are built on, and the lists of the tables behind them.
//! Never builds a query itself. A table that has the column and not the line is found by a test of
//! the crate `migration`.
//!
//! To add a table, add its line to `tenant!`, `organization!` or `account!` below.

use rules::ids::{OrganizationId, StoreId, UserId};
use sea_orm::{ActiveValue, EntityTrait};

/// A table whose every row belongs to one store. On PostgreSQL row-level security guards it.
pub trait TenantEntity: EntityTrait {
    /// The column that says whose row it is.
    fn store_column() -> Self::Column;

    /// Says whose row it will be.
    fn set_store(model: &mut Self::ActiveModel, store: StoreId);
}

/// A table whose every row belongs to one organization. No row-level security guards it, so the
/// scope that starts its queries is the only wall.
pub trait OrganizationEntity: EntityTrait {
    /// The column that says whose row it is.
    fn organization_column() -> Self::Column;

    /// Says whose row it will be.
    fn set_organization(model: &mut Self::ActiveModel, organization: OrganizationId);
}

/// A table whose every row belongs to one person. No row-level security guards it, so the scope that
/// starts its queries is the only wall.
pub trait AccountEntity: EntityTrait {
    /// The column that says whose row it is.
    fn user_column() -> Self::Column;

    /// Says whose row it will be.
    fn set_user(model: &mut Self::ActiveModel, user: UserId);
}

macro_rules! tenant {
    ($($domain:ident::$table:ident,)+) => {
        $(
            impl TenantEntity for crate::$domain::$table::Entity {
                fn store_column() -> Self::Column {
                    crate::$domain::$table::Column::StoreId
                }

                fn set_store(model: &mut Self::ActiveModel, store: StoreId) {
                    model.store_id = ActiveValue::Set(store);
                }
            }
        )+

        /// The names of the tables that belong to a store, those of a parent before its children's.
        pub const TENANT_TABLES: &[&str] = &[$(stringify!($table)),+];
    };
}

macro_rules! organization {
    ($($domain:ident::$table:ident,)+) => {
        $(
            impl OrganizationEntity for crate::$domain::$table::Entity {
                fn organization_column() -> Self::Column {
                    crate::$domain::$table::Column::OrganizationId
                }

                fn set_organization(model: &mut Self::ActiveModel, organization: OrganizationId) {
                    model.organization_id = ActiveValue::Set(organization);
                }
            }
        )+

        /// The names of the tables that belong to an organization, those of a parent before its children's.
        pub const ORGANIZATION_TABLES: &[&str] = &[$(stringify!($table)),+];
    };
}

macro_rules! account {
    ($($domain:ident::$table:ident by $column:ident $field:ident,)+) => {
        $(
            impl AccountEntity for crate::$domain::$table::Entity {
                fn user_column() -> Self::Column {
                    crate::$domain::$table::Column::$column
                }

                fn set_user(model: &mut Self::ActiveModel, user: UserId) {
                    model.$field = ActiveValue::Set(user);
                }
            }
        )+

        /// The names of the tables that belong to a person, those of a parent before its children's.
        pub const ACCOUNT_TABLES: &[&str] = &[$(stringify!($table)),+];
    };
}

tenant! {
    tenancy::store_currencies,
    tenancy::store_locales,
    tenancy::store_domains,
    tenancy::api_tokens,
    tenancy::api_token_scopes,
    tenancy::api_token_networks,
    tenancy::trusted_documents,
    tax::tax_categories,
    catalog::brands,
    catalog::categories,
    catalog::products,
    catalog::product_descriptions,
    catalog::product_options,
    catalog::product_option_values,
    catalog::product_media,
    catalog::product_variants,
    catalog::variant_option_values,
    catalog::collections,
    catalog::collection_products,
    catalog::tags,
    catalog::product_tags,
    customers::segments,
    customers::customers,
    customers::customer_tags,
    customers::customer_addresses,
    customers::customer_order_totals,
    customers::segment_members,
    customers::customer_credentials,
    customers::customer_sessions,
    customers::customer_refresh_tokens,
    customers::customer_one_time_tokens,
    messages::email_messages,
    pricing::prices,
    pricing::product_price_ranges,
    promotions::promotions,
    promotions::promotion_usage,
    promotions::promotion_spending,
    promotions::applied_promotions,
    promotions::discount_codes,
    promotions::code_redemptions,
    inventory::locations,
    inventory::inventory_settings,
    inventory::inventory_items,
    inventory::inventory_levels,
    inventory::inventory_movements,
    inventory::stock_reservations,
    tax::tax_zones,
    tax::tax_zone_territories,
    tax::tax_rates,
    tax::tax_settings,
    shipping::shipping_profiles,
    shipping::shipping_profile_products,
    shipping::shipping_zones,
    shipping::shipping_zone_territories,
    shipping::shipping_rates,
    shipping::shipping_rate_prices,
    shipping::shipping_rate_free_from,
    carts::cart_settings,
    carts::carts,
    carts::cart_tokens,
    carts::cart_lines,
    carts::cart_codes,
    carts::cart_gift_cards,
    carts::cart_addresses,
    carts::cart_shipping_choices,
    carts::cart_abandonments,
    payments::payment_provider_configs,
    payments::payments,
    payments::refunds,
    payments::payment_attempts,
    payments::payment_events,
    payments::inbound_webhooks,
    payments::gift_cards,
    payments::gift_card_entries,
    payments::gift_card_holds,
    payments::store_credits,
    payments::store_credit_entries,
    payments::store_credit_holds,
    orders::draft_orders,
    orders::draft_order_lines,
    orders::order_numbers,
    orders::orders,
    orders::order_lines,
    orders::order_shipping_lines,
    orders::order_addresses,
    orders::order_tokens,
    orders::order_attributions,
    orders::order_tags,
    orders::order_keys,
    orders::order_notes,
    orders::order_status_history,
    orders::order_terms,
    orders::order_discounts,
    orders::order_taxes,
    orders::order_payments,
    orders::order_payment_tasks,
    checkout::checkouts,
    checkout::checkout_attempts,
    audit::audit_logs,
    audit::audit_seals,
    audit::audit_unsealed,
    audit::audit_chains,
    events::domain_events,
}

organization! {
    tenancy::stores,
    tenancy::roles,
    tenancy::role_permissions,
    tenancy::memberships,
    tenancy::membership_stores,
    tenancy::membership_permissions,
    tenancy::invitations,
    tenancy::invitation_stores,
    audit::organization_audit_logs,
}

account! {
    identity::users by Id id,
    identity::user_credentials by UserId user_id,
    identity::sessions by UserId user_id,
    identity::refresh_tokens by UserId user_id,
    tenancy::memberships by UserId user_id,
    audit::user_audit_logs by UserId user_id,
}

/// An organization's own row is its own: it can be read and changed in its scope as what hangs on it.
impl OrganizationEntity for crate::tenancy::organizations::Entity {
    fn organization_column() -> Self::Column {
        crate::tenancy::organizations::Column::Id
    }

    fn set_organization(model: &mut Self::ActiveModel, organization: OrganizationId) {
        model.id = ActiveValue::Set(organization);
    }
}

/// A store's own row is its own too, so that the store's settings are kept in the store's scope.
impl TenantEntity for crate::tenancy::stores::Entity {
    fn store_column() -> Self::Column {
        crate::tenancy::stores::Column::Id
    }

    fn set_store(model: &mut Self::ActiveModel, store: StoreId) {
        model.id = ActiveValue::Set(store);
    }
}

/// Calls a macro with every table that there is, as `domain::table`. For tests that compare the
/// entities with the database, and for tools that count or empty tables.
#[macro_export]
macro_rules! for_each_table {
    ($call:ident) => {
        $call! {
            identity::users,
            identity::user_credentials,
            identity::sign_in_throttles,
            identity::sessions,
            identity::refresh_tokens,
            tenancy::organizations,
            tenancy::stores,
            tenancy::roles,
            tenancy::role_permissions,
            tenancy::memberships,
            tenancy::membership_stores,
            tenancy::membership_permissions,
            tenancy::invitations,
            tenancy::invitation_stores,
            tenancy::store_currencies,
            tenancy::store_locales,
            tenancy::store_domains,
            tenancy::api_tokens,
            tenancy::api_token_scopes,
            tenancy::api_token_networks,
            tenancy::trusted_documents,
            tax::tax_categories,
            catalog::brands,
            catalog::categories,
            catalog::products,
            catalog::product_descriptions,
            catalog::product_options,
            catalog::product_option_values,
            catalog::product_media,
            catalog::product_variants,
            catalog::variant_option_values,
            catalog::collections,
            catalog::collection_products,
            catalog::tags,
            catalog::product_tags,
            customers::segments,
            customers::customers,
            customers::customer_tags,
            customers::customer_addresses,
            customers::customer_order_totals,
            customers::segment_members,
            customers::customer_credentials,
            customers::customer_sessions,
            customers::customer_refresh_tokens,
            customers::customer_one_time_tokens,
            messages::email_messages,
            pricing::prices,
            pricing::product_price_ranges,
            promotions::promotions,
            promotions::promotion_usage,
            promotions::promotion_spending,
            promotions::applied_promotions,
            promotions::discount_codes,
            promotions::code_redemptions,
            inventory::locations,
            inventory::inventory_settings,
            inventory::inventory_items,
            inventory::inventory_levels,
            inventory::inventory_movements,
            inventory::stock_reservations,
            tax::tax_zones,
            tax::tax_zone_territories,
            tax::tax_rates,
            tax::tax_settings,
            shipping::shipping_profiles,
            shipping::shipping_profile_products,
            shipping::shipping_zones,
            shipping::shipping_zone_territories,
            shipping::shipping_rates,
            shipping::shipping_rate_prices,
            shipping::shipping_rate_free_from,
            carts::cart_settings,
            carts::carts,
            carts::cart_tokens,
            carts::cart_lines,
            carts::cart_codes,
            carts::cart_gift_cards,
            carts::cart_addresses,
            carts::cart_shipping_choices,
            carts::cart_abandonments,
            payments::payment_provider_configs,
            payments::payments,
            payments::refunds,
            payments::payment_attempts,
            payments::payment_events,
            payments::inbound_webhooks,
            payments::gift_cards,
            payments::gift_card_entries,
            payments::gift_card_holds,
            payments::store_credits,
            payments::store_credit_entries,
            payments::store_credit_holds,
            orders::draft_orders,
            orders::draft_order_lines,
            orders::order_numbers,
            orders::orders,
            orders::order_lines,
            orders::order_shipping_lines,
            orders::order_addresses,
            orders::order_tokens,
            orders::order_attributions,
            orders::order_tags,
            orders::order_keys,
            orders::order_notes,
            orders::order_status_history,
            orders::order_terms,
            orders::order_discounts,
            orders::order_taxes,
            orders::order_payments,
            orders::order_payment_tasks,
            checkout::checkouts,
            checkout::checkout_attempts,
            audit::audit_logs,
            audit::audit_seals,
            audit::audit_unsealed,
            audit::audit_chains,
            audit::organization_audit_logs,
            audit::user_audit_logs,
            events::domain_events,
            events::platform_events,
        }
    };
}
