//! Stories of sessions: how they go on, and how they end.

use chrono::TimeDelta;
use futures::future::join_all;

use super::{EMAIL, PASSWORD, SignedIn, change_password, is_signed_in, maria, refresh, sign_in, try_to_sign_in};
use crate::harness::{Shop, json};
use stoa::kernel::Ctx;
use stoa::kernel::ctx::Caller;

both! {
    async fn a_session_is_refreshed_and_its_old_tokens_are_void(db: Database) {
        let shop = Shop::open(db).await;
        let nobody = shop.anonymous().nowhere();
        let first = maria(&shop).await;
        shop.wait(TimeDelta::minutes(61));
        assert!(!is_signed_in(&first.actor).await, "the access token has run out");
        let answer = refresh(&nobody, &first.refresh).await.ok();
        let second = SignedIn::from(&nobody, &answer, "sessionRefresh");
        assert_eq!(second.session, first.session);
        assert!(is_signed_in(&second.actor).await);
        let answer = refresh(&nobody, &second.refresh).await.ok();
        let third = SignedIn::from(&nobody, &answer, "sessionRefresh");
        assert!(!is_signed_in(&second.actor).await && is_signed_in(&third.actor).await);
        shop.wait(TimeDelta::days(31));
        let answer = refresh(&nobody, &third.refresh).await;
        assert_eq!(answer.user_error("sessionRefresh"), "INVALID_TOKEN refreshToken");
    }

    async fn rule_a3_attack_n09_a_used_refresh_token_ends_its_whole_session(db: Database) {
        let shop = Shop::open(db).await;
        let nobody = shop.anonymous().nowhere();
        let stolen = maria(&shop).await;
        let other = sign_in(&shop, EMAIL, PASSWORD).await;
        let answer = refresh(&nobody, &stolen.refresh).await.ok();
        let thief = SignedIn::from(&nobody, &answer, "sessionRefresh");
        let before = shop.ledger().await;

        let answer = refresh(&nobody, &stolen.refresh).await;

        assert_eq!(answer.user_error_codes("sessionRefresh"), ["INVALID_TOKEN"]);
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["session.revoke".to_owned()], vec!["session.revoked".to_owned()]));
        assert!(!is_signed_in(&thief.actor).await);
        let answer = refresh(&nobody, &thief.refresh).await;
        assert_eq!(answer.user_error_codes("sessionRefresh"), ["INVALID_TOKEN"]);
        assert!(is_signed_in(&other.actor).await, "another session is not of the family");
    }

    async fn attack_n09_one_refresh_token_at_once_wins_once_and_ends_the_family(db: Database) {
        let shop = Shop::open(db).await;
        let second_node = shop.second_node().await;
        let here = shop.anonymous().nowhere();
        let there = shop.on(&second_node, &here);
        let maria = maria(&shop).await;
        let tries = (0..6).map(|place| refresh(if place % 2 == 0 { &here } else { &there }, &maria.refresh));
        let answers = join_all(tries).await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.is_ok()).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        assert!(answers.iter().filter(|answer| !answer.is_ok()).all(|answer| {
            answer.user_error_codes("sessionRefresh") == ["INVALID_TOKEN"]
        }));
        let winner = SignedIn::from(&here, won[0], "sessionRefresh");
        assert!(!is_signed_in(&winner.actor).await);
        assert_eq!(shop.number("SELECT COUNT(*) FROM refresh_tokens").await, 2);
    }

    async fn attack_n09_what_is_no_refresh_token_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let maria = maria(&shop).await;
        let nobody = shop.anonymous().nowhere();
        let with_cookie = nobody.clone().with_header("cookie", &format!("refreshToken={}", maria.refresh));
        let before = shop.fingerprint().await;
        let flipped = maria.refresh.replace("stoa_rt_", "stoa_at_");
        for token in ["", " ", "null", maria.actor.secret(), &flipped, &maria.refresh[1..], &"x".repeat(10_000)] {
            let answer = refresh(&with_cookie, token).await;
            assert_eq!(answer.user_error("sessionRefresh"), "INVALID_TOKEN refreshToken", "{token}");
        }
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());
        let as_access = nobody.with_secret(&maria.refresh);
        assert!(!is_signed_in(&as_access).await, "a refresh token proves no session");
    }

    async fn attack_n10_signing_out_ends_the_session_on_every_node(db: Database) {
        let shop = Shop::open(db).await;
        let second = shop.second_node().await;
        let maria = maria(&shop).await;
        let there = shop.on(&second, &maria.actor);
        assert!(is_signed_in(&there).await);
        let before = shop.ledger().await;
        let answer = maria.actor.query("mutation { signOut { revokedSessionId userErrors { code } } }", json!(null)).await.ok();
        assert_eq!(answer.text("signOut.revokedSessionId"), maria.session);
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["account.sign_out".to_owned()], vec!["session.revoked".to_owned()]));
        assert!(!is_signed_in(&maria.actor).await && !is_signed_in(&there).await);
        let answer = refresh(&shop.anonymous().nowhere(), &maria.refresh).await;
        assert_eq!(answer.user_error_codes("sessionRefresh"), ["INVALID_TOKEN"]);
    }

    async fn rule_a3_attack_n10_a_change_of_password_ends_the_other_sessions(db: Database) {
        let shop = Shop::open(db).await;
        let nobody = shop.anonymous().nowhere();
        let maria = maria(&shop).await;
        let (phone, laptop) = (sign_in(&shop, EMAIL, PASSWORD).await, sign_in(&shop, EMAIL, PASSWORD).await);
        let before = shop.ledger().await;

        change_password(&laptop.actor, PASSWORD, "nine yellow wheels").await.ok();

        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["account.password_change"]);
        assert_eq!(told.events, ["session.revoked", "session.revoked", "user.password_changed"]);
        assert!(is_signed_in(&laptop.actor).await);
        assert!(!is_signed_in(&maria.actor).await && !is_signed_in(&phone.actor).await);
        let answer = refresh(&nobody, &phone.refresh).await;
        assert_eq!(answer.user_error_codes("sessionRefresh"), ["INVALID_TOKEN"]);
        let answer = try_to_sign_in(&nobody, EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
        sign_in(&shop, EMAIL, "nine yellow wheels").await;
    }

    async fn attack_n10_no_sign_in_slips_past_a_change_of_password(db: Database) {
        let shop = Shop::open(db).await;
        let maria = maria(&shop).await;
        let nobody = shop.anonymous().nowhere();
        let sign_ins = (0..4).map(|_| try_to_sign_in(&nobody, EMAIL, PASSWORD));
        let change = change_password(&maria.actor, PASSWORD, "nine yellow wheels");
        let (answers, changed) = futures::join!(join_all(sign_ins), change);
        changed.ok();
        for answer in answers.iter().filter(|answer| answer.is_ok()) {
            let slipped = SignedIn::from(&nobody, answer, "signIn");
            assert!(!is_signed_in(&slipped.actor).await);
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM sessions WHERE revoked_at IS NULL AND user_id IN \
            (SELECT user_id FROM user_credentials)").await, 1);
    }

    async fn attack_n01_a_stolen_session_is_no_way_to_guess_the_password(db: Database) {
        let shop = Shop::open(db).await;
        let maria = maria(&shop).await;
        for _ in 0..5 {
            let answer = change_password(&maria.actor, "not this one", "nine yellow wheels").await;
            assert_eq!(answer.user_error("passwordChange"), "INVALID_CREDENTIALS currentPassword");
        }
        let answer = change_password(&maria.actor, PASSWORD, "nine yellow wheels").await;
        assert_eq!(answer.user_error_codes("passwordChange"), ["LOCKED_OUT"]);
        shop.wait(TimeDelta::minutes(1));
        change_password(&maria.actor, PASSWORD, "nine yellow wheels").await.ok();
    }

    async fn a_new_password_obeys_the_policy(db: Database) {
        let shop = Shop::open(db).await;
        let maria = maria(&shop).await;
        let before = shop.fingerprint().await;
        for (new, code) in [("short", "TOO_SHORT"), ("password1", "PASSWORD_TOO_WEAK"), ("hello maria 12", "PASSWORD_TOO_WEAK")] {
            let answer = change_password(&maria.actor, PASSWORD, new).await;
            assert_eq!(answer.user_error("passwordChange"), format!("{code} newPassword"));
        }
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());
    }

    async fn a_person_sees_and_ends_her_own_sessions_only(db: Database) {
        let shop = Shop::open(db).await;
        let (laptop, rival) = (maria(&shop).await, shop.rival());
        let phone = sign_in(&shop, EMAIL, PASSWORD).await;
        let tablet = sign_in(&shop, EMAIL, PASSWORD).await;
        let answer = laptop.actor.query("{ viewer { sessions { id isCurrent ip } } }", json!(null)).await.ok();
        let mut ids = answer.texts("viewer.sessions", "id");
        ids.sort_unstable();
        let mut expected = vec![laptop.session.as_str(), &phone.session, &tablet.session];
        expected.sort_unstable();
        assert_eq!(ids, expected);
        let current = answer.data("viewer.sessions").as_array().into_iter().flatten();
        let current: Vec<_> = current.filter(|session| session["isCurrent"] == true).map(|session| &session["id"]).collect();
        assert_eq!(current, [&json!(laptop.session)]);

        let revoke = "mutation($id: ID!) { sessionRevoke(id: $id) { revokedSessionId userErrors { code } } }";
        let before = shop.fingerprint().await;
        let answer = rival.query(revoke, json!({ "id": phone.session })).await;
        assert_eq!(answer.code(), "NOT_FOUND", "{answer}");
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());
        laptop.actor.query(revoke, json!({ "id": phone.session })).await.ok();
        assert!(!is_signed_in(&phone.actor).await && is_signed_in(&tablet.actor).await);
        let again = laptop.actor.query(revoke, json!({ "id": phone.session })).await;
        assert_eq!(again.code(), "NOT_FOUND");

        let others = "mutation { sessionsRevokeOthers { revokedSessionIds userErrors { code } } }";
        let answer = laptop.actor.query(others, json!(null)).await.ok();
        assert_eq!(answer.data("sessionsRevokeOthers.revokedSessionIds"), &json!([tablet.session]));
        assert!(!is_signed_in(&tablet.actor).await && is_signed_in(&laptop.actor).await);
        assert!(shop.rival().query("{ viewer { actor } }", json!(null)).await.is_ok(), "the rival's session lives on");
    }

    async fn a_person_has_fifty_sessions_at_the_most(db: Database) {
        let shop = Shop::open(db).await;
        let first = maria(&shop).await;
        let user = stoa_user(&shop).await;
        shop.wait(TimeDelta::minutes(5));
        for _ in 0..49 {
            shop.writer().session(user).await;
        }
        shop.wait(TimeDelta::minutes(5));
        let newest = sign_in(&shop, EMAIL, PASSWORD).await;
        assert!(is_signed_in(&newest.actor).await);
        assert!(!is_signed_in(&first.actor).await, "the one not used for the longest time went");
        let live = format!("SELECT COUNT(*) FROM sessions WHERE revoked_at IS NULL AND user_id = {}", shop.literal(user));
        assert_eq!(shop.number(&live).await, 50);
    }

    async fn what_no_longer_matters_is_swept_away(db: Database) {
        let shop = Shop::open(db).await;
        let old = maria(&shop).await;
        try_to_sign_in(&shop.anonymous().nowhere(), "nobody@linden.example", "not this one").await;
        shop.wait(TimeDelta::days(40));
        let new = sign_in(&shop, EMAIL, PASSWORD).await;
        try_to_sign_in(&shop.anonymous().nowhere(), "nobody@linden.example", "not this one").await;
        shop.wait(TimeDelta::days(21));
        let caller = Caller::anonymous("sweep");
        let ctx = Ctx::new(std::sync::Arc::clone(&shop.node.system), caller, None, std::sync::Arc::default());
        stoa::identity::sweep(&ctx).await.expect("a sweep");
        assert_eq!(shop.number("SELECT COUNT(*) FROM sign_in_throttles").await, 0);
        let left = |id: &str| format!("SELECT COUNT(*) FROM sessions WHERE id = {}", shop.literal_of(id));
        assert_eq!((shop.number(&left(&old.session)).await, shop.number(&left(&new.session)).await), (0, 1));
        assert_eq!(shop.number("SELECT COUNT(*) FROM refresh_tokens").await, 1);
    }

    async fn promise_p18_no_secret_stands_in_the_database(db: Database) {
        let shop = Shop::open(db).await;
        let nobody = shop.anonymous().nowhere();
        let first = maria(&shop).await;
        let answer = refresh(&nobody, &first.refresh).await.ok();
        let second = SignedIn::from(&nobody, &answer, "sessionRefresh");
        change_password(&second.actor, PASSWORD, "nine yellow wheels").await.ok();
        let mut held = String::new();
        for table in ["users", "user_credentials", "sessions", "refresh_tokens", "sign_in_throttles", "user_audit_logs", "platform_events"] {
            held.push_str(&everything(&shop, table).await);
        }
        for secret in [PASSWORD, "nine yellow wheels", first.actor.secret(), &first.refresh, second.actor.secret(), &second.refresh] {
            assert!(!held.contains(secret));
            assert!(!held.to_lowercase().contains(&hex::encode(secret)));
        }
        let log = everything(&shop, "user_audit_logs").await + &everything(&shop, "platform_events").await;
        assert!(!log.contains("linden.example"), "the logs outlive the account: no address stands in them");
    }
}

async fn stoa_user(shop: &Shop) -> rules::ids::UserId {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let select = entity::identity::users::Entity::find();
    let select = select.filter(entity::identity::users::Column::EmailNormalized.eq(EMAIL));
    select.one(shop.db()).await.expect("an answer").expect("an account").id
}

/// All rows of a table in one text.
async fn everything(shop: &Shop, table: &str) -> String {
    if shop.database().is_postgres() {
        return shop.texts(&format!("SELECT t::text FROM {table} t")).await.concat().concat();
    }
    let columns = shop.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{}\")", column[0])).collect();
    shop.texts(&format!("SELECT {} FROM {table}", quoted.join(" || ' ' || "))).await.concat().concat()
}
