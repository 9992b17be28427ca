//! Stories of what every domain stands on: the wall between stores, transactions that meet, a database
//! that has no room.

mod pressure;
mod retry;
mod wall;
mod where_from;
