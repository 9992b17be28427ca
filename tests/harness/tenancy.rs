//! Organizations, stores, members and tokens that stories need to stand there first; more of what
//! [`super::builders`] has.

use rules::ids::OrganizationId;
use rules::permission::Permission;

use super::world::Membership;
use super::{Actor, Shop, json};

/// A store that was opened in a story.
#[derive(Debug, Clone)]
pub struct NewStore {
    pub id: String,
    pub handle: String,
}

/// An invitation that is open.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub id: String,
    /// The secret in clear.
    pub token: String,
}

/// A token that was made in a story.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub id: String,
    /// The token in clear.
    pub secret: String,
}

impl Shop {
    /// The e-mail address of a person.
    pub async fn email_of(&self, person: &Actor) -> String {
        let user = self.literal(person.user.expect("a person"));
        let rows = self.texts(&format!("SELECT email FROM users WHERE id = {user}")).await;
        rows[0][0].clone()
    }

    /// An organization that `owner` founds; answers its id.
    pub async fn new_organization(&self, owner: &Actor) -> String {
        let document = "mutation($input: OrganizationCreateInput!) { organizationCreate(input: $input) \
            { organization { id } userErrors { code field message } } }";
        let answer = owner.query(document, json!({ "input": { "name": self.word() } })).await.ok();
        answer.text("organizationCreate.organization.id").to_owned()
    }

    /// One more store of Linden.
    pub async fn new_store(&self) -> NewStore {
        let document = "mutation($organization: ID!, $input: StoreCreateInput!) { \
            storeCreate(organizationId: $organization, input: $input) { store { id } userErrors { code field message } } }";
        let handle = self.word();
        let input = json!({ "name": "Shop", "handle": handle, "currency": "EUR", "locale": "en" });
        let variables = json!({ "organization": self.linden.id.to_string(), "input": input });
        let answer = self.owner().query(document, variables).await.ok();
        NewStore { id: answer.text("storeCreate.store.id").to_owned(), handle }
    }

    /// A domain of Linden's first store; answers its id.
    pub async fn domain(&self) -> String {
        let document = "mutation($host: String!) { storeDomainAdd(input: { host: $host }) \
            { storeDomain { id } userErrors { code field message } } }";
        let host = format!("{}.example", self.word());
        let answer = self.owner().query(document, json!({ "host": host })).await.ok();
        answer.text("storeDomainAdd.storeDomain.id").to_owned()
    }

    /// A role of Linden's own; answers its id.
    pub async fn role(&self, permissions: &[Permission]) -> String {
        role(&self.owner(), self.linden.id, &self.word(), permissions).await
    }

    /// Somebody else's membership of Linden, with a role of its own; answers its id.
    pub async fn membership(&self, permissions: &[Permission]) -> String {
        let may = Membership { permissions: permissions.to_vec(), ..Membership::default() };
        self.membership_with(&may).await
    }

    /// Somebody else's membership of Linden that reaches its two stores by name.
    pub async fn membership_of_two_stores(&self) -> String {
        let stores = self.linden.stores.iter().map(|(_, id)| *id).collect();
        self.membership_with(&Membership {
            permissions: vec![Permission::ProductsRead],
            grants: vec![Permission::PricesRead],
            stores: Some(stores),
            ..Membership::default()
        })
        .await
    }

    /// Somebody else's membership of Linden; answers its id.
    pub async fn membership_with(&self, may: &Membership) -> String {
        let writer = self.writer();
        let user = writer.user(&format!("{}@people.example", self.word())).await;
        writer.member(self.linden.id, user, may).await.to_string()
    }

    /// A role that allows nothing; one for each organization, which can't have many.
    async fn role_for_nothing(&self, owner: &Actor, organization: OrganizationId) -> String {
        let id = if self.database().is_postgres() { "id::text" } else { "hex(id)" };
        let sql = format!(
            "SELECT {id} FROM roles WHERE name = 'Nothing' AND organization_id = {}",
            self.literal(organization)
        );
        match self.texts(&sql).await.first().and_then(|row| uuid::Uuid::parse_str(&row[0]).ok()) {
            Some(id) => rules::ids::RoleId(id).to_string(),
            None => role(owner, organization, "Nothing", &[]).await,
        }
    }

    /// An invitation by an owner, with a role that allows nothing.
    pub async fn invitation(&self, owner: &Actor, organization: OrganizationId, email: &str) -> Invitation {
        let role = self.role_for_nothing(owner, organization).await;
        let document = "mutation($organization: ID!, $input: InvitationCreateInput!) { \
            invitationCreate(organizationId: $organization, input: $input) { \
                invitation { id } token userErrors { code field message } } }";
        let input = json!({ "email": email, "role": { "roleId": role } });
        let variables = json!({ "organization": organization.to_string(), "input": input });
        let answer = owner.query(document, variables).await.ok();
        Invitation {
            id: answer.text("invitationCreate.invitation.id").to_owned(),
            token: answer.text("invitationCreate.token").to_owned(),
        }
    }

    /// A token of Linden's first store that may read products, made by its owner.
    pub async fn api_token(&self) -> NewToken {
        api_token(&self.owner()).await
    }
}

/// A document that is registered, made by the owner of the store that it is in; answers its id.
pub async fn trusted_document(owner: &Actor, text: &str) -> String {
    let document = "mutation($input: TrustedDocumentsRegisterInput!) { trustedDocumentsRegister(input: $input) \
        { trustedDocuments { id } userErrors { code field message } } }";
    let answer = owner.query(document, json!({ "input": { "documents": [{ "text": text }] } })).await.ok();
    answer.text("trustedDocumentsRegister.trustedDocuments.0.id").to_owned()
}

/// A role of an organization, made by its owner; answers its id.
pub async fn role(owner: &Actor, organization: OrganizationId, name: &str, permissions: &[Permission]) -> String {
    let document = "mutation($organization: ID!, $input: RoleCreateInput!) { \
        roleCreate(organizationId: $organization, input: $input) { role { id } userErrors { code field message } } }";
    let permissions: Vec<&str> = permissions.iter().map(|permission| permission.name()).collect();
    let input = json!({ "name": name, "permissions": permissions });
    let variables = json!({ "organization": organization.to_string(), "input": input });
    owner.query(document, variables).await.ok().text("roleCreate.role.id").to_owned()
}

/// A token that may read products, made by `owner` for the store that it is in.
pub async fn api_token(owner: &Actor) -> NewToken {
    let document = "mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) \
        { apiToken { id } secret userErrors { code field message } } }";
    let input = json!({ "name": "Feed", "kind": "API", "scopes": ["PRODUCTS_READ"] });
    let answer = owner.query(document, json!({ "input": input })).await.ok();
    let text = |path: &str| answer.text(&format!("apiTokenCreate.{path}")).to_owned();
    NewToken { id: text("apiToken.id"), secret: text("secret") }
}
