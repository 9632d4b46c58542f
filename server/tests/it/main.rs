//! The server as its users see it, on both databases. One file a feature.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected is to fail, and says what it measured"
)]
#![allow(missing_docs, reason = "the names of the tests say what they prove")]

mod device;
mod served;
mod wire;
mod world;

mod bounded;
mod bounded_lists;
mod calendar;
mod clocks;
mod comments;
mod company;
mod consumers;
mod contract;
mod download;
mod edge;
mod export;
mod faults;
mod faults_http;
mod gate;
mod http;
mod input;
mod invitations;
mod lists;
mod live;
mod log;
mod matrix;
mod migrations;
mod newer;
mod nodes;
mod notifications;
mod overdue;
mod parts;
mod people;
mod plans;
mod processes;
mod promises;
mod races;
mod refresh;
mod schedule;
mod search;
mod sessions;
mod sign_in;
mod socket;
mod statements;
mod statistics;
mod strangers;
mod tasks;
mod text;
mod tokens;
mod transitions;
mod writes;
