//! The wall between stores as PostgreSQL keeps it: its two roles, and the questions that tell whether
//! it still stands.
//!
//! Owns the names of the roles and policies and the self-check of start-up and `doctor`. Never says
//! which table is guarded; that stands in the migration. On SQLite there is no such wall, and every
//! function here answers at once.
//!
//! To add a question, add it to [`wall_problems`]: each answer is one sentence that says what to do.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

/// The policy that shows the app role the rows of one store.
pub(crate) const STORE_POLICY: &str = "stoa_store";
/// What [`STORE_POLICY`] compares, letter for letter as PostgreSQL writes it out: anything beside it, such as
/// an `OR`, would open the wall.
const STORE_POLICY_AS_KEPT: &str =
    "(store_id = (NULLIF(current_setting('stoa.store_id'::text, true), ''::text))::uuid)";
/// The policy that shows the platform role every row.
pub(crate) const PLATFORM_POLICY: &str = "stoa_platform";

/// Tables that have a `store_id` and belong to an organization all the same.
const NOT_OF_A_STORE: &[&str] = &["membership_stores", "invitation_stores"];

/// Tables that nobody may change once written, whatever the role.
const APPENDED: &[&str] = &[
    "inventory_movements",
    "payment_events",
    "inbound_webhooks",
    "gift_card_entries",
    "store_credit_entries",
    "audit_logs",
    "audit_seals",
    "organization_audit_logs",
    "user_audit_logs",
];

/// The longest name that PostgreSQL keeps whole.
const LONGEST_NAME: usize = 63;

/// The two roles without login that the server changes into, one transaction at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    /// For a request inside one store.
    pub app: String,
    /// For what must cross stores.
    pub platform: String,
}

impl Roles {
    /// The roles that belong to a database of this name.
    fn of_database(database: &str) -> Self {
        Self { app: format!("{database}_app"), platform: format!("{database}_platform") }
    }
}

/// Reads from the policies which roles this database uses; none on SQLite and before the migration.
///
/// Ask this and never build the names: a copy of a database keeps the roles of its original.
pub async fn roles<C: ConnectionTrait>(db: &C) -> Result<Option<Roles>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let of = |policy| {
        format!(
            "SELECT roles[1]::text FROM pg_policies \
             WHERE schemaname = current_schema() AND tablename = 'api_tokens' AND policyname = '{policy}'"
        )
    };
    let sql = format!("SELECT ({}) AS app, ({}) AS platform", of(STORE_POLICY), of(PLATFORM_POLICY));
    let Some(row) = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await? else {
        return Ok(None);
    };
    let app: Option<String> = row.try_get("", "app")?;
    let platform: Option<String> = row.try_get("", "platform")?;
    Ok(app.zip(platform).map(|(app, platform)| Roles { app, platform }))
}

/// Creates the roles of this database where they are absent, and lets the current user change into
/// them.
///
/// # Errors
/// Where the current user may not do that, the message holds the SQL for an administrator.
pub(crate) async fn create_roles<C: ConnectionTrait>(db: &C) -> Result<Roles, DbErr> {
    let me = one(
        db,
        "SELECT current_user::text AS name, current_database()::text AS database, \
                rolsuper OR rolcreaterole AS may_create \
         FROM pg_roles WHERE rolname = current_user",
    )
    .await?;
    let name: String = me.try_get("", "name")?;
    let may_create: bool = me.try_get("", "may_create")?;
    let roles = Roles::of_database(&me.try_get::<String>("", "database")?);
    if roles.platform.len() > LONGEST_NAME {
        return Err(DbErr::Migration(format!(
            "the database's name is too long: the name of its role `{}` has more than {LONGEST_NAME} bytes",
            roles.platform
        )));
    }

    for role in [&roles.app, &roles.platform] {
        let (quoted, text) = (quoted(role), literal(role));
        let state = one(
            db,
            &format!(
                "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = {text}) AS exists, \
                        coalesce((SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = {text}), false) \
                        AS member"
            ),
        )
        .await?;
        let exists: bool = state.try_get("", "exists")?;
        let member: bool = state.try_get("", "member")?;
        if (!exists || !member) && !may_create {
            return Err(DbErr::Migration(for_an_administrator(&roles, &name)));
        }
        if !exists {
            // The lock of the migration counts inside one database only; roles belong to all of them.
            let create = format!(
                "DO $$ BEGIN CREATE ROLE {quoted} NOLOGIN; \
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            );
            db.execute_unprepared(&create).await?;
        }
        if !member {
            db.execute_unprepared(&format!("GRANT {quoted} TO {}", self::quoted(&name)))
                .await
                .map_err(|error| DbErr::Migration(format!("{error}. {}", for_an_administrator(&roles, &name))))?;
        }
    }
    Ok(roles)
}

fn for_an_administrator(roles: &Roles, user: &str) -> String {
    let (app, platform, user) = (quoted(&roles.app), quoted(&roles.platform), quoted(user));
    format!(
        "row-level security needs two roles that {user} may not create or join. \
         Let an administrator run this once, without the lines of roles that exist, then migrate again:\n\n\
         CREATE ROLE {app} NOLOGIN;\n\
         CREATE ROLE {platform} NOLOGIN;\n\
         GRANT {app}, {platform} TO {user};\n"
    )
}

/// What is wrong with the wall between stores, one sentence each, with what to do. Empty where it
/// stands, and on SQLite.
///
/// Ask it on the connections that the server serves with, outside of [`Roles`].
pub async fn wall_problems<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let Some(roles) = roles(db).await? else {
        return Ok(vec!["Row-level security is not set up: run `stoa migrate up`.".to_owned()]);
    };
    let (app, platform) = (literal(&roles.app), literal(&roles.platform));
    let not_of_a_store = list(NOT_OF_A_STORE);
    let appended = list(APPENDED);
    let reached = crate::m0014_row_level_security::PLATFORM_TABLES.iter().map(|(table, _)| *table).collect::<Vec<_>>();
    let reached = list(&reached);
    let own = literal(STORE_POLICY_AS_KEPT);
    let tables = "FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema()";
    let not_of_an_extension = "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')";
    let ours = format!("(SELECT * FROM pg_roles WHERE rolname IN ({app}, {platform})) r");

    let questions = [
        format!("SELECT 'The role \"' || rolname || '\" is a superuser: ALTER ROLE it NOSUPERUSER.' FROM {ours} WHERE rolsuper"),
        format!("SELECT 'The role \"' || rolname || '\" bypasses row-level security: ALTER ROLE it NOBYPASSRLS.' FROM {ours} WHERE rolbypassrls"),
        format!("SELECT 'The role \"' || rolname || '\" can log in: ALTER ROLE it NOLOGIN.' FROM {ours} WHERE rolcanlogin"),
        format!(
            "SELECT 'This login may not change into the role \"' || rolname || '\": GRANT it to \"' || session_user || '\".' \
             FROM {ours} WHERE NOT pg_has_role(session_user, oid, 'MEMBER')"
        ),
        format!(
            "SELECT 'The role \"' || r.rolname || '\" belongs to the role \"' || o.rolname || '\", which has more rights: REVOKE it.' \
             FROM {ours}, pg_roles o WHERE o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER') \
             AND (o.rolsuper OR o.rolbypassrls OR o.rolname = {platform})"
        ),
        format!(
            "SELECT DISTINCT 'The role \"' || r.rolname || '\" owns the table \"' || t.relname || '\", or belongs to its owner: \
             give the table another owner.' FROM {ours}, (SELECT t.* {tables}) t \
             WHERE t.relkind IN ('r', 'p') AND pg_has_role(r.oid, t.relowner, 'MEMBER')"
        ),
        format!(
            "SELECT 'The table \"' || t.relname || '\" has a store_id and no wall: enable row-level security and create its policy.' \
             {tables} JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'store_id' AND NOT a.attisdropped \
             WHERE t.relkind IN ('r', 'p') AND t.relname NOT IN ({not_of_a_store}) AND NOT (t.relrowsecurity AND EXISTS ( \
                 SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = '{STORE_POLICY}' AND p.polcmd = '*' \
                 AND pg_get_expr(p.polqual, p.polrelid) = {own} AND pg_get_expr(p.polwithcheck, p.polrelid) = {own}))"
        ),
        format!(
            "SELECT 'The table \"' || tablename || '\" has the policy \"' || policyname || '\", which is not known here: drop it.' \
             FROM pg_policies WHERE schemaname = current_schema() \
             AND NOT (policyname = '{STORE_POLICY}' AND roles = ARRAY[{app}]::name[]) \
             AND NOT (policyname = '{PLATFORM_POLICY}' AND roles = ARRAY[{platform}]::name[] AND tablename IN ({reached}))"
        ),
        format!(
            "SELECT 'The view \"' || t.relname || '\" reads with the rights of its owner: drop it, or recreate it WITH (security_invoker = true).' \
             {tables} WHERE t.relkind = 'v' AND {not_of_an_extension} AND NOT coalesce(t.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)"
        ),
        format!(
            "SELECT 'The materialized view \"' || t.relname || '\" holds rows that no policy guards: drop it.' {tables} WHERE t.relkind = 'm' AND {not_of_an_extension}"
        ),
        "SELECT 'The function \"' || p.proname || '\" runs with the rights of its owner (SECURITY DEFINER): drop it, or make it SECURITY INVOKER.' \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = current_schema() \
         WHERE p.prosecdef AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
            .to_owned(),
        format!(
            "SELECT 'The role \"' || r.rolname || '\" may TRUNCATE the table \"' || t.relname || '\", which no policy stops: REVOKE it.' \
             FROM {ours}, (SELECT t.* {tables}) t WHERE t.relkind IN ('r', 'p') AND has_table_privilege(r.oid, t.oid, 'TRUNCATE')"
        ),
        format!(
            "SELECT 'The role \"' || r.rolname || '\" may change the table \"' || t.relname || '\", which is only appended to: REVOKE UPDATE, DELETE.' \
             FROM {ours}, (SELECT t.* {tables}) t WHERE t.relname IN ({appended}) \
             AND (has_table_privilege(r.oid, t.oid, 'DELETE') OR has_any_column_privilege(r.oid, t.oid, 'UPDATE'))"
        ),
    ];
    answers(db, &questions).await
}

/// What is unwise about the login that the server connects with, though the wall stands: it changes
/// into the roles of [`Roles`] in every transaction, and could change back.
pub async fn login_advice<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let questions = [
        "SELECT 'The login \"' || rolname || '\" is a superuser or bypasses row-level security: \
         serve with a login of its own (CREATE ROLE … LOGIN NOINHERIT), and keep this one for migrations.' \
         FROM pg_roles WHERE rolname = session_user AND (rolsuper OR rolbypassrls)"
            .to_owned(),
        "SELECT 'The login \"' || session_user || '\" owns the tables: \
         serve with a login of its own (CREATE ROLE … LOGIN NOINHERIT), and keep this one for migrations.' \
         WHERE EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = session_user)"
            .to_owned(),
    ];
    answers(db, &questions).await
}

/// Lets every login see which migrations were applied: the server asks before it takes a role.
pub(crate) async fn show_migrations<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("GRANT SELECT ON seaql_migrations, schema_fingerprint TO PUBLIC").await?;
    }
    Ok(())
}

/// The schema that unqualified names lead to.
pub(crate) async fn current_schema<C: ConnectionTrait>(db: &C) -> Result<String, DbErr> {
    one(db, "SELECT current_schema()::text AS name").await?.try_get("", "name")
}

/// A name as SQL takes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn list(texts: &[&str]) -> String {
    texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ")
}

async fn one<C: ConnectionTrait>(db: &C, sql: &str) -> Result<QueryResult, DbErr> {
    db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await?
        .ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))
}

async fn answers<C: ConnectionTrait>(db: &C, questions: &[String]) -> Result<Vec<String>, DbErr> {
    let mut answers = Vec::new();
    for question in questions {
        for row in db.query_all_raw(Statement::from_string(DbBackend::Postgres, question)).await? {
            answers.push(row.try_get_by_index(0)?);
        }
    }
    Ok(answers)
}
