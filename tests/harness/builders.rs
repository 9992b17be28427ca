//! Things that stories need to stand there first.
//!
//! Each builder of the catalog asks the API as the owner, as a merchant would, and answers the id. To
//! add one, add a method; a story that needs something out of the ordinary writes its own mutation.

use std::sync::{Arc, Mutex};

use entity::identity::user_credentials;
use rules::ids::UserId;
use stoa::identity::password::{self, Password};
use stoa::kernel::Ctx;
use stoa::kernel::ctx::Caller;

use super::{Actor, Shop, json};

/// Someone who can sign in.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: UserId,
    pub email: String,
    pub password: &'static str,
}

/// What signing in gave.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: String,
    pub access: String,
    pub refresh: String,
}

/// What everybody with a password has.
pub const PASSWORD: &str = "correct horse battery";

impl Shop {
    /// A word that nothing else is called by.
    pub fn word(&self) -> String {
        format!("word-{}", uuid::Uuid::from(self.id::<UserId>()).simple())
    }

    // --- people --------------------------------------------------------------------------------

    /// A person with a password, a member of nothing and not signed in.
    pub async fn account(&self) -> Account {
        let email = format!("{}@people.example", self.word());
        let user = self.writer().user(&email).await;
        self.give_password(user).await;
        Account { user, email, password: PASSWORD }
    }

    /// Gives a person the password [`PASSWORD`].
    pub async fn give_password(&self, user: UserId) {
        // Argon2 takes its time by design: once a process is enough.
        static HASH: Mutex<Option<String>> = Mutex::new(None);
        let known = HASH.lock().expect("the hash").clone();
        let hash = match known {
            Some(hash) => hash,
            None => {
                let ctx = Ctx::new(Arc::clone(&self.node.system), Caller::anonymous("test"), None, Arc::default());
                let hash = password::hash(&ctx, &Password::new(PASSWORD)).await.expect("a hash");
                HASH.lock().expect("the hash").get_or_insert(hash).clone()
            }
        };
        let writer = self.writer();
        let now = writer.now;
        let row = user_credentials::Model {
            user_id: user,
            password_hash: hash,
            password_changed_at: now,
            created_at: now,
            updated_at: now,
        };
        writer.put(row).await;
    }

    /// Signs in with the password.
    pub async fn sign_in(&self, account: &Account) -> SignedIn {
        let document = "mutation($input: SignInInput!) { signIn(input: $input) \
            { session { sessionId accessToken refreshToken } userErrors { code message } } }";
        let input = json!({ "email": account.email, "password": account.password });
        let answer = self.anonymous().query(document, json!({ "input": input })).await.ok();
        let text = |name: &str| answer.text(&format!("signIn.session.{name}")).to_owned();
        SignedIn { session: text("sessionId"), access: text("accessToken"), refresh: text("refreshToken") }
    }

    // --- catalog -------------------------------------------------------------------------------

    /// A brand of Linden's first store.
    pub async fn brand(&self, name: &str) -> String {
        brand(&self.owner(), name).await
    }

    /// A brand of the rival's store.
    pub async fn brand_of_rival(&self, name: &str) -> String {
        brand(&self.rival(), name).await
    }
}

async fn brand(owner: &Actor, name: &str) -> String {
    let document =
        "mutation($input: BrandCreateInput!) { brandCreate(input: $input) { brand { id } userErrors { message } } }";
    let answer = owner.query(document, json!({ "input": { "name": name } })).await.ok();
    answer.text("brandCreate.brand.id").to_owned()
}
