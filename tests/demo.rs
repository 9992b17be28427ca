//! Stories of the demo: the binary itself, as somebody starts it for the first time.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stoa::http::graphiql::EXAMPLES;
use tokio::process::{Child, Command};

/// A demo that runs, in a folder of its own.
struct Demo {
    process: Child,
    access: Value,
    client: reqwest::Client,
}

/// The binary with nothing set but where it works.
fn stoa(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    command.env_clear().env("STOA_DATA_DIR", folder).env("STOA_LISTEN", "127.0.0.1:0").current_dir(folder);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

impl Demo {
    async fn start(folder: &Path) -> Self {
        let mut command = stoa(folder);
        command.arg("demo");
        Self::of(command, folder).await
    }

    async fn of(mut command: Command, folder: &Path) -> Self {
        use tokio::io::{AsyncBufReadExt, BufReader};
        let mut process = command.spawn().expect("the binary");
        // The box on the standard output comes when the server listens.
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let deadline = Instant::now() + Duration::from_secs(120);
        while Instant::now() < deadline {
            match lines.next_line().await.expect("a line") {
                Some(line) if line.contains("demo.json") => break,
                Some(_) => {}
                None => panic!("it ended: {:?}", process.wait_with_output().await),
            }
        }
        let access = std::fs::read_to_string(folder.join("demo.json")).expect("the notes");
        let access = serde_json::from_str(&access).expect("JSON");
        Self { process, access, client: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    /// Subscribes, and sees that a stream opens.
    async fn listen(&self, query: &str, authorization: &str) {
        let url = format!("{}/graphql", self.access["url"].as_str().expect("an address"));
        let store = self.access["stores"][0]["handle"].as_str().expect("a handle");
        let request = self.client.post(url).header("x-store", store).header("accept", "text/event-stream");
        let request = request.bearer_auth(authorization).json(&json!({ "query": query }));
        let mut stream = request.send().await.expect("an answer");
        let first = stream.chunk().await.expect("a part");
        assert_eq!(first.as_deref(), Some(&b":\n\n"[..]), "no stream: {first:?}");
    }

    async fn post(&self, body: Value, authorization: Option<&str>) -> Value {
        let url = format!("{}/graphql", self.access["url"].as_str().expect("an address"));
        let store = self.access["stores"][0]["handle"].as_str().expect("a handle");
        let mut request = self.client.post(url).header("x-store", store).json(&body);
        if let Some(secret) = authorization {
            request = request.header("authorization", format!("Bearer {secret}"));
        }
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    async fn stop(mut self) {
        self.process.kill().await.expect("an end");
    }
}

/// A visitor buys two of something with the demo's code and test card, and the owner sees the order.
async fn buy(demo: &Demo, variant: &str, owner: &str) {
    let ask = async |query: &str, variables: Value| {
        let answer = demo.post(json!({ "query": query, "variables": variables }), None).await;
        assert!(answer["errors"].is_null(), "{answer}");
        let fields = answer["data"].as_object().expect("data").values();
        assert!(fields.clone().all(|field| field["userErrors"].as_array().is_none_or(Vec::is_empty)), "{answer}");
        answer["data"].clone()
    };
    let create = "mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } token userErrors { code message } } }";
    let lines = json!([{ "variantId": variant, "quantity": 2 }]);
    let made = ask(create, json!({ "input": { "lines": lines, "email": "ann@people.example" } })).await;
    let (cart, token) = (&made["cartCreate"]["cart"]["id"], &made["cartCreate"]["token"]);
    let of_cart = |more: Value| {
        let mut all = json!({ "cartId": cart, "token": token });
        all.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        all
    };
    let codes = "mutation($cartId: ID!, $token: String, $codes: [String!]!) { \
        cartDiscountCodesUpdate(cartId: $cartId, token: $token, codes: $codes) { userErrors { code message } } }";
    ask(codes, of_cart(json!({ "codes": ["WELCOME10"] }))).await;
    let address = "mutation($cartId: ID!, $token: String, $address: AddressInput) { \
        cartShippingAddressUpdate(cartId: $cartId, token: $token, address: $address) { \
        cart { deliveryGroups { deliveryGroupId options { shippingRateId } } } userErrors { code message } } }";
    let there = json!({ "lastName": "Ann", "address1": "Main Street 1", "city": "Berlin", "country": "DE", "postalCode": "10115" });
    let shown = ask(address, of_cart(json!({ "address": there }))).await;
    let group = &shown["cartShippingAddressUpdate"]["cart"]["deliveryGroups"][0];
    let options = "mutation($cartId: ID!, $token: String, $options: [CartShippingChoiceInput!]!) { \
        cartShippingOptionsUpdate(cartId: $cartId, token: $token, options: $options) { \
        cart { problems { message } pricing { discount { amount } total { amount currencyCode } } } userErrors { code message } } }";
    let chosen = json!([{ "deliveryGroupId": group["deliveryGroupId"], "shippingRateId": group["options"][0]["shippingRateId"] }]);
    let priced = ask(options, of_cart(json!({ "options": chosen }))).await;
    let priced = &priced["cartShippingOptionsUpdate"]["cart"];
    assert_eq!(priced["problems"], json!([]), "{priced}");
    assert_ne!(priced["pricing"]["discount"]["amount"], "0.00", "{priced}");
    let ways = ask("{ paymentMethods { providerId test } }", json!({})).await;
    let pay = "mutation($cartId: ID!, $token: String, $input: CheckoutPayInput!) { \
        checkoutPay(cartId: $cartId, token: $token, input: $input) { \
        checkout { status failure order { number total { amount } } } userErrors { code message } } }";
    for (card, status) in [("tok_decline", "OPEN"), ("tok_approve", "COMPLETED")] {
        let payment = json!({ "providerId": ways["paymentMethods"][0]["providerId"], "token": card });
        let input = json!({ "total": priced["pricing"]["total"], "payment": payment });
        let paid = ask(pay, of_cart(json!({ "input": input }))).await;
        assert_eq!(paid["checkoutPay"]["checkout"]["status"], status, "{paid}");
    }
    let orders = "{ orders(first: 1) { nodes { paymentStatus total { amount } } } }";
    let seen = demo.post(json!({ "query": orders }), Some(owner)).await;
    let order = &seen["data"]["orders"]["nodes"][0];
    assert_eq!(
        (&order["paymentStatus"], &order["total"]["amount"]),
        (&json!("PAID"), &priced["pricing"]["total"]["amount"])
    );
}

/// The variables of an example as the page sends them.
fn variables(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(json!({}))
}

fn on_a_runtime(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(story);
}

#[test]
fn the_demo_starts_from_nothing_and_every_example_works() {
    on_a_runtime(async {
        let folder = tempfile::tempdir().expect("a folder");
        let demo = Demo::start(folder.path()).await;
        let access = demo.access.clone();
        assert_eq!(
            (access["accounts"].as_array().map(Vec::len), access["stores"].as_array().map(Vec::len)),
            (Some(4), Some(3))
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join("demo.json")).expect("the notes").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let config = demo.client.get(access["graphiql"].as_str().expect("GraphiQL").to_owned() + "/config.json");
        let config: Value = config.send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(config["headers"]["X-Store"], access["stores"][0]["handle"]);

        let first = demo.post(json!({ "query": EXAMPLES[0].query }), None).await;
        let nodes = first["data"]["products"]["nodes"].as_array().expect("products");
        assert_eq!(nodes.len(), 10, "{first}");
        assert!(nodes.iter().all(|node| !node["variants"][0]["price"].is_null()), "{first}");

        let sign_in = EXAMPLES.iter().find(|example| example.name.ends_with("sign-in")).expect("an example");
        let signed_in =
            demo.post(json!({ "query": sign_in.query, "variables": variables(sign_in.variables) }), None).await;
        let secret = signed_in["data"]["signIn"]["session"]["accessToken"].as_str();
        let secret = secret.unwrap_or_else(|| panic!("{signed_in}"));
        for example in &EXAMPLES {
            let mut variables = variables(example.variables);
            if example.name.ends_with("price-change") {
                variables["productId"] = nodes[0]["id"].clone();
                variables["prices"][0]["variantId"] = nodes[0]["variants"][0]["id"].clone();
            }
            if example.query.contains("\nsubscription ") {
                demo.listen(example.query, secret).await;
                continue;
            }
            let answer = demo.post(json!({ "query": example.query, "variables": variables }), Some(secret)).await;
            assert!(answer["errors"].is_null(), "{}: {answer}", example.name);
            let fields = answer["data"].as_object().expect("data");
            assert!(fields.values().all(|value| !value.is_null()), "{}: {answer}", example.name);
        }

        // Tokens do what they are for, and staff may change a price and no member.
        let api = access["stores"][0]["apiToken"].as_str();
        let drafts = json!({ "query": "{ products(filter: { status: DRAFT }) { nodes { title } } }" });
        let seen = demo.post(drafts.clone(), api).await;
        assert!(!seen["data"]["products"]["nodes"].as_array().expect("drafts").is_empty(), "{seen}");
        let storefront = access["stores"][0]["storefrontToken"].as_str();
        assert_eq!(demo.post(drafts, storefront).await["errors"][0]["extensions"]["code"], "FORBIDDEN");
        buy(&demo, nodes[0]["variants"][0]["id"].as_str().expect("a variant"), secret).await;
        let orders = demo.post(json!({ "query": "{ orders(first: 5) { totalCount } }" }), api).await;
        assert_eq!(orders["data"]["orders"]["totalCount"], 1, "{orders}");
        demo.stop().await;

        // Again: what is there is served, and the notes stay good.
        let again = Demo::start(folder.path()).await;
        assert_eq!((&again.access["accounts"], &again.access["stores"]), (&access["accounts"], &access["stores"]));
        let same = again.post(json!({ "query": "{ viewer { permissions } }" }), api).await;
        assert!(same["errors"].is_null(), "{same}");
        again.stop().await;
    });
}

both! {
    async fn a_demo_that_was_stopped_on_its_way_is_made_whole_the_next_time(db: Database) {
        use sea_orm::ConnectionTrait;
        let folder = tempfile::tempdir().expect("a folder");
        let url = match &db.url {
            stoa::kernel::db::DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            stoa::kernel::db::DatabaseUrl::Postgres(url) => url.clone(),
        };
        let key = crate::harness::process::KEY;
        let command = |arguments: &[&str]| {
            let mut command = stoa(folder.path());
            command.env("DATABASE_URL", &url).env("STOA_SECRET_KEY", key).args(arguments);
            command
        };
        // An empty database, without tables.
        assert!(command(&["migrate", "down", "--yes"]).output().await.expect("the binary").status.success());
        let look = db.connect().await;
        let count = async |sql: &str| {
            let statement = sea_orm::Statement::from_string(look.get_database_backend(), sql);
            let row = look.query_one_raw(statement).await;
            // The tables are not there for a moment where a part is taken away.
            row.ok().flatten().map_or(0, |row| row.try_get_by_index::<i64>(0).expect("a number"))
        };
        // Killed as soon as there are so many rows: before the first organization, between two, in the
        // middle of a store, and before the last store.
        for (table, rows) in [("users", 1), ("organizations", 1), ("products", 1), ("api_tokens", 3)] {
            let mut process = command(&["demo"]).spawn().expect("the binary");
            let sql = format!("SELECT COUNT(*) FROM {table}");
            let mut lower = false;
            loop {
                let there = count(&sql).await;
                // What the one before left is taken away first.
                lower |= there < rows;
                if lower && there >= rows {
                    break;
                }
                assert!(process.try_wait().expect("a process").is_none(), "it ended before {rows} {table}");
                tokio::task::yield_now().await;
            }
            process.kill().await.expect("an end");
            let unfinished = count("SELECT COUNT(*) FROM organizations WHERE name LIKE '%(being made)'").await;
            assert_eq!(unfinished, count("SELECT COUNT(*) FROM organizations").await, "{table}");
        }

        let demo = Demo::of(command(&["demo"]), folder.path()).await;
        let everything = async || {
            let mut counts = Vec::new();
            for table in ["users", "organizations", "memberships", "stores", "products", "prices", "collections", "api_tokens"] {
                counts.push((table, count(&format!("SELECT COUNT(*) FROM {table}")).await));
            }
            counts
        };
        let whole = everything().await;
        assert_eq!(whole[..4], [("users", 4), ("organizations", 2), ("memberships", 4), ("stores", 3)]);
        assert_eq!(count("SELECT COUNT(*) FROM organizations WHERE name LIKE '%(being made)'").await, 0);
        assert_eq!(whole[7], ("api_tokens", 6));
        let access = demo.access.clone();
        let token = access["stores"][0]["apiToken"].as_str();
        let drafts = demo.post(json!({ "query": "{ products(filter: { status: DRAFT }) { nodes { title } } }" }), token).await;
        assert!(!drafts["data"]["products"]["nodes"].as_array().expect("drafts").is_empty(), "{drafts}");
        demo.stop().await;

        // Again: it is known, and nothing is made.
        let again = Demo::of(command(&["demo"]), folder.path()).await;
        assert_eq!((&again.access["accounts"], &again.access["stores"]), (&access["accounts"], &access["stores"]));
        again.stop().await;
        assert_eq!(everything().await, whole);
        look.close().await.expect("an end");
    }
}

#[test]
fn a_token_is_made_at_the_shell_and_a_database_of_others_is_left_alone() {
    on_a_runtime(async {
        let folder = tempfile::tempdir().expect("a folder");
        let demo = Demo::start(folder.path()).await;
        let url = format!("sqlite:{}", folder.path().join("demo.sqlite").display());
        let key = crate::harness::process::KEY;
        let with = |command: &mut Command| {
            command.env("DATABASE_URL", &url).env("STOA_SECRET_KEY", key);
        };
        let mut make = stoa(folder.path());
        with(&mut make);
        make.args(["token", "create", "--store", "kettle-and-kin", "--name", "Feed", "--scope", "PRODUCTS_READ"]);
        let made = make.output().await.expect("the binary");
        assert!(made.status.success(), "{made:?}");
        let secret = String::from_utf8(made.stdout).expect("a secret").trim().to_owned();
        let url_of = demo.access["url"].as_str().expect("an address");
        let request = demo.client.post(format!("{url_of}/graphql")).bearer_auth(&secret);
        let answer = request.json(&json!({ "query": "{ viewer { permissions } }" })).send().await.expect("an answer");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["data"]["viewer"]["permissions"], json!(["PRODUCTS_READ"]));

        for wrong in [vec!["--store", "nowhere"], vec!["--store", "kettle-and-kin", "--scope", "EVERYTHING"]] {
            let mut make = stoa(folder.path());
            with(&mut make);
            let refused =
                make.args(["token", "create", "--name", "Feed"]).args(wrong).output().await.expect("the binary");
            assert!(!refused.status.success() && refused.stdout.is_empty());
        }

        // With nothing set, the demo is where `--demo` looks, and a wrong guess is told so.
        let words = ["token", "create", "--store", "kettle-and-kin", "--name", "Feed", "--storefront"];
        let elsewhere = stoa(folder.path()).args(words).output().await.expect("the binary");
        let told = String::from_utf8_lossy(&elsewhere.stderr).into_owned();
        assert!(!elsewhere.status.success() && told.contains("stoa.sqlite") && told.contains("--demo"), "{told}");
        let here = stoa(folder.path()).args(words).arg("--demo").output().await.expect("the binary");
        assert!(here.status.success() && here.stdout.starts_with(b"stoa_sft_"), "{here:?}");
        let empty = tempfile::tempdir().expect("a folder");
        let nowhere = stoa(empty.path()).args(words).arg("--demo").output().await.expect("the binary");
        let told = String::from_utf8_lossy(&nowhere.stderr).into_owned();
        assert!(!nowhere.status.success() && told.contains("run `stoa demo` first"), "{told}");

        // An import into the demo, from the shell: the code says how it went.
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/shopify");
        for (file, code) in [("old-dialect.csv", 0), ("bad-rows.csv", 2), ("latin-1.csv", 2), ("missing.csv", 1)] {
            let mut import = stoa(folder.path());
            with(&mut import);
            let file = fixtures.join(file);
            import.args(["import", "shopify-csv"]).arg(&file).args(["--store", "kettle-and-kin", "--json"]);
            let ended = import.output().await.expect("the binary");
            assert_eq!(ended.status.code(), Some(code), "{ended:?}");
            if code != 1 {
                let report: Value = serde_json::from_slice(&ended.stdout).expect("a report");
                assert_eq!(report["problemCount"] == 0, code == 0, "{report}");
            }
        }
        demo.stop().await;

        // Where somebody else's shop is, there is no demo.
        let mut refused = stoa(folder.path());
        with(&mut refused);
        rename_organization(&folder.path().join("demo.sqlite")).await;
        let refused = refused.arg("demo").output().await.expect("the binary");
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && told.contains("organizations of its own"), "{told}");
    });
}

async fn rename_organization(file: &Path) {
    use sea_orm::ConnectionTrait;
    let db = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.expect("the file");
    db.execute_unprepared("UPDATE organizations SET name = 'Somebody else'").await.expect("another name");
    db.close().await.expect("an end");
}
