//! Why a request was refused before it ran.

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

/// Why a request was refused before anything ran. Never holds any of the request's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The query's text is longer than a body may be.
    #[error("The query is longer than {limit} bytes. Ask for less, or send it as a persisted query.")]
    TextTooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// The query has too many tokens.
    #[error("The query has more than {limit} tokens. Split it into several requests.")]
    TooManyTokens {
        /// Tokens allowed.
        limit: usize,
    },
    /// Brackets, or selections, stand too deep inside one another.
    #[error("The query nests more than {limit} levels of brackets. Ask for less in one request.")]
    NestedTooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// A literal or a variable's type nests too deep.
    #[error("A value or a type in the query nests more than {limit} levels deep. Send flatter input.")]
    LiteralTooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// Too many aliases.
    #[error("The query uses more than {limit} aliases. Split it into several requests.")]
    TooManyAliases {
        /// Aliases allowed.
        limit: usize,
    },
    /// Too many directives.
    #[error("The query uses more than {limit} directives. Remove some of them.")]
    TooManyDirectives {
        /// Directives allowed.
        limit: usize,
    },
    /// Too many operations in one document.
    #[error("The query holds more than {limit} operations. Send only those that belong together.")]
    TooManyOperations {
        /// Operations allowed.
        limit: usize,
    },
    /// Too many fragments in one document.
    #[error("The query holds more than {limit} fragments. Send only those that are used.")]
    TooManyFragments {
        /// Fragments allowed.
        limit: usize,
    },
    /// Too many selections once the fragments are expanded.
    #[error(
        "The query selects more than {limit} fields once its fragments are expanded. Split it into several requests."
    )]
    TooManySelections {
        /// Selections allowed.
        limit: u64,
    },
    /// Fields stand too deep inside fields.
    #[error(
        "The query selects fields more than {limit} levels deep. Ask for the inner objects by their ids in another request."
    )]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// Introspection goes round in circles.
    #[error("The query asks for the schema in circles. Use the standard introspection query.")]
    IntrospectionTooDeep,
    /// Introspection is switched off here.
    #[error("Introspection is switched off on this server. Read its published schema instead.")]
    IntrospectionOff,
    /// The store lets this caller send only documents that it has registered.
    #[error("This store runs only documents that it has registered. Register this one, or send one that is.")]
    TrustedDocumentRequired,
    /// The operation costs too much.
    #[error("The operation costs {cost}, and at most {limit} is allowed. Ask for smaller pages or fewer nested lists.")]
    TooCostly {
        /// What it would cost, in objects.
        cost: u64,
        /// Cost allowed.
        limit: u64,
    },
    /// `first` or `last` asks for too much.
    #[error("A page holds at most {limit} items. Ask for a smaller page and follow its cursors.")]
    PageTooLarge {
        /// Items allowed.
        limit: u64,
    },
    /// A list given as input is too long.
    #[error("A list in the input has more than {limit} items. Split it over several requests.")]
    InputListTooLong {
        /// Items allowed.
        limit: usize,
    },
    /// The body's JSON nests too deep.
    #[error("The JSON of the request nests more than {limit} levels deep. Send flatter variables.")]
    JsonTooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// The body's JSON has too many keys.
    #[error("The JSON of the request has more than {limit} keys. Send only the variables that the query uses.")]
    JsonTooManyKeys {
        /// Keys allowed.
        limit: usize,
    },
    /// A text with the character NUL, which PostgreSQL can't keep.
    #[error("A text holds the character U+0000. Remove it.")]
    NulInText,
    /// A mutation with too many root fields.
    #[error("A mutation may hold at most {limit} root fields. Split it into several requests.")]
    TooManyRootFields {
        /// Root fields allowed.
        limit: usize,
    },
    /// A field that takes credentials stands beside another.
    #[error("A mutation that takes credentials must be the only root field of its operation. Send it alone.")]
    CredentialsNotAlone,
    /// A response key stands twice at a mutation's root: the engine would run the field twice.
    #[error("A response key stands twice at the root of the mutation. Give each field an alias of its own.")]
    RepeatedMutation {
        /// Where it stands again.
        at: Pos,
    },
    /// A subscription of which one event would answer several fields, or none.
    #[error(
        "A subscription holds one root field, without @skip and @include, and nothing beside it. Subscribe once for each field."
    )]
    SubscriptionRoot,
    /// A subscription over a transport that brings one answer only.
    #[error("Subscribe over a WebSocket (graphql-transport-ws), or accept text/event-stream.")]
    OneAnswerOnly,
    /// A fragment spreads itself.
    #[error("A fragment of the query contains itself. Remove the circle.")]
    FragmentCycle {
        /// Where the circle closes.
        at: Pos,
    },
    /// An alias that begins with two underscores, which are the server's.
    #[error("An alias may not begin with two underscores. Choose another name.")]
    ReservedAlias {
        /// Where it stands.
        at: Pos,
    },
    /// One response key is asked to hold two different things.
    #[error("Two different selections answer under one response key. Give one of them an alias.")]
    ConflictingSelections {
        /// The first of them.
        first: Pos,
        /// The one that conflicts with it.
        second: Pos,
    },
    /// The text isn't GraphQL.
    #[error("The query has a syntax error. Check it near the location given.")]
    Syntax {
        /// Where the parser gave up, if it said.
        at: Option<Pos>,
    },
    /// A string, or a block string, never ends.
    #[error("A string in the query is never closed. Close it with the quotes that opened it.")]
    UnterminatedString,
    /// Two operations or two fragments share a name.
    #[error("Two operations or two fragments of the query share a name. Names must be unique.")]
    RepeatedDefinition {
        /// The second of them.
        at: Option<Pos>,
    },
    /// An operation without a name stands beside others.
    #[error("An operation without a name must be the only one of its query. Give each a name.")]
    AnonymousNotAlone,
    /// There is no operation.
    #[error("The query holds no operation. Add one.")]
    NoOperation,
    /// A variable of a type that is none of the schema's, or can't be given.
    #[error("A variable has a type that is no input type of the schema. Check how it is written.")]
    UnknownVariableType {
        /// Where the variable is declared.
        at: Pos,
    },
    /// A condition that may be null.
    #[error("A condition of `@skip` or `@include` may be null. Give its variable the type `Boolean!` or a default.")]
    ConditionMayBeNull {
        /// Where the condition stands.
        at: Pos,
    },
    /// A variable that must have a value has none.
    #[error("A variable that may not be null has no value. Send one, or give it a default in the query.")]
    VariableMissing {
        /// Where the variable is declared.
        at: Pos,
    },
    /// No operation has the name that was asked for.
    #[error("The query holds no operation of the name given. Check `operationName`.")]
    UnknownOperation,
    /// Several operations, and none chosen.
    #[error("The query holds several operations. Say which one to run in `operationName`.")]
    OperationNameRequired,
}

impl Refusal {
    /// The documented code: what kind of mistake it is, as clients know it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } | Self::UnterminatedString => "GRAPHQL_PARSE_FAILED",
            Self::FragmentCycle { .. }
            | Self::RepeatedMutation { .. }
            | Self::ReservedAlias { .. }
            | Self::ConflictingSelections { .. }
            | Self::RepeatedDefinition { .. }
            | Self::AnonymousNotAlone
            | Self::IntrospectionOff
            | Self::SubscriptionRoot
            | Self::OneAnswerOnly
            | Self::UnknownVariableType { .. }
            | Self::ConditionMayBeNull { .. }
            | Self::NoOperation => "GRAPHQL_VALIDATION_FAILED",
            Self::UnknownOperation
            | Self::OperationNameRequired
            | Self::VariableMissing { .. }
            | Self::PageTooLarge { .. }
            | Self::InputListTooLong { .. }
            | Self::JsonTooDeep { .. }
            | Self::NulInText
            | Self::JsonTooManyKeys { .. } => "BAD_USER_INPUT",
            Self::TrustedDocumentRequired => "TRUSTED_DOCUMENT_REQUIRED",
            _ => "QUERY_TOO_COMPLEX",
        }
    }

    /// The stable name of exactly this refusal, for machines; it never changes.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TextTooLarge { .. } => "QUERY_TOO_LARGE",
            Self::TooManyTokens { .. } => "TOO_MANY_TOKENS",
            Self::NestedTooDeep { .. } => "NESTED_TOO_DEEP",
            Self::LiteralTooDeep { .. } => "LITERAL_TOO_DEEP",
            Self::TooManyAliases { .. } => "TOO_MANY_ALIASES",
            Self::TooManyDirectives { .. } => "TOO_MANY_DIRECTIVES",
            Self::TooManyOperations { .. } => "TOO_MANY_OPERATIONS",
            Self::TooManyFragments { .. } => "TOO_MANY_FRAGMENTS",
            Self::TooManySelections { .. } => "TOO_MANY_SELECTIONS",
            Self::TooDeep { .. } => "TOO_DEEP",
            Self::IntrospectionTooDeep => "INTROSPECTION_TOO_DEEP",
            Self::IntrospectionOff => "INTROSPECTION_OFF",
            Self::TrustedDocumentRequired => "TRUSTED_DOCUMENT_REQUIRED",
            Self::TooCostly { .. } => "TOO_COSTLY",
            Self::PageTooLarge { .. } => "PAGE_TOO_LARGE",
            Self::InputListTooLong { .. } => "INPUT_LIST_TOO_LONG",
            Self::JsonTooDeep { .. } => "JSON_TOO_DEEP",
            Self::JsonTooManyKeys { .. } => "JSON_TOO_MANY_KEYS",
            Self::NulInText => "NUL_IN_TEXT",
            Self::TooManyRootFields { .. } => "TOO_MANY_ROOT_FIELDS",
            Self::CredentialsNotAlone => "CREDENTIALS_NOT_ALONE",
            Self::RepeatedMutation { .. } => "REPEATED_MUTATION",
            Self::SubscriptionRoot => "SUBSCRIPTION_ROOT",
            Self::OneAnswerOnly => "ONE_ANSWER_ONLY",
            Self::FragmentCycle { .. } => "FRAGMENT_CYCLE",
            Self::ReservedAlias { .. } => "RESERVED_ALIAS",
            Self::ConflictingSelections { .. } => "CONFLICTING_SELECTIONS",
            Self::Syntax { .. } => "SYNTAX_ERROR",
            Self::UnterminatedString => "UNTERMINATED_STRING",
            Self::RepeatedDefinition { .. } => "REPEATED_DEFINITION",
            Self::AnonymousNotAlone => "ANONYMOUS_NOT_ALONE",
            Self::NoOperation => "NO_OPERATION",
            Self::UnknownVariableType { .. } => "UNKNOWN_VARIABLE_TYPE",
            Self::ConditionMayBeNull { .. } => "CONDITION_MAY_BE_NULL",
            Self::VariableMissing { .. } => "VARIABLE_MISSING",
            Self::UnknownOperation => "UNKNOWN_OPERATION",
            Self::OperationNameRequired => "OPERATION_NAME_REQUIRED",
        }
    }

    /// Where in the query the trouble stands, where that is known.
    pub fn locations(&self) -> Vec<Pos> {
        match self {
            Self::RepeatedMutation { at }
            | Self::FragmentCycle { at }
            | Self::ReservedAlias { at }
            | Self::UnknownVariableType { at }
            | Self::ConditionMayBeNull { at }
            | Self::VariableMissing { at } => vec![*at],
            Self::Syntax { at } | Self::RepeatedDefinition { at } => at.iter().copied().collect(),
            Self::ConflictingSelections { first, second } => vec![*first, *second],
            _ => Vec::new(),
        }
    }

    /// The refusal as an error of the response, with `extensions.code` and `extensions.reason`.
    pub fn to_error(&self) -> ServerError {
        let mut error = ServerError::new(self.to_string(), None);
        error.locations = self.locations();
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.code());
        extensions.set("reason", self.reason());
        error.extensions = Some(extensions);
        error
    }
}
