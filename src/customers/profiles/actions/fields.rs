//! What a customer is made of, read from whatever input names it.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use entity::customers::customers::{ActiveModel, Model};
use rules::states::ConsentSource;
use rules::{ErrorCode, Problems, address};
use sea_orm::ActiveValue::{Set, Unchanged};

use crate::kernel::{input, text};

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// The longest reason, company or number, in characters.
const MAX_LINE: usize = 200;

/// The longest note, in bytes.
const MAX_NOTE: usize = 10_000;

/// Entries of metadata at the most.
const MAX_ENTRIES: usize = 50;

/// The longest key of metadata, in characters.
const MAX_KEY: usize = 64;

/// The longest value of metadata, in characters.
const MAX_VALUE: usize = 1_000;

/// A text that an integration keeps under a key.
#[derive(InputObject, Debug, Clone)]
pub struct MetadataEntryInput {
    /// The key; at most 64 characters.
    pub key: String,
    /// The text; at most 1,000 characters.
    pub value: String,
}

/// What a customer says of oneself.
#[derive(Debug, Clone, Default)]
pub struct ProfileFields<'a> {
    /// The first name.
    pub first_name: MaybeUndefined<&'a str>,
    /// The last name.
    pub last_name: MaybeUndefined<&'a str>,
    /// The telephone number.
    pub phone: MaybeUndefined<&'a str>,
    /// The language.
    pub locale: MaybeUndefined<&'a str>,
}

impl<'a> ProfileFields<'a> {
    /// The fields of a new row: what is left out has nothing to keep.
    pub fn of_new(
        first_name: &'a Option<String>,
        last_name: &'a Option<String>,
        phone: &'a Option<String>,
        locale: &'a Option<String>,
    ) -> Self {
        Self { first_name: new(first_name), last_name: new(last_name), phone: new(phone), locale: new(locale) }
    }

    /// Reads the fields into the row.
    pub fn read(&self, row: &mut ActiveModel, problems: &mut Problems) {
        if let Some(name) = given(self.first_name, problems, |raw| input::optional_line("firstName", raw, MAX_NAME)) {
            row.first_name = Set(name);
        }
        if let Some(name) = given(self.last_name, problems, |raw| input::optional_line("lastName", raw, MAX_NAME)) {
            row.last_name = Set(name);
        }
        let phone = |raw: Option<&str>| raw.map(|raw| address::phone("phone", raw)).transpose().map(Option::flatten);
        if let Some(phone) = given(self.phone, problems, phone) {
            row.phone = Set(phone);
        }
        let language = |raw: Option<&str>| raw.map(|raw| input::language("locale", raw)).transpose();
        if let Some(locale) = given(self.locale, problems, language) {
            row.locale = Set(locale);
        }
    }
}

/// What only the staff says of a customer.
#[derive(Debug, Clone, Default)]
pub struct StaffFields<'a> {
    /// Whether no tax is charged.
    pub tax_exempt: Option<bool>,
    /// Why not.
    pub tax_exempt_reason: MaybeUndefined<&'a str>,
    /// The company.
    pub company_name: MaybeUndefined<&'a str>,
    /// Its number for value-added tax.
    pub vat_number: MaybeUndefined<&'a str>,
    /// What is noted.
    pub note: MaybeUndefined<&'a str>,
    /// What integrations keep, whole.
    pub metadata: Option<&'a [MetadataEntryInput]>,
}

impl StaffFields<'_> {
    /// Reads the fields into the row.
    pub fn read(&self, row: &mut ActiveModel, problems: &mut Problems) {
        if let Some(exempt) = self.tax_exempt {
            row.tax_exempt = Set(exempt);
            if !exempt {
                row.tax_exempt_reason = Set(None);
            }
        }
        let reason = |raw: Option<&str>| input::optional_line("taxExemptReason", raw, MAX_LINE);
        if let Some(reason) = given(self.tax_exempt_reason, problems, reason) {
            if reason.is_some() && self.tax_exempt == Some(false) {
                problems.add(ErrorCode::NotAllowed, "taxExemptReason", "There is no reason where tax is charged.");
            }
            row.tax_exempt_reason = Set(reason);
        }
        let company = |raw: Option<&str>| input::optional_line("companyName", raw, MAX_LINE);
        if let Some(name) = given(self.company_name, problems, company) {
            row.company_name = Set(name);
        }
        let number = |raw: Option<&str>| input::optional_line("vatNumber", raw, MAX_LINE);
        if let Some(number) = given(self.vat_number, problems, number) {
            row.vat_number = Set(number);
        }
        if let Some(note) = given(self.note, problems, note) {
            row.note = Set(note);
        }
        if let Some(entries) = self.metadata
            && let Some(metadata) = metadata(entries, problems)
        {
            row.metadata = Set(metadata);
        }
    }
}

/// A field of a new row.
pub fn new(field: &Option<String>) -> MaybeUndefined<&str> {
    field.as_deref().map_or(MaybeUndefined::Undefined, MaybeUndefined::Value)
}

/// Reads a field that is there; null clears.
fn given<'a, T>(
    field: MaybeUndefined<&'a str>,
    problems: &mut Problems,
    read: impl FnOnce(Option<&'a str>) -> Result<T, rules::Problem>,
) -> Option<T> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => problems.keep(read(None)),
        MaybeUndefined::Value(raw) => problems.keep(read(Some(raw))),
    }
}

fn note(raw: Option<&str>) -> Result<Option<String>, rules::Problem> {
    let Some(note) = raw.map(str::trim).filter(|note| !text::shows_nothing(note)) else { return Ok(None) };
    if note.len() > MAX_NOTE {
        return Err(rules::Problem::new(ErrorCode::TooLong, "note", format!("Give at most {MAX_NOTE} bytes.")));
    }
    if text::has_forbidden_control(note) {
        return Err(rules::Problem::new(ErrorCode::Invalid, "note", "Use no control characters but line breaks."));
    }
    Ok(Some(note.to_owned()))
}

fn metadata(entries: &[MetadataEntryInput], problems: &mut Problems) -> Option<serde_json::Value> {
    if entries.len() > MAX_ENTRIES {
        problems.add(ErrorCode::TooLong, "metadata", format!("Give at most {MAX_ENTRIES} entries."));
        return None;
    }
    let mut read = serde_json::Map::new();
    for (place, entry) in entries.iter().enumerate() {
        let path = |field: &str| format!("metadata.{place}.{field}");
        let key = problems.keep(input::line(&path("key"), &entry.key, 1, MAX_KEY));
        if entry.value.chars().count() > MAX_VALUE {
            problems.add(ErrorCode::TooLong, &path("value"), format!("Give at most {MAX_VALUE} characters."));
        }
        if text::has_forbidden_control(&entry.value) {
            problems.add(ErrorCode::Invalid, &path("value"), "Use no control characters but line breaks.");
        }
        let Some(key) = key else { continue };
        if read.insert(key, entry.value.clone().into()).is_some() {
            problems.add(ErrorCode::Duplicate, &path("key"), "This key stands in the list twice.");
        }
    }
    Some(read.into())
}

/// That a customer takes news, or not, as it was said at some moment somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// Whether news may be sent.
    pub accepts: bool,
    /// When that was said.
    pub at: DateTime<Utc>,
    /// Where that was said.
    pub source: ConsentSource,
}

impl Consent {
    /// Notes the consent in the row; saying again what stands is no news, and leaves its time as it is.
    pub fn note(self, before: Option<&Model>, row: &mut ActiveModel) {
        let stands =
            before.is_some_and(|row| row.accepts_marketing == self.accepts && row.marketing_changed_at.is_some());
        if stands {
            return;
        }
        row.accepts_marketing = Set(self.accepts);
        row.marketing_changed_at = Set(Some(self.at));
        row.marketing_source = Set(Some(self.source));
    }
}

/// What a customer is sorted and searched by: last name, first name, e-mail address.
pub fn sort_name(row: &ActiveModel, before: Option<&Model>) -> String {
    let name = |value: &sea_orm::ActiveValue<Option<String>>, before: Option<&Option<String>>| match value {
        Set(name) | Unchanged(name) => name.clone(),
        _ => before.cloned().flatten(),
    };
    let last = name(&row.last_name, before.map(|row| &row.last_name));
    let first = name(&row.first_name, before.map(|row| &row.first_name));
    let email = match &row.email {
        Set(email) | Unchanged(email) => Some(email.clone()),
        _ => before.map(|row| row.email.clone()),
    };
    let parts: Vec<String> = [last, first, email].into_iter().flatten().collect();
    text::sort_key(&parts.join(" "))
}
