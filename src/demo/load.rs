//! Brings the demo data into an empty database.
//!
//! Everything goes the way that a merchant's requests go: accounts, organizations, stores, brands,
//! categories, collections and tokens through their actions, the products of a store through the doors of
//! imports, in one transaction a store, and what it takes to sell them by `selling`. Never looks at what is
//! there already: the command does, by [`standing`]. Until all is there the organizations say so in their names.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::try_join_all;
use rules::ids::{BrandId, CategoryId, OrganizationId, ProductId, UserId};
use rules::permission::{Permission, PermissionSet};
use rules::states::{InventoryPolicy, ProductStatus, TokenKind};
use rules::{Problems, RoundingLevel, RoundingMode};

use super::access::{AccountAccess, StoreAccess};
use super::data::{self, DemoCategory, DemoOrganization, DemoPrice, DemoProduct, DemoStatus, DemoStore};
use crate::catalog::products::{
    Change, MediaChoice, MediaDraft, OptionDraft, Others, ProductDetails, ProductDraft, ProductSnapshot,
    SelectedOption, VariantDraft, VariantTarget,
};
use crate::catalog::{brands, categories, collections, products};
use crate::gate::authentication::operator;
use crate::identity::{self, NewAccount, SignUpInput, password::Password};
use crate::inventory::{FirstLevel, set_first_levels};
use crate::kernel::ctx::{Caller, Member};
use crate::kernel::{Action, Actor, Audit, Ctx, Error, Result, System, text};
use crate::pricing::{self, PriceDraft, ProductPrices};
use crate::tenancy::{api_tokens, domains, invitations, organizations, roles, stores};

/// What the demo's API tokens may do.
const TOKEN_SCOPES: [Permission; 17] = [
    Permission::ProductsRead,
    Permission::ProductsManage,
    Permission::CollectionsRead,
    Permission::CollectionsManage,
    Permission::PricesRead,
    Permission::PricesManage,
    Permission::InventoryRead,
    Permission::InventoryManage,
    Permission::PromotionsRead,
    Permission::PromotionsManage,
    Permission::TaxesRead,
    Permission::ShippingRead,
    Permission::CustomersRead,
    Permission::CustomersManage,
    Permission::OrdersRead,
    Permission::OrdersManage,
    Permission::PaymentsRead,
];

/// The role of the demo's staff.
const STAFF_ROLE: roles::BuiltInRoleKey = roles::BuiltInRoleKey::Merchandiser;

/// What the name of an organization ends with until the whole demo is there.
const UNFINISHED: &str = " (being made)";

/// How a database stands to the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody's organization is there.
    Empty,
    /// A part of the demo is there and nothing else: whoever made it was stopped.
    Part,
    /// The demo is there.
    Whole,
    /// Organizations of others are there.
    Others,
}

/// Looks how the database stands to the demo.
///
/// # Errors
/// Where the database can't be read.
pub async fn standing(system: &Arc<System>) -> Result<Standing> {
    let ctx = operator(system, "demo", None).await?;
    let names = organizations::list_names(&ctx).await?;
    let ours = data::organizations().map_err(Error::internal)?;
    let addresses: Vec<String> = ours.iter().flat_map(people).map(|(_, address)| address).collect();
    // One more than the demo has tells that somebody else is there.
    let known = identity::list_addresses(&ctx, addresses.len() as u64 + 1).await?;
    ctx.release().await;
    let is_ours = |name: &String| ours.iter().any(|our| our.name == name.trim_end_matches(UNFINISHED));
    let is_part = |name: &String| name.ends_with(UNFINISHED);
    let nobody_else = known.iter().all(|address| addresses.contains(address));
    Ok(match names.iter().any(is_part) {
        _ if names.is_empty() && (known.is_empty() || !nobody_else) => Standing::Empty,
        _ if names.is_empty() => Standing::Part,
        _ if !names.iter().all(is_ours) => Standing::Others,
        true if nobody_else => Standing::Part,
        true => Standing::Others,
        false => Standing::Whole,
    })
}

/// Who can do what in the demo that was loaded.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The accounts, the owner of the first organization first.
    pub accounts: Vec<AccountAccess>,
    /// The stores, in the order of the data.
    pub stores: Vec<StoreAccess>,
    /// The organizations that are still called unfinished, with their owners and their names.
    unfinished: Vec<(OrganizationId, UserId, String)>,
}

/// Loads everything. All accounts get the same password. What is told of it is kept before [`finish`] is
/// called: after that it is never made again.
///
/// # Errors
/// Whatever an action fails with, `Taken` first of all: the database has to be empty.
pub async fn load(system: &Arc<System>, password: &str) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    let organizations = data::organizations().map_err(Error::internal)?;
    // Hashing a password takes its time, two at once.
    let people: Vec<_> = organizations.iter().flat_map(people).collect();
    let users = try_join_all(people.iter().map(|(name, email)| account(system, name, email, password))).await?;
    for (place, organization) in organizations.iter().enumerate() {
        let [owner, staff] = [place * 2, place * 2 + 1].map(|place| (users[place], people[place].1.clone()));
        let id = organization_with_staff(system, organization, owner.0, &staff).await?;
        loaded.unfinished.push((id, owner.0, organization.name.clone()));
        for ((_, email), role) in [(owner, "OWNER"), (staff, "MERCHANDISER")] {
            loaded.accounts.push(AccountAccess {
                email,
                password: password.to_owned(),
                organization: organization.name.clone(),
                role: role.to_owned(),
            });
        }
        for store in &organization.stores {
            loaded.stores.push(open_store(system, id, store).await?);
        }
    }
    Ok(loaded)
}

/// Says that the whole demo is there.
///
/// # Errors
/// What an action fails with.
pub async fn finish(system: &Arc<System>, loaded: Loaded) -> Result<()> {
    let ctx = operator(system, "demo", None).await?;
    for (id, owner, name) in loaded.unfinished {
        let input = organizations::OrganizationUpdateInput { name: Some(name), handle: None };
        organizations::update::run(&person(&ctx, owner, Some(id)), (id, input, None)).await?;
    }
    Ok(())
}

/// The people of an organization: the owner and a member of its staff, by name and e-mail address.
fn people(organization: &DemoOrganization) -> [(&'static str, String); 2] {
    let host = domain(organization);
    [("Owner", format!("owner@{host}")), ("Staff", format!("staff@{host}"))]
}

/// The domain of an organization's e-mail addresses: its first store's.
fn domain(organization: &DemoOrganization) -> &str {
    let first = organization.stores.iter().flat_map(|store| &store.domains).next();
    first.map_or("demo.example", String::as_str)
}

async fn account(system: &Arc<System>, name: &str, email: &str, password: &str) -> Result<UserId> {
    let ctx = operator(system, "demo", None).await?;
    let input = SignUpInput {
        email: email.to_owned(),
        password: Password::new(password),
        name: name.to_owned(),
        locale: Some("en".to_owned()),
    };
    let user = identity::create(&ctx, NewAccount::read(&input)?).await?;
    user.ok_or_else(|| Error::internal(format!("there is an account {email} already")))
}

/// Makes the organization with its owner, and takes the staff member in as the owner would: by invitation.
async fn organization_with_staff(
    system: &Arc<System>,
    data: &DemoOrganization,
    owner: UserId,
    (staff, email): &(UserId, String),
) -> Result<OrganizationId> {
    let ctx = operator(system, "demo", None).await?;
    let name = format!("{}{UNFINISHED}", data.name);
    let input = organizations::OrganizationCreateInput { name, handle: Some(text::slug(&data.name)) };
    let id = organizations::create::create(&ctx, (owner, input)).await?.0.id;

    let invitation = invitations::InvitationCreateInput {
        email: email.clone(),
        role: roles::RoleChoice::BuiltIn(STAFF_ROLE),
        all_stores: true,
        store_ids: Vec::new(),
    };
    let of_owner = person(&ctx, owner, Some(id));
    let (_, secret) = invitations::create::run(&of_owner, (id, invitation)).await?;
    let of_staff = person(&ctx, *staff, None);
    invitations::accept::run(&of_staff, invitations::accept::read(&secret)).await?;
    Ok(id)
}

/// A person at work, who needs no session for it. Each action asks the database what they hold.
fn person(ctx: &Ctx, user: UserId, owned: Option<OrganizationId>) -> Ctx {
    let members = owned.map(|organization| Member {
        organization,
        membership: ctx.id(),
        permissions: PermissionSet::all(),
        stores: None,
    });
    let actor = Actor::User { user, session: ctx.id(), members: members.into_iter().collect() };
    Ctx::new(ctx.shared(), Caller { actor, ..ctx.caller().clone() }, None, Arc::default())
}

async fn open_store(system: &Arc<System>, organization: OrganizationId, data: &DemoStore) -> Result<StoreAccess> {
    let ctx = operator(system, "demo", None).await?;
    let input = stores::StoreCreateInput {
        name: data.name.clone(),
        handle: data.handle.clone(),
        currency: data.currency,
        currencies: Some(data.currencies.clone()),
        locale: data.locale.clone(),
        locales: Some(data.locales.clone()),
        country: None,
        tax_mode: data.tax_mode,
        rounding_mode: RoundingMode::default(),
        rounding_level: RoundingLevel::default(),
        time_zone: data.time_zone.clone(),
    };
    stores::create::run(&ctx, (organization, input)).await?;
    let ctx = operator(system, "demo", Some(&data.handle)).await?;
    for (place, host) in data.domains.iter().enumerate() {
        let domain = domains::StoreDomainAddInput { host: host.clone(), is_primary: place == 0 };
        domains::add::run(&ctx, domain).await?;
    }
    let mut brands = HashMap::new();
    for brand in &data.brands {
        let input = brands::BrandCreateInput {
            name: brand.name.clone(),
            slug: Some(brand.slug.clone()),
            description_html: Some(brand.description_html.clone()),
        };
        brands.insert(brand.slug.as_str(), brands::create::run(&ctx, input).await?.0.id);
    }
    let categories = plant(&ctx, &data.categories).await?;
    let products = fill(&ctx, &data.products, &brands, &categories).await?;
    for collection in &data.collections {
        let input = collections::CollectionCreateInput {
            title: collection.title.clone(),
            slug: Some(collection.slug.clone()),
            description_html: Some(collection.description_html.clone()),
            published_at: Some(ctx.now()),
        };
        let id = collections::create::run(&ctx, input).await?.0.id;
        let named = collection.products.iter().filter_map(|slug| products.get(slug.as_str()).copied());
        collections::products_set::run(&ctx, (id, named.collect(), None)).await?;
    }
    super::selling::open(&ctx, data).await?;
    let api_token = token(&ctx, "Demo integration", TokenKind::Api, &TOKEN_SCOPES).await?;
    let storefront_token = token(&ctx, "Demo storefront", TokenKind::Storefront, &[]).await?;
    Ok(StoreAccess { handle: data.handle.clone(), name: data.name.clone(), api_token, storefront_token })
}

async fn token(ctx: &Ctx, name: &str, kind: TokenKind, scopes: &[Permission]) -> Result<String> {
    let input = api_tokens::ApiTokenCreateInput {
        name: name.to_owned(),
        kind,
        scopes: scopes.to_vec(),
        expires_at: None,
        allowed_networks: Vec::new(),
    };
    api_tokens::create::run(ctx, input).await.map(|(_, secret)| secret)
}

/// Makes the tree of categories, from the top down.
async fn plant<'a>(ctx: &Ctx, roots: &'a [DemoCategory]) -> Result<HashMap<&'a str, CategoryId>> {
    let mut planted = HashMap::new();
    let mut waiting: std::collections::VecDeque<(Option<CategoryId>, &DemoCategory)> =
        roots.iter().map(|root| (None, root)).collect();
    while let Some((parent_id, category)) = waiting.pop_front() {
        let input = categories::CategoryCreateInput {
            name: category.name.clone(),
            slug: Some(category.slug.clone()),
            parent_id,
            ..Default::default()
        };
        let id = categories::create::run(ctx, input).await?.0.id;
        planted.insert(category.slug.as_str(), id);
        waiting.extend(category.children.iter().map(|child| (Some(id), child)));
    }
    Ok(planted)
}

/// Makes the products of a store with their prices and their stock, all in one transaction.
async fn fill<'a>(
    ctx: &Ctx,
    data: &'a [DemoProduct],
    brands: &HashMap<&str, BrandId>,
    categories: &HashMap<&str, CategoryId>,
) -> Result<HashMap<&'a str, ProductId>> {
    let store = ctx.store_context()?;
    let mut drafts = Vec::with_capacity(data.len());
    for product in data {
        let brand = product.brand.as_deref().and_then(|slug| brands.get(slug).copied());
        // The last one is the deepest.
        let category = product.categories.last().and_then(|slug| categories.get(slug.as_str()).copied());
        drafts.push(draft(ctx, product, brand, category).check(store, Problems::new())?);
    }
    let mut tx = ctx.begin_store(Action::ProductsImport).await?;
    let (mut ids, mut prices, mut levels) = (HashMap::new(), Vec::new(), Vec::new());
    for (product, draft) in data.iter().zip(&drafts) {
        let saved = products::create(&mut tx, draft).await?;
        let id = saved.after.product.id;
        tx.audit(Action::ProductCreate, Audit::created("product", id, &ProductSnapshot::from(&saved.after))).await?;
        let mut own = Vec::new();
        for price in &product.prices {
            own.push(price_draft(price, None)?);
        }
        for (variant, id) in product.variants.iter().zip(&saved.variants) {
            for price in &variant.prices {
                own.push(price_draft(price, Some(*id))?);
            }
            levels.push(FirstLevel {
                variant: *id,
                on_hand: Some(variant.stock.into()),
                policy: Some(InventoryPolicy::Deny),
                tracked: Some(true),
            });
        }
        prices.push(ProductPrices { product: id, prices: own, clear: Vec::new(), remove_others: false });
        ids.insert(product.slug.as_str(), id);
    }
    pricing::set_many(&mut tx, prices).await?;
    set_first_levels(&mut tx, &levels).await?;
    let summary = serde_json::json!({ "productsCreated": ids.len() });
    tx.commit(Audit::done("product", &summary)).await?;
    Ok(ids)
}

fn price_draft(price: &DemoPrice, variant: Option<rules::ids::ProductVariantId>) -> Result<PriceDraft> {
    Ok(PriceDraft {
        minimum_quantity: price.minimum_quantity,
        compare_at: price.compare_at_money()?,
        ..PriceDraft::new(variant, price.money()?)
    })
}

fn draft(ctx: &Ctx, data: &DemoProduct, brand: Option<BrandId>, category: Option<CategoryId>) -> ProductDraft {
    let is_shown = data.status == DemoStatus::Published;
    let variants = data.variants.iter().map(|variant| VariantDraft {
        target: VariantTarget::New,
        selected_options: Change::Set(
            data.options
                .iter()
                .zip(&variant.option_values)
                .map(|(option, value)| SelectedOption { name: option.name.clone(), value: value.clone() })
                .collect(),
        ),
        sku: Change::Set(Some(variant.sku.clone())),
        weight_grams: Change::Set(Some(variant.grams.into())),
        media: Change::Set(variant.image.clone().map(MediaChoice::Url)),
        ..VariantDraft::default()
    });
    let options = data.options.iter();
    let options = options.map(|option| OptionDraft { name: option.name.clone(), values: option.values.clone() });
    let media = data.images.iter().map(|image| MediaDraft {
        url: image.src.clone(),
        alt: Change::Set(Some(image.alt.clone())),
        ..MediaDraft::default()
    });
    ProductDraft {
        details: ProductDetails {
            title: Change::Set(data.title.clone()),
            slug: Change::Set(data.slug.clone()),
            description_html: Change::Set(Some(data.description_html.clone())),
            status: Change::Set(if is_shown { ProductStatus::Active } else { ProductStatus::Draft }),
            published_at: Change::Set(is_shown.then(|| ctx.now())),
            brand_id: Change::Set(brand),
            category_id: Change::Set(category),
            tags: Change::Set(data.tags.clone()),
            ..ProductDetails::default()
        },
        options: Change::Set(options.collect()),
        media: Change::Set(media.collect()),
        variants: variants.collect(),
        others: Others::Keep,
    }
}
