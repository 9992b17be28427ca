//! The shape of the demo data, and the reading of it.
//!
//! Owns the files in `catalog/`, which are part of the binary. Never writes to a database: the
//! command `demo` hands what is read here to the same actions that a merchant's requests reach.
//!
//! To add a product, add it to a store's `products`; the tests below say what does not fit. To add
//! an organization, add a file, and its line in [`organizations`].

use rules::{Currency, Decimal, Money, Problem, TaxMode};
use serde::Deserialize;

/// An organization with its stores.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoOrganization {
    /// The organization's name.
    pub name: String,
    /// Its stores.
    pub stores: Vec<DemoStore>,
}

/// One store with all that it sells.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoStore {
    /// The word that names the store, such as in `X-Store`.
    pub handle: String,
    /// The store's name.
    pub name: String,
    /// The currency that it counts in.
    pub currency: Currency,
    /// All currencies that it sells in, its own among them.
    pub currencies: Vec<Currency>,
    /// The language that it is written in.
    pub locale: String,
    /// All languages that it serves, its own among them.
    pub locales: Vec<String>,
    /// Whether its prices include tax.
    pub tax_mode: TaxMode,
    /// The time zone that it keeps, by its name in the tz database.
    pub time_zone: String,
    /// The host names that lead to it.
    pub domains: Vec<String>,
    /// The brands that it carries.
    pub brands: Vec<DemoBrand>,
    /// The roots of its category tree.
    pub categories: Vec<DemoCategory>,
    /// Its collections.
    pub collections: Vec<DemoCollection>,
    /// Its products.
    pub products: Vec<DemoProduct>,
}

/// The maker of products.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoBrand {
    /// The word that names it in addresses.
    pub slug: String,
    /// The brand's name.
    pub name: String,
    /// What there is to say of it.
    pub description_html: String,
}

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoCategory {
    /// The word that names it in addresses, unique in the store.
    pub slug: String,
    /// The category's name.
    pub name: String,
    /// The categories below it, in order.
    #[serde(default)]
    pub children: Vec<DemoCategory>,
}

/// A set of products chosen by hand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoCollection {
    /// The word that names it in addresses.
    pub slug: String,
    /// The collection's title.
    pub title: String,
    /// What there is to say of it.
    pub description_html: String,
    /// The slugs of its products, in order.
    pub products: Vec<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoProduct {
    /// The word that names it in addresses.
    pub slug: String,
    /// The product's title.
    pub title: String,
    /// Its description.
    pub description_html: String,
    /// Whether the storefront shows it.
    #[serde(default)]
    pub status: DemoStatus,
    /// The slug of its brand.
    #[serde(default)]
    pub brand: Option<String>,
    /// The slugs of its categories.
    pub categories: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// What a buyer chooses by; empty where there is one variant only.
    #[serde(default)]
    pub options: Vec<DemoOption>,
    /// The prices of all variants that have none of their own.
    pub prices: Vec<DemoPrice>,
    /// Its images, in order.
    pub images: Vec<DemoImage>,
    /// Its variants, in order.
    pub variants: Vec<DemoVariant>,
}

/// Whether the storefront shows a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DemoStatus {
    /// It does.
    #[default]
    Published,
    /// Not yet.
    Draft,
}

/// One thing to choose by.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoOption {
    /// Such as `Size`.
    pub name: String,
    /// The values, in order.
    pub values: Vec<String>,
}

/// What one unit costs in one currency.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoPrice {
    /// The currency.
    pub currency: Currency,
    /// The amount, with the currency's decimals.
    pub amount: Decimal,
    /// What it is said to have cost before.
    #[serde(default)]
    pub compare_at: Option<Decimal>,
    /// The quantity from which it holds.
    #[serde(default = "one")]
    pub minimum_quantity: i32,
}

/// An image by its address.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoImage {
    /// The address.
    pub src: String,
    /// What it shows.
    pub alt: String,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DemoVariant {
    /// The merchant's number for it.
    pub sku: String,
    /// One value for each option of the product, in their order.
    #[serde(default)]
    pub option_values: Vec<String>,
    /// The weight in grams.
    pub grams: i32,
    /// How many there are at the store's first location.
    pub stock: i32,
    /// Prices of its own; where there are some, the product's don't count.
    #[serde(default)]
    pub prices: Vec<DemoPrice>,
    /// The address of its own image, one of the product's.
    #[serde(default)]
    pub image: Option<String>,
}

fn one() -> i32 {
    1
}

impl DemoPrice {
    /// The price as an amount.
    ///
    /// # Errors
    /// Where the amount has more decimals than the currency.
    pub fn money(&self) -> Result<Money, Problem> {
        Money::try_from_decimal(self.amount, self.currency)
    }

    /// What it is said to have cost before, as an amount.
    ///
    /// # Errors
    /// Where the amount has more decimals than the currency.
    pub fn compare_at_money(&self) -> Result<Option<Money>, Problem> {
        self.compare_at.map(|amount| Money::try_from_decimal(amount, self.currency)).transpose()
    }
}

/// All organizations of the demo, in order.
///
/// # Errors
/// Where a file does not have the shape above, which the tests rule out.
pub fn organizations() -> Result<Vec<DemoOrganization>, serde_json::Error> {
    [include_str!("catalog/linden-and-loom.json"), include_str!("catalog/kettle-and-kin.json")]
        .into_iter()
        .map(serde_json::from_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn stores() -> Vec<DemoStore> {
        organizations().expect("demo data").into_iter().flat_map(|organization| organization.stores).collect()
    }

    fn assert_distinct<'a>(what: &str, names: impl IntoIterator<Item = &'a str>) -> HashSet<&'a str> {
        let mut seen = HashSet::new();
        for name in names {
            assert!(seen.insert(name), "two {what} are called {name}");
        }
        seen
    }

    fn is_slug(word: &str) -> bool {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    }

    fn slugs(categories: &[DemoCategory]) -> Vec<&str> {
        categories
            .iter()
            .flat_map(|category| std::iter::once(category.slug.as_str()).chain(slugs(&category.children)))
            .collect()
    }

    #[test]
    fn there_are_two_organizations_with_three_stores_in_two_currencies() {
        assert_eq!(organizations().expect("demo data").len(), 2);
        let stores = stores();
        assert_distinct("stores", stores.iter().map(|store| store.handle.as_str()));
        assert_distinct("domains", stores.iter().flat_map(|store| &store.domains).map(String::as_str));
        let currencies: HashSet<Currency> = stores.iter().map(|store| store.currency).collect();
        assert_eq!((stores.len(), currencies.len()), (3, 2));
        let products: usize = stores.iter().map(|store| store.products.len()).sum();
        assert!((55..=70).contains(&products), "{products} products");
        for store in &stores {
            assert!(is_slug(&store.handle));
            assert!(store.currencies.contains(&store.currency), "{}", store.handle);
            assert!(store.locales.contains(&store.locale), "{}", store.handle);
        }
    }

    #[test]
    fn every_name_is_used_once_and_every_reference_leads_somewhere() {
        for store in stores() {
            let brands = assert_distinct("brands", store.brands.iter().map(|brand| brand.slug.as_str()));
            let categories = assert_distinct("categories", slugs(&store.categories));
            let products = assert_distinct("products", store.products.iter().map(|product| product.slug.as_str()));
            let collections =
                assert_distinct("collections", store.collections.iter().map(|collection| collection.slug.as_str()));
            let all = brands.iter().chain(&categories).chain(&products).chain(&collections);
            assert!(all.into_iter().all(|slug| is_slug(slug)));
            for collection in &store.collections {
                let listed = assert_distinct("entries", collection.products.iter().map(String::as_str));
                assert!(listed.is_subset(&products), "{}", collection.slug);
            }
            for product in &store.products {
                assert!(product.brand.as_deref().is_none_or(|brand| brands.contains(brand)), "{}", product.slug);
                assert!(!product.categories.is_empty(), "{}", product.slug);
                assert!(product.categories.iter().all(|slug| categories.contains(slug.as_str())), "{}", product.slug);
                assert_distinct("tags", product.tags.iter().map(String::as_str));
                assert!(product.description_html.starts_with("<p>"), "{}", product.slug);
            }
            assert_distinct(
                "variants",
                store.products.iter().flat_map(|product| &product.variants).map(|variant| variant.sku.as_str()),
            );
        }
    }

    #[test]
    fn every_variant_answers_every_option_and_shows_an_image_of_its_product() {
        for product in stores().iter().flat_map(|store| &store.products) {
            let images = assert_distinct("images", product.images.iter().map(|image| image.src.as_str()));
            assert!(!images.is_empty() && !product.variants.is_empty(), "{}", product.slug);
            assert!(product.options.len() <= 3 && product.variants.len() <= 250, "{}", product.slug);
            assert_distinct("options", product.options.iter().map(|option| option.name.as_str()));
            let mut combinations = HashSet::new();
            for variant in &product.variants {
                assert_eq!(variant.option_values.len(), product.options.len(), "{}", variant.sku);
                for (value, option) in variant.option_values.iter().zip(&product.options) {
                    assert!(option.values.contains(value), "{}", variant.sku);
                }
                assert!(combinations.insert(&variant.option_values), "{}", variant.sku);
                assert!(variant.image.as_deref().is_none_or(|image| images.contains(image)), "{}", variant.sku);
                assert!(variant.grams >= 0 && variant.stock >= 0, "{}", variant.sku);
            }
            for option in &product.options {
                assert_distinct("values", option.values.iter().map(String::as_str));
            }
        }
    }

    #[test]
    fn every_variant_has_a_price_in_every_currency_of_its_store() {
        for store in stores() {
            for product in &store.products {
                for variant in &product.variants {
                    let prices = if variant.prices.is_empty() { &product.prices } else { &variant.prices };
                    for currency in &store.currencies {
                        let found =
                            prices.iter().any(|price| price.currency == *currency && price.minimum_quantity == 1);
                        assert!(found, "{} has no price in {currency}", variant.sku);
                    }
                    let mut conditions = HashSet::new();
                    for price in prices {
                        assert!(store.currencies.contains(&price.currency), "{}", variant.sku);
                        assert!(conditions.insert((price.currency, price.minimum_quantity)), "{}", variant.sku);
                        let amount = price.money().expect("an amount with the currency's decimals");
                        assert!(!amount.is_negative() && price.minimum_quantity >= 1, "{}", variant.sku);
                        let before = price.compare_at_money().expect("an amount with the currency's decimals");
                        assert!(before.is_none_or(|before| before.minor() > amount.minor()), "{}", variant.sku);
                    }
                }
            }
        }
    }

    #[test]
    fn the_demo_shows_what_prices_can_be() {
        let stores = stores();
        let products = || stores.iter().flat_map(|store| &store.products);
        let prices = || products().flat_map(|product| &product.prices);
        assert!(prices().any(|price| price.minimum_quantity > 1), "a quantity tier");
        assert!(prices().any(|price| price.compare_at.is_some()), "a price that was lowered");
        assert!(prices().any(|price| price.currency.exponent() == 0), "a currency without decimals");
        assert!(prices().any(|price| price.amount == Decimal::ZERO), "something for nothing");
        assert!(products().any(|product| product.options.len() == 3), "three options");
        assert!(products().any(|product| product.options.is_empty()), "no options");
        assert!(products().any(|product| product.status == DemoStatus::Draft), "a draft");
    }
}
