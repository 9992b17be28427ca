//! The states and kinds that rows carry.
//!
//! Owns the closed lists of words that columns and the schema share. Holds no transitions: which
//! state may follow which is a rule of the noun. The words are stored as they are written in the
//! schema, so a word that was once released is never renamed.
//!
//! To add a list, add a block at the end, and a check with the same words to the table's migration;
//! a test of the crate `migration` compares the two.

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $text:literal,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[derive(serde::Serialize, serde::Deserialize)]
            #[cfg_attr(feature = "sea-orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
            #[cfg_attr(feature = "sea-orm", sea_orm(rs_type = "String", db_type = "Text"))]
            #[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
            pub enum $name {
                $(
                    $(#[$value_doc])*
                    #[serde(rename = $text)]
                    #[cfg_attr(feature = "sea-orm", sea_orm(string_value = $text))]
                    #[cfg_attr(feature = "graphql", graphql(name = $text))]
                    $value,
                )+
            }

            impl $name {
                /// All of them, in the order of the list.
                pub const ALL: &'static [Self] = &[$(Self::$value),+];

                /// The word in the schema and in the database.
                pub const fn name(self) -> &'static str {
                    match self { $(Self::$value => $text,)+ }
                }
            }
        )+
    };
}

states! {
    /// Where a product stands between draft and archive.
    ProductStatus {
        /// Being written; no storefront shows it.
        Draft = "DRAFT",
        /// For sale from the time at which it is published.
        Active = "ACTIVE",
        /// No longer sold, kept for what refers to it.
        Archived = "ARCHIVED",
    }

    /// What a product's medium is.
    MediaKind {
        /// A picture.
        Image = "IMAGE",
        /// A film.
        Video = "VIDEO",
    }

    /// What a store's token is for.
    TokenKind {
        /// For a partner's integration: secret, with scopes of its own.
        Api = "API",
        /// For a storefront: may stand in a page, and sees what every visitor sees.
        Storefront = "STOREFRONT",
    }

    /// How much of the platform a store may use: more for who pays more. The operator sets it.
    StorePlan {
        /// What every store begins with.
        Standard = "STANDARD",
        /// Four times as much.
        Plus = "PLUS",
        /// Sixteen times as much.
        Enterprise = "ENTERPRISE",
    }

    /// Which callers of a store may send only the documents that it has registered.
    DocumentPolicy {
        /// None: everybody may send any document.
        Any = "ANY",
        /// Its storefronts: whoever sends a storefront token, or none, or is signed in and no member of it.
        TrustedOnStorefronts = "TRUSTED_ON_STOREFRONTS",
        /// Its storefronts and its API tokens. Members may send any document, and so may tokens with
        /// TRUSTED_DOCUMENTS_MANAGE, which could register it.
        TrustedOnStorefrontsAndTokens = "TRUSTED_ON_STOREFRONTS_AND_TOKENS",
    }

    /// Whether a member is given a permission or has it taken.
    PermissionEffect {
        /// The member may, whatever the role says.
        Grant = "GRANT",
        /// The member may not; this wins over the role and over a grant (rule A1).
        Deny = "DENY",
    }

    /// What happens when the stock of a variant is gone.
    InventoryPolicy {
        /// It can't be bought.
        Deny = "DENY",
        /// It can still be bought, and the stock falls below zero.
        Continue = "CONTINUE",
    }

    /// Why a stock level changed.
    MovementReason {
        /// The first count, at the start or by an import.
        Initial = "INITIAL",
        /// Goods came in.
        Received = "RECEIVED",
        /// A count found another number.
        Counted = "COUNTED",
        /// Somebody put a mistake right.
        Corrected = "CORRECTED",
        /// Goods went to or came from another location.
        Transferred = "TRANSFERRED",
        /// Goods broke or spoiled.
        Damaged = "DAMAGED",
        /// Goods are gone, nobody knows where.
        Lost = "LOST",
        /// Units were promised to an order.
        Reserved = "RESERVED",
        /// Units that were promised to an order are promised no longer.
        Released = "RELEASED",
        /// Promised units went out to the buyer.
        Fulfilled = "FULFILLED",
        /// Units came back from the buyer.
        Returned = "RETURNED",
    }

    /// How firmly units are kept for somebody.
    ReservationKind {
        /// For a cart, until the clock says that it is over.
        Hold = "HOLD",
        /// For a placed order, until they go out or the order is called off.
        Promise = "PROMISE",
    }

    /// What a visitor is told of the stock of a variant.
    AvailabilityStatus {
        /// It can be bought and sent.
        InStock = "IN_STOCK",
        /// The same, but few are left.
        Low = "LOW",
        /// Nothing is left, and it can be bought all the same: it is sent once there is more.
        Backorder = "BACKORDER",
        /// It can't be bought now.
        Out = "OUT",
    }

    /// What kind of caller did something.
    ActorKind {
        /// A signed-in user.
        User = "USER",
        /// A shopper who is signed in at a store.
        Customer = "CUSTOMER",
        /// A token of a store.
        ApiToken = "API_TOKEN",
        /// Nobody known, such as the person who signs up.
        Anonymous = "ANONYMOUS",
        /// The platform itself: the shell, a job, the demo.
        System = "SYSTEM",
    }

    /// Whether a customer has an account.
    CustomerKind {
        /// Bought, or was entered by the staff, without an account.
        Guest = "GUEST",
        /// Signs in with a password.
        Registered = "REGISTERED",
    }

    /// Whether a store lets a customer in.
    CustomerState {
        /// It does.
        Enabled = "ENABLED",
        /// The staff keeps the customer out: no sign-in works, and sessions have ended.
        Disabled = "DISABLED",
    }

    /// Where a customer said whether news may be sent.
    ConsentSource {
        /// When signing up.
        SignUp = "SIGN_UP",
        /// In the profile.
        Profile = "PROFILE",
        /// At the checkout.
        Checkout = "CHECKOUT",
        /// To the staff, who noted it.
        Staff = "STAFF",
        /// In another system that the customer was brought over from.
        Import = "IMPORT",
    }

    /// Who says who belongs to a segment.
    SegmentKind {
        /// The staff, by hand.
        Manual = "MANUAL",
        /// A rule, each time it is asked.
        Rule = "RULE",
    }

    /// What a secret that was sent to a mailbox is good for.
    OneTimePurpose {
        /// Proves the mailbox of an account.
        EmailVerification = "EMAIL_VERIFICATION",
        /// Chooses a new password.
        PasswordReset = "PASSWORD_RESET",
        /// Makes an account of a customer whom the staff entered.
        Invitation = "INVITATION",
    }

    /// What a letter says.
    EmailTemplate {
        /// Asks a customer to prove the mailbox.
        CustomerEmailVerification = "CUSTOMER_EMAIL_VERIFICATION",
        /// Lets a customer choose a new password.
        CustomerPasswordReset = "CUSTOMER_PASSWORD_RESET",
        /// Tells whoever asked for a new password that the mailbox has no account.
        CustomerPasswordResetUnknown = "CUSTOMER_PASSWORD_RESET_UNKNOWN",
        /// Invites a customer to make an account.
        CustomerInvitation = "CUSTOMER_INVITATION",
        /// Tells a customer that somebody signed up with the address of the account.
        CustomerSignUpRepeated = "CUSTOMER_SIGN_UP_REPEATED",
        /// Tells a customer that the password was changed.
        CustomerPasswordChanged = "CUSTOMER_PASSWORD_CHANGED",
        /// Shows an order to whoever has the mailbox that it was placed with.
        OrderLookup = "ORDER_LOOKUP",
        /// Tells whoever asked for an order that there is none with that number and mailbox.
        OrderLookupUnknown = "ORDER_LOOKUP_UNKNOWN",
    }

    /// Where a letter stands.
    EmailStatus {
        /// It is still to be sent.
        Queued = "QUEUED",
        /// It was handed over.
        Sent = "SENT",
        /// It was given up.
        Failed = "FAILED",
    }

    /// What an event outside every store is about.
    EventScope {
        /// An organization, with its members, roles and stores.
        Organization = "ORGANIZATION",
        /// One account.
        User = "USER",
    }

    /// By what shipping is taxed (rule T2).
    ShippingTaxKind {
        /// By a category of its own.
        Category = "CATEGORY",
        /// Like the goods, each line's rates on its share.
        Lines = "LINES",
    }

    /// What becomes of a sale while the tax provider gives no taxes.
    TaxFailurePolicy {
        /// It is taxed by the store's own zones and rates.
        OwnRates = "OWN_RATES",
        /// It waits until the provider answers.
        Refuse = "REFUSE",
    }

    /// What the prices of a shipping rate go by.
    ShippingPricing {
        /// It always costs the same.
        Flat = "FLAT",
        /// By what the goods weigh.
        ByWeight = "BY_WEIGHT",
        /// By what the goods cost.
        ByPrice = "BY_PRICE",
    }

    /// Whether a cart can still be edited.
    CartState {
        /// It can.
        Open = "OPEN",
        /// Not while it is being paid; it may be opened again.
        Locked = "LOCKED",
        /// Not any more: it became an order.
        Completed = "COMPLETED",
    }

    /// What an address of a cart or an order is for.
    AddressKind {
        /// Where the goods go to.
        Shipping = "SHIPPING",
        /// Who pays.
        Billing = "BILLING",
    }

    /// Where a line of an order comes from.
    OrderLineKind {
        /// The buyer chose it.
        Bought = "BOUGHT",
        /// A promotion gives it.
        Gift = "GIFT",
        /// The store's staff made it up: it is no variant of the catalog.
        Custom = "CUSTOM",
    }

    /// What a change of an order is about.
    OrderStatusKind {
        /// Where it stands.
        Order = "ORDER",
        /// What was paid.
        Payment = "PAYMENT",
        /// What was sent.
        Fulfillment = "FULFILLMENT",
        /// What came back.
        Return = "RETURN",
    }

    /// Why an order was called off.
    OrderCancelReason {
        /// The buyer asked for it.
        Customer = "CUSTOMER",
        /// It looked like fraud.
        Fraud = "FRAUD",
        /// The goods are not there.
        Stock = "STOCK",
        /// The payment was refused.
        Declined = "DECLINED",
        /// The store made a mistake.
        Mistake = "MISTAKE",
        /// Something else; the note says what.
        Other = "OTHER",
    }

    /// What is off what.
    DiscountPhase {
        /// Off the line itself.
        Line = "LINE",
        /// The line's share of what is off the order.
        Order = "ORDER",
        /// Off shipping.
        Shipping = "SHIPPING",
    }

    /// What is to be done about a payment of an order that was called off.
    PaymentTaskKind {
        /// What was promised is let go.
        Void = "VOID",
        /// What was taken is given back.
        Refund = "REFUND",
    }

    /// Where a draft of an order stands.
    DraftOrderStatus {
        /// It can be changed.
        Open = "OPEN",
        /// It became an order.
        Completed = "COMPLETED",
    }

    /// From which locations an order is sent first.
    StockStrategy {
        /// In the store's own order.
        Priority = "PRIORITY",
        /// From where there is most.
        MostStock = "MOST_STOCK",
        /// From where it is nearest to the buyer.
        Nearest = "NEAREST",
    }

    /// Where a checkout stands.
    CheckoutStatus {
        /// The cart can be changed.
        Open = "OPEN",
        /// Stock and codes are held, and the payment is under way.
        Paying = "PAYING",
        /// There is an order.
        Completed = "COMPLETED",
    }

    /// What became of a payment that was begun for a cart.
    CheckoutFate {
        /// It is waited for.
        Waiting = "WAITING",
        /// An order was made with it.
        Kept = "KEPT",
        /// It is to be undone, be it made or not.
        Undoing = "UNDOING",
        /// It was never made.
        NotMade = "NOT_MADE",
        /// It was made and undone.
        Undone = "UNDONE",
    }

    /// Where an order stands.
    OrderStatus {
        /// Something is still to be done.
        Open = "OPEN",
        /// It is paid, and all of it was sent or came back.
        Completed = "COMPLETED",
        /// It was called off.
        Canceled = "CANCELED",
    }

    /// What was paid of an order, or of one payment.
    PaymentStatus {
        /// Nothing yet.
        Pending = "PENDING",
        /// Promised by the bank, not taken.
        Authorized = "AUTHORIZED",
        /// A part was taken.
        PartiallyPaid = "PARTIALLY_PAID",
        /// All was taken.
        Paid = "PAID",
        /// A part was given back.
        PartiallyRefunded = "PARTIALLY_REFUNDED",
        /// All was given back.
        Refunded = "REFUNDED",
        /// What was promised was let go.
        Voided = "VOIDED",
        /// The bank refused.
        Failed = "FAILED",
    }

    /// What happened to a payment.
    PaymentEventKind {
        /// The bank promised the amount.
        Authorized = "AUTHORIZED",
        /// The bank refused.
        Declined = "DECLINED",
        /// The amount was taken.
        Captured = "CAPTURED",
        /// So much of what was promised was let go, or ran out.
        Voided = "VOIDED",
        /// We asked for a refund. It counts as given until it is known to have failed.
        RefundRequested = "REFUND_REQUESTED",
        /// The refund of this reference was made.
        Refunded = "REFUNDED",
        /// The refund of this reference was not made; it can be tried again under a new reference.
        RefundFailed = "REFUND_FAILED",
    }

    /// Who told of something that happened to a payment.
    PaymentEventSource {
        /// The provider, when it was asked to do it.
        Answer = "ANSWER",
        /// The provider, of its own accord.
        Webhook = "WEBHOOK",
        /// The provider, when it was asked what had become of it.
        LookUp = "LOOK_UP",
        /// Somebody of the store.
        Staff = "STAFF",
        /// The store's own books: a gift card, or store credit.
        Ledger = "LEDGER",
    }

    /// With whom, or how, one pays.
    PaymentProviderKind {
        /// Nobody: no money moves. For trying a store out.
        Test = "TEST",
        /// The buyer transfers the amount; somebody of the store says that it has come in.
        BankTransfer = "BANK_TRANSFER",
        /// The buyer pays when the goods arrive; somebody of the store says so.
        CashOnDelivery = "CASH_ON_DELIVERY",
        /// Stripe, by payment intents.
        Stripe = "STRIPE",
        /// Paystack, by transactions.
        Paystack = "PAYSTACK",
    }

    /// When what the bank promised is taken.
    CaptureMode {
        /// At once.
        Automatic = "AUTOMATIC",
        /// When somebody says so, such as at shipment.
        Manual = "MANUAL",
    }

    /// What a provider is asked for.
    PaymentAttemptKind {
        /// To make the payment: its promise, and with automatic capture its money.
        Authorize = "AUTHORIZE",
        /// To take what was promised.
        Capture = "CAPTURE",
        /// To let go of what was promised.
        Void = "VOID",
        /// To give back.
        Refund = "REFUND",
    }

    /// What became of a request made of a provider.
    PaymentAttemptState {
        /// It is on its way, or whoever sent it is gone.
        Started = "STARTED",
        /// The buyer has to do something first.
        ActionRequired = "ACTION_REQUIRED",
        /// The provider works on it, and tells later.
        Pending = "PENDING",
        /// It was done.
        Succeeded = "SUCCEEDED",
        /// The bank, or the provider, said no.
        Declined = "DECLINED",
        /// It was never done, and won't be.
        Failed = "FAILED",
        /// No answer came that says: the provider has to be asked.
        Unknown = "UNKNOWN",
    }

    /// Why a payment was not made.
    DeclineReason {
        /// The bank refuses the card, and does not say why.
        CardDeclined = "CARD_DECLINED",
        /// There is not enough money.
        InsufficientFunds = "INSUFFICIENT_FUNDS",
        /// The card is no longer good.
        ExpiredCard = "EXPIRED_CARD",
        /// What the buyer typed of the card is wrong.
        IncorrectDetails = "INCORRECT_DETAILS",
        /// The buyer did not prove to be the owner.
        AuthenticationFailed = "AUTHENTICATION_FAILED",
        /// The buyer went away, or took too long.
        Abandoned = "ABANDONED",
        /// The provider refuses the request: its message is in the log.
        RefusedByProvider = "REFUSED_BY_PROVIDER",
    }

    /// Why somebody has to look at a payment.
    PaymentReview {
        /// The provider told one thing twice, with two amounts or currencies.
        AmountDiffers = "AMOUNT_DIFFERS",
        /// More was given back, or asked to be, than was taken.
        OverRefunded = "OVER_REFUNDED",
        /// More was taken than the payment is about.
        OverPaid = "OVER_PAID",
    }

    /// Where a refund stands.
    RefundState {
        /// The provider was asked; it counts as given.
        Requested = "REQUESTED",
        /// It was made.
        Succeeded = "SUCCEEDED",
        /// It was not made; a new one can be asked for.
        Failed = "FAILED",
    }

    /// What came of a webhook of a provider.
    InboundWebhookOutcome {
        /// What it told was new.
        Folded = "FOLDED",
        /// What it told was known.
        Known = "KNOWN",
        /// It is about nothing of this store, or of no kind that matters.
        Ignored = "IGNORED",
        /// It contradicts what is known: somebody has to look at the payment.
        Parked = "PARKED",
    }

    /// Whether a gift card can be used.
    GiftCardState {
        /// It can, as long as it has not expired.
        Active = "ACTIVE",
        /// It can't.
        Disabled = "DISABLED",
    }

    /// Why what a gift card is worth changed.
    GiftCardEntryKind {
        /// It was issued.
        Issued = "ISSUED",
        /// Somebody of the store changed it.
        Adjusted = "ADJUSTED",
        /// Somebody paid with it.
        Taken = "TAKEN",
        /// What was paid with it was given back.
        GivenBack = "GIVEN_BACK",
    }

    /// Why a customer's store credit changed.
    StoreCreditEntryKind {
        /// The store gave it.
        Issued = "ISSUED",
        /// The store took it away.
        Debited = "DEBITED",
        /// The customer paid with it.
        Taken = "TAKEN",
        /// What was paid with it was given back.
        GivenBack = "GIVEN_BACK",
    }

    /// What was sent of an order.
    FulfillmentProgress {
        /// Nothing yet.
        Unfulfilled = "UNFULFILLED",
        /// A part.
        PartiallyFulfilled = "PARTIALLY_FULFILLED",
        /// All of it.
        Fulfilled = "FULFILLED",
    }

    /// Where one fulfillment stands.
    FulfillmentStatus {
        /// It is being packed.
        Open = "OPEN",
        /// It is on its way.
        Shipped = "SHIPPED",
        /// It has arrived.
        Delivered = "DELIVERED",
        /// It was called off before it left.
        Canceled = "CANCELED",
    }

    /// What came back of an order.
    ReturnProgress {
        /// Nothing, and nothing is asked.
        None = "NONE",
        /// Something is on its way back, or asked to be.
        InProgress = "IN_PROGRESS",
        /// A part came back.
        PartiallyReturned = "PARTIALLY_RETURNED",
        /// All of it came back.
        Returned = "RETURNED",
    }

    /// Where one return stands.
    ReturnStatus {
        /// Somebody asks for it.
        Requested = "REQUESTED",
        /// The goods may come.
        Approved = "APPROVED",
        /// The store says no.
        Rejected = "REJECTED",
        /// The goods are there.
        Received = "RECEIVED",
        /// Nothing more is to be done.
        Closed = "CLOSED",
        /// It was called off.
        Canceled = "CANCELED",
    }

    /// What becomes of a unit that came back.
    ReturnCondition {
        /// It can be sold again.
        Restock = "RESTOCK",
        /// It is kept, and not sold.
        Damaged = "DAMAGED",
        /// It is gone.
        WrittenOff = "WRITTEN_OFF",
    }
}

impl StorePlan {
    /// How many times the settings' allowances a store has.
    pub const fn factor(self) -> u32 {
        match self {
            Self::Standard => 1,
            Self::Plus => 4,
            Self::Enterprise => 16,
        }
    }
}
