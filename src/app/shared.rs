//! Answers to visitors that are shared: what makes two questions the same, and what it takes to remember
//! an answer.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Value, Variables};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::job::Job;
use super::{App, spending};
use crate::catalog::{collections, products};
use crate::gate::throttle::Report;
use crate::http::cache::{Answers, Question, Remembered};
use crate::http::{Answer, AnswerKind, RequestHead, writer};
use crate::kernel::{Actor, Ctx, Error, schedule};
use crate::{inventory, pricing};

/// A question of a visitor whose answer is everybody's.
pub(super) struct Shared<'a> {
    answers: &'a Answers,
    question: Question,
    /// How long the schema lets its answer be told.
    longest: Duration,
}

impl App {
    /// What is asked, where all visitors who ask the same are told the same. `None` where the caller or the
    /// operation is of another kind, or where it is not sure that everything is known that was written.
    pub(super) fn shared(&self, job: &Job, ctx: &Ctx) -> Option<Shared<'_>> {
        let answers = self.0.answers.as_ref()?;
        let longest = job.operation.shared_for()?;
        Some(Shared { answers, question: question(job, ctx)?, longest })
    }

    /// Runs the operation once for everybody who asks the same now. What it came to is the caller's alone where
    /// it can't be kept.
    pub(super) async fn share(&self, shared: &Shared<'_>, job: &Job, ctx: &Ctx) -> Result<Remembered, writer::Answer> {
        let read = || self.read(shared, job, ctx);
        shared.answers.find_or(shared.question.clone(), ctx.now(), read).await
    }

    async fn read(&self, shared: &Shared<'_>, job: &Job, ctx: &Ctx) -> Result<Remembered, writer::Answer> {
        let answers = shared.answers;
        // A standby may lag behind the state that the answer is remembered under.
        ctx.leave_replica().await;
        let state = (shared.question.store, shared.question.epoch);
        let until = answers.until(state, ctx.now(), shared.longest, || Box::pin(next_change(ctx))).await;
        let written = self.run(job, ctx).await;
        let length = written.data.as_ref().filter(|_| written.errors.is_empty()).map(Vec::len);
        match (until, length) {
            (Ok(Some(until)), Some(length)) if answers.takes(length) => {
                Ok(Remembered::new(written.body(), ctx.now(), until))
            }
            _ => Err(written),
        }
    }

    /// The answer around what is remembered. By GET the caller may keep it, and ask whether it still holds; and
    /// so may whoever stands between, for others: what this caller spent is not told there.
    pub(super) fn tell(
        &self,
        head: &RequestHead,
        job: &Job,
        ctx: &Ctx,
        remembered: &Remembered,
        cost: Report,
    ) -> Answer {
        let mut answer = Answer::new(AnswerKind::Executed, job.kind, Bytes::new());
        let by_get = head.is_get();
        if by_get {
            answer.headers = remembered.headers(ctx.now(), self.0.cdn_max_age);
        }
        if by_get && remembered.is_known_to(&head.headers) {
            answer.kind = AnswerKind::NotModified;
        } else {
            let end = if by_get { b"}".to_vec() } else { spending::ending(cost) };
            match head.takes_gzip.then(|| remembered.packed_ending(&end)).flatten() {
                Some(packed) => answer.pack(packed),
                None if by_get => answer.body = remembered.body().clone(),
                None => answer.body = remembered.ending(&end),
            }
        }
        self.note_statements(ctx, &mut answer.headers);
        answer
    }
}

impl Shared<'_> {
    /// The answer, where it is remembered.
    pub(super) async fn find(&self, now: DateTime<Utc>) -> Option<Remembered> {
        self.answers.find(&self.question, now).await
    }
}

/// What of a question is worked out from the request's text alone.
pub(super) struct Wording {
    operation: Option<Arc<str>>,
    variables: Arc<str>,
}

impl Wording {
    fn of(job: &Job) -> Self {
        Self { operation: job.operation.name().map(Into::into), variables: canonical(&job.variables).into() }
    }
}

/// Everything that the answer depends on; `None` for whoever is no visitor of a store that is known.
fn question(job: &Job, ctx: &Ctx) -> Option<Question> {
    let caller = ctx.caller();
    let (Actor::Anonymous, Some(store)) = (&caller.actor, &caller.store) else { return None };
    let epoch = caller.epoch?;
    let Wording { operation, variables } = job.wording.get_or_init(|| Wording::of(job));
    Some(Question {
        store: store.id,
        epoch,
        document: job.hash.0,
        operation: operation.clone(),
        variables: Arc::clone(variables),
        locale: caller.locale.as_str().into(),
        currency: caller.currency.unwrap_or(store.currency),
    })
}

/// When the storefront changes next by the clock alone.
async fn next_change(ctx: &Ctx) -> Result<Option<DateTime<Utc>>, Error> {
    let (scope, now) = (ctx.store().await?, ctx.now());
    let moments = [
        products::moments(&scope, now),
        collections::moments(&scope, now),
        pricing::moments(&scope, now),
        inventory::moments(&scope, now),
    ];
    schedule::next(&scope, moments.concat()).await
}

/// The variables as JSON, in which equal values have one form.
fn canonical(variables: &Variables) -> String {
    let mut json = String::new();
    // `Variables` keeps its names sorted.
    for (name, value) in variables.iter() {
        json.push_str(name);
        json.push(':');
        write(&mut json, value);
        json.push(',');
    }
    json
}

fn write(json: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            json.push('{');
            for (name, value) in sorted {
                json.push_str(name);
                json.push(':');
                write(json, value);
                json.push(',');
            }
            json.push('}');
        }
        Value::List(items) => {
            json.push('[');
            for item in items {
                write(json, item);
                json.push(',');
            }
            json.push(']');
        }
        // A name and a text of the same letters mean the same wherever either is taken.
        Value::Enum(name) => json.push_str(&Value::String(name.to_string()).to_string()),
        leaf => json.push_str(&leaf.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use serde_json::{Value, json};

    fn canonical(value: Value) -> String {
        super::canonical(&Variables::from_json(value))
    }

    #[test]
    fn equal_variables_have_one_form_and_others_another() {
        let one = canonical(json!({ "a": { "x": 1, "y": [true, null] }, "b": "t" }));
        assert_eq!(one, canonical(json!({ "b": "t", "a": { "y": [true, null], "x": 1 } })));
        let others = [
            json!({ "a": { "x": 1, "y": [null, true] }, "b": "t" }),
            json!({ "a": { "x": "1", "y": [true, null] }, "b": "t" }),
            json!({ "a": { "x": 1, "y": [true, null], "z": null }, "b": "t" }),
            json!({ "a": { "x": 1, "y": [true, null] }, "b": null }),
            json!({ "a": { "x": 1, "y": [true, null] } }),
            json!({ "a": { "x": 1, "y": [[true, null]] }, "b": "t" }),
            json!({ "a": { "x": 1, "y": [true], "b": "t" } }),
            json!({ "a": { "x": 1, "y": [true, null] }, "b": "t\",c:\"u" }),
        ];
        let forms: std::collections::BTreeSet<String> = others.iter().cloned().map(canonical).chain([one]).collect();
        assert_eq!(forms.len(), others.len() + 1, "{forms:#?}");
    }
}
