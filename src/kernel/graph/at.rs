//! A place in the query while its rows are worked out.

use async_graphql::parser::types::FragmentDefinition;
use async_graphql::{ContextSelectionSet, InputType, PathSegment, ServerError};
use futures::future::BoxFuture;

use super::column::Column;
use super::load::Load;
use super::selection::Selected;
use super::wait::Together;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Error, Result};

/// The column of a field: there, or on its way.
pub enum Step<'x> {
    /// It is there.
    Ready(Column),
    /// It has to be waited for.
    Later(BoxFuture<'x, Column>),
}

impl Step<'_> {
    /// A column without rows.
    pub fn nothing() -> Self {
        Self::Ready(Column::default())
    }

    pub(super) async fn done(self) -> Column {
        match self {
            Self::Ready(column) => column,
            Self::Later(column) => column.await,
        }
    }
}

/// Where rows come from, so that an error can tell its path.
pub(super) enum Origin<'x> {
    /// The value of a root field.
    Root,
    /// A field of each row of its parent.
    Field(&'x Origin<'x>, &'x str),
    /// Some rows of the parent, each with its place in the list that it stands in, if it does.
    Rows(&'x Origin<'x>, Vec<(u32, Option<u32>)>),
}

impl Origin<'_> {
    fn path(&self, row: usize, path: &mut Vec<PathSegment>) {
        match self {
            Self::Root => {}
            Self::Field(parent, key) => {
                parent.path(row, path);
                path.push(PathSegment::Field((*key).to_owned()));
            }
            Self::Rows(parent, rows) => {
                let Some((of_parent, index)) = rows.get(row) else { return };
                parent.path(*of_parent as usize, path);
                path.extend(index.map(|index| PathSegment::Index(index as usize)));
            }
        }
    }
}

/// A place in the query, with what its rows need.
#[derive(Clone, Copy)]
pub struct At<'x> {
    pub(super) engine: &'x ContextSelectionSet<'x>,
    pub(super) ctx: &'x Ctx,
    pub(super) selected: &'x Selected<'x>,
    pub(super) origin: &'x Origin<'x>,
}

impl<'x> At<'x> {
    /// The request.
    pub fn ctx(self) -> &'x Ctx {
        self.ctx
    }

    /// The value of an argument of the field.
    ///
    /// # Errors
    /// Where it can't be read; the engine has checked its type before.
    pub fn argument<T: InputType>(self, name: &str, default: Option<fn() -> T>) -> Result<T, ServerError> {
        let field = self.engine.with_field(self.selected.first);
        field.param_value(name, default).map(|(_, value)| value)
    }

    pub(super) fn fragment(self, name: &str) -> Option<&'x FragmentDefinition> {
        self.engine.query_env.fragments.get(name).map(|fragment| &fragment.node)
    }

    pub(super) fn implements(self, object: &str, interface: &str) -> bool {
        let implements = &self.engine.schema_env.registry.implements;
        implements.get(object).is_some_and(|interfaces| interfaces.contains(interface))
    }

    /// Tells the error of one row.
    fn fail(self, row: usize, error: Error) {
        let position = self.selected.first.pos;
        self.report(row, async_graphql::Error::from(error).into_server_error(position));
    }

    fn report(self, row: usize, mut error: ServerError) {
        error.path = self.engine.set_error_path(ServerError::new("", None)).path;
        self.origin.path(row, &mut error.path);
        self.engine.add_error(error);
    }

    /// Rows of which none has a value, each with the same error.
    pub fn refused(self, rows: usize, nullable: bool, error: ServerError) -> Step<'x> {
        for row in 0..rows {
            self.report(row, error.clone());
        }
        Step::Ready(Column::default().spread(&[], rows, nullable))
    }

    /// Writes the rows that worked out, and tells the errors of the others.
    pub fn results<T, W>(self, results: Vec<Result<T>>, nullable: bool, write: W) -> Step<'x>
    where
        T: Send + 'x,
        W: for<'y> Fn(Vec<T>, At<'y>) -> Step<'y> + Send + 'x,
    {
        let rows = results.len();
        let mut values = Vec::with_capacity(rows);
        let mut present = Vec::new();
        let mut failed = false;
        for (row, result) in results.into_iter().enumerate() {
            match result {
                Ok(value) => {
                    values.push(value);
                    present.push(u32::try_from(row).unwrap_or(u32::MAX));
                }
                Err(error) => {
                    failed = true;
                    self.fail(row, error);
                }
            }
        }
        if !failed {
            return write(values, self);
        }
        Step::Later(Box::pin(async move {
            let origin = Origin::Rows(self.origin, present.iter().map(|row| (*row, None)).collect());
            let column = write(values, At { origin: &origin, ..self }).done().await;
            column.spread(&present, rows, nullable)
        }))
    }

    /// Loads the values of all rows in one batch, and writes them.
    pub fn load<B, T, W>(self, loads: Vec<Result<Load<B, T>>>, nullable: bool, write: W) -> Step<'x>
    where
        B: Batch,
        T: Send + 'static,
        W: for<'y> Fn(Vec<T>, At<'y>) -> Step<'y> + Send + 'x,
    {
        Step::Later(Box::pin(async move {
            let results = Load::all(self.ctx, loads).await;
            self.results(results, nullable, write).done().await
        }))
    }

    /// Waits for the values of all rows together, and writes them.
    pub fn wait<F, T, W>(self, futures: Vec<F>, nullable: bool, write: W) -> Step<'x>
    where
        F: Future<Output = Result<T>> + Send + 'x,
        T: Send + 'x,
        W: for<'y> Fn(Vec<T>, At<'y>) -> Step<'y> + Send + 'x,
    {
        Step::Later(Box::pin(async move {
            let results = Together::new(futures).await;
            self.results(results, nullable, write).done().await
        }))
    }
}
