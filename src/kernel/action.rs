//! The name of every write, as the audit log knows it.

macro_rules! actions {
    ($($name:ident = $text:literal,)+) => {
        /// One kind of write. To add one, add a line: `NounVerb = "noun.verb"`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each name is its own description")]
        pub enum Action {
            $($name,)+
        }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name in the audit log, such as `product.create`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

impl Action {
    /// The writes after which every storefront looks as it did, and every right is what it was. Any other
    /// write makes all nodes forget what they remembered of the store, so an action that is forgotten here
    /// costs speed, and one that is here by mistake shows what is old. A contract test compares what
    /// storefronts see before and after each of them.
    pub const UNSEEN: &'static [Self] = &[
        Self::AccountSignUp,
        Self::AccountSignUpRepeat,
        Self::AccountSignIn,
        Self::SessionRefresh,
        Self::SessionsSweep,
        Self::SignInThrottle,
        Self::StockReservationsTidy,
        // Visitors see no promotion and no code until a cart shows them, and carts are never remembered.
        Self::PromotionCreate,
        Self::PromotionUpdate,
        Self::PromotionDelete,
        Self::DiscountCodeCreate,
        Self::DiscountCodeUpdate,
        Self::DiscountCodeDelete,
        Self::DiscountCodesGenerate,
        // No visitor is a customer, and answers to customers are never remembered.
        Self::CustomerCreate,
        Self::CustomerUpdate,
        Self::CustomerProfileUpdate,
        Self::CustomerDelete,
        Self::CustomerAbsorb,
        Self::CustomerTagsAdd,
        Self::CustomerTagsRemove,
        Self::CustomerAddressCreate,
        Self::CustomerAddressUpdate,
        Self::CustomerAddressDelete,
        Self::CustomerSignUp,
        Self::CustomerSignUpRepeat,
        Self::CustomerSignIn,
        Self::CustomerSignOut,
        Self::CustomerSessionRefresh,
        Self::CustomerSessionRevoke,
        Self::CustomerSessionsSweep,
        Self::CustomerEmailVerificationSend,
        Self::CustomerEmailVerify,
        Self::CustomerPasswordResetSend,
        Self::CustomerPasswordReset,
        Self::CustomerPasswordChange,
        Self::CustomerInvite,
        Self::CustomerInvitationAccept,
        Self::SegmentCreate,
        Self::SegmentUpdate,
        Self::SegmentDelete,
        Self::SegmentMembersAdd,
        Self::SegmentMembersRemove,
        // Nor what taxes and shipping will be.
        Self::TaxCategoryCreate,
        Self::TaxCategoryUpdate,
        Self::TaxCategoryDelete,
        Self::TaxZoneCreate,
        Self::TaxZoneUpdate,
        Self::TaxZoneDelete,
        Self::TaxRateCreate,
        Self::TaxRateUpdate,
        Self::TaxRateDelete,
        Self::TaxSettingsUpdate,
        Self::ShippingProfileCreate,
        Self::ShippingProfileUpdate,
        Self::ShippingProfileDelete,
        Self::ShippingProfileProductsAssign,
        Self::ShippingZoneCreate,
        Self::ShippingZoneUpdate,
        Self::ShippingZoneDelete,
        Self::ShippingRateCreate,
        Self::ShippingRateUpdate,
        Self::ShippingRateDelete,
    ];

    /// The writes of stock. Most of them leave every storefront as it was: one unit fewer of many changes
    /// nothing that a visitor is told. Only the write itself knows, and says so with [`super::Tx::shows`].
    pub const SEEN_AT_TIMES: &[Self] = &[
        Self::InventoryItemUpdate,
        Self::InventorySet,
        Self::InventoryAdjust,
        Self::InventoryTransfer,
        Self::InventoryReceive,
    ];

    /// Whether it may change who is found behind a handle or a host.
    pub fn moves_doors(self) -> bool {
        self.name().starts_with("store")
    }

    /// Whether it can be seen, whatever it did: by a storefront, or by whoever held a right before.
    pub fn is_seen(self) -> bool {
        !Self::UNSEEN.contains(&self) && !Self::SEEN_AT_TIMES.contains(&self)
    }
}

actions! {
    AccountSignUp = "account.sign_up",
    AccountSignUpRepeat = "account.sign_up_repeat",
    AccountSignIn = "account.sign_in",
    AccountSignOut = "account.sign_out",
    SessionRefresh = "session.refresh",
    AccountPasswordChange = "account.password_change",
    AccountUpdate = "account.update",
    SessionRevoke = "session.revoke",
    SessionsRevokeOthers = "sessions.revoke_others",
    SessionsSweep = "sessions.sweep",
    SignInThrottle = "sign_in.throttle",
    OrganizationCreate = "organization.create",
    OrganizationUpdate = "organization.update",
    StoreCreate = "store.create",
    StoreUpdate = "store.update",
    StoreDelete = "store.delete",
    StorePlanSet = "store_plan.set",
    StoreDomainAdd = "store_domain.add",
    StoreDomainRemove = "store_domain.remove",
    RoleCreate = "role.create",
    RoleUpdate = "role.update",
    RoleDelete = "role.delete",
    MembershipUpdate = "membership.update",
    MembershipRemove = "membership.remove",
    InvitationCreate = "invitation.create",
    InvitationRevoke = "invitation.revoke",
    InvitationAccept = "invitation.accept",
    ApiTokenCreate = "api_token.create",
    ApiTokenRevoke = "api_token.revoke",
    TrustedDocumentsRegister = "trusted_documents.register",
    TrustedDocumentsDelete = "trusted_documents.delete",
    ProductCreate = "product.create",
    ProductUpdate = "product.update",
    ProductDelete = "product.delete",
    ProductRestore = "product.restore",
    ProductPublish = "product.publish",
    ProductUnpublish = "product.unpublish",
    ProductOptionsSet = "product_options.set",
    ProductVariantCreate = "product_variant.create",
    ProductVariantUpdate = "product_variant.update",
    ProductVariantDelete = "product_variant.delete",
    ProductVariantsBulkUpdate = "product_variants.bulk_update",
    ProductMediaCreate = "product_media.create",
    ProductMediaUpdate = "product_media.update",
    ProductMediaDelete = "product_media.delete",
    ProductMediaReorder = "product_media.reorder",
    BrandCreate = "brand.create",
    BrandUpdate = "brand.update",
    BrandDelete = "brand.delete",
    BrandRestore = "brand.restore",
    CategoryCreate = "category.create",
    CategoryUpdate = "category.update",
    CategoryDelete = "category.delete",
    CategoryRestore = "category.restore",
    CollectionCreate = "collection.create",
    CollectionUpdate = "collection.update",
    CollectionDelete = "collection.delete",
    CollectionRestore = "collection.restore",
    CollectionProductsSet = "collection_products.set",
    CollectionProductsAdd = "collection_products.add",
    CollectionProductsRemove = "collection_products.remove",
    TagUpdate = "tag.update",
    TagDelete = "tag.delete",
    CustomerCreate = "customer.create",
    CustomerUpdate = "customer.update",
    CustomerProfileUpdate = "customer.profile_update",
    CustomerDelete = "customer.delete",
    CustomerAbsorb = "customer.absorb",
    CustomerTagsAdd = "customer_tags.add",
    CustomerTagsRemove = "customer_tags.remove",
    CustomerAddressCreate = "customer_address.create",
    CustomerAddressUpdate = "customer_address.update",
    CustomerAddressDelete = "customer_address.delete",
    CustomerSignUp = "customer.sign_up",
    CustomerSignUpRepeat = "customer.sign_up_repeat",
    CustomerSignIn = "customer.sign_in",
    CustomerSignOut = "customer.sign_out",
    CustomerSessionRefresh = "customer_session.refresh",
    CustomerSessionRevoke = "customer_session.revoke",
    CustomerSessionsSweep = "customer_sessions.sweep",
    CustomerEmailVerificationSend = "customer.email_verification_send",
    CustomerEmailVerify = "customer.email_verify",
    CustomerPasswordResetSend = "customer.password_reset_send",
    CustomerPasswordReset = "customer.password_reset",
    CustomerPasswordChange = "customer.password_change",
    CustomerInvite = "customer.invite",
    CustomerInvitationAccept = "customer.invitation_accept",
    SegmentCreate = "segment.create",
    SegmentUpdate = "segment.update",
    SegmentDelete = "segment.delete",
    SegmentMembersAdd = "segment_members.add",
    SegmentMembersRemove = "segment_members.remove",
    PricesSet = "prices.set",
    PriceDelete = "price.delete",
    PromotionCreate = "promotion.create",
    PromotionUpdate = "promotion.update",
    PromotionDelete = "promotion.delete",
    DiscountCodeCreate = "discount_code.create",
    DiscountCodeUpdate = "discount_code.update",
    DiscountCodeDelete = "discount_code.delete",
    DiscountCodesGenerate = "discount_codes.generate",
    TaxCategoryCreate = "tax_category.create",
    TaxCategoryUpdate = "tax_category.update",
    TaxCategoryDelete = "tax_category.delete",
    TaxZoneCreate = "tax_zone.create",
    TaxZoneUpdate = "tax_zone.update",
    TaxZoneDelete = "tax_zone.delete",
    TaxRateCreate = "tax_rate.create",
    TaxRateUpdate = "tax_rate.update",
    TaxRateDelete = "tax_rate.delete",
    TaxSettingsUpdate = "tax_settings.update",
    ShippingProfileCreate = "shipping_profile.create",
    ShippingProfileUpdate = "shipping_profile.update",
    ShippingProfileDelete = "shipping_profile.delete",
    ShippingZoneCreate = "shipping_zone.create",
    ShippingZoneUpdate = "shipping_zone.update",
    ShippingZoneDelete = "shipping_zone.delete",
    ShippingRateCreate = "shipping_rate.create",
    ShippingRateUpdate = "shipping_rate.update",
    ShippingRateDelete = "shipping_rate.delete",
    ShippingProfileProductsAssign = "shipping_profile_products.assign",
    LocationCreate = "location.create",
    LocationUpdate = "location.update",
    LocationDelete = "location.delete",
    InventorySettingsUpdate = "inventory_settings.update",
    InventoryItemUpdate = "inventory_item.update",
    InventorySet = "inventory.set",
    InventoryAdjust = "inventory.adjust",
    InventoryTransfer = "inventory.transfer",
    InventoryReceive = "inventory.receive",
    StockReservationsTidy = "stock_reservations.tidy",
    ProductsImport = "products.import",
}
