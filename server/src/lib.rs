//! The server of Vekha, as a library for its binary and its tests. See `ARCHITECTURE.md` for the map.

pub mod app;
pub mod auth;
pub mod backup;
pub mod clock;
pub mod comment;
pub mod company;
pub mod config;
pub mod db;
pub mod entity;
pub mod error;
pub mod graphql;
pub mod http;
pub mod idempotency;
pub mod link;
pub mod log;
pub mod network;
pub mod notification;
pub mod parts;
pub mod schedule;
pub mod search;
pub mod security;
pub mod seed;
pub mod statistics;
pub mod task;
pub mod text;
pub mod throttle;
pub mod user;

pub use app::App;
