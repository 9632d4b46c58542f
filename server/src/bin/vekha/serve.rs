//! `vekha serve`: starts the parts of the server and ends them in order.

use std::sync::Arc;

use domain::Code;
use server::App;
use server::clock::Clock;
use server::config::Config;
use server::error::Error;
use server::http::{self, Limits};
use server::seed::{self, Company};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::folder::prepare_folder;
use crate::output::Output;

pub(crate) async fn serve(mut config: Config, clock: Clock, demo: bool) -> Result<(), Failure> {
    let _in_use = prepare_folder(&config)?;
    let listener = http::bind(&mut config)
        .await
        .map_err(|error| Failure::new(format_args!("VEKHA_LISTEN: {}: {error}", config.listen)))?;
    for doubt in config.doubts() {
        tracing::warn!("{doubt}");
    }
    let address = match &config.public_url {
        Some(url) => url.to_string(),
        None => {
            tracing::warn!(
                "VEKHA_PUBLIC_URL is not set: links are relative, and browsers are let in by a number or localhost, not by a name"
            );
            format!("http://localhost:{}", config.listen.port())
        }
    };
    let app = App::open(config, clock).await?;
    let out = Output::standard_output();
    if demo {
        tell_company(&out, seed::demo(&app).await?);
    }
    announce(&out, &address, &listener);
    out.finish();

    let stop = CancellationToken::new();
    tokio::spawn(cancel_on_signal(stop.clone()));
    let beside = CancellationToken::new();
    let mut tasks = app.start(&beside);
    let schema = server::graphql::schema(Arc::clone(&app));
    let limits = Limits { connections: http::connections_allowed(), ..Limits::default() };
    let mut serving = std::pin::pin!(http::serve(listener, Arc::clone(&app), schema, limits, stop.clone()));
    let (drained, failed) = tokio::select! {
        drained = serving.as_mut() => (drained, None),
        failed = first_failure(&mut tasks) => {
            stop.cancel();
            (serving.await, Some(failed))
        }
    };
    beside.cancel();
    while tasks.join_next().await.is_some() {}
    app.db.clone().close().await.map_err(Error::from)?;
    if let Some(failed) = failed {
        return Err(Failure::new(format_args!("a part of the server ended: {failed}")));
    }
    if !drained {
        tracing::warn!("some requests were cut off");
    }
    tracing::info!("ended");
    Ok(())
}

/// Who can sign in to the demonstration.
fn tell_company(out: &Output, company: Option<Company>) {
    let Some(company) = company else {
        return out.say("The database has people in it; no demonstration was added.");
    };
    out.say("Who can sign in:");
    for (name, email, role) in company.people {
        out.say(format_args!("  {:10}  {email:26}  {name}", role.code()));
    }
    out.say(format_args!("  Password of them all: {}", company.password));
}

/// Where the client is, for people and for programs that started this one with port 0.
fn announce(out: &Output, address: &str, listener: &TcpListener) {
    out.say(format_args!("Vekha: {}", address.trim_end_matches('/')));
    if let Ok(listened) = listener.local_addr() {
        tracing::info!(%listened, "serving");
    }
}

/// The first signal ends the process in order, the second at once.
async fn cancel_on_signal(stop: CancellationToken) {
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    let (Ok(mut terminate), Ok(mut interrupt)) = signals else {
        tracing::error!("signals cannot be listened for");
        return;
    };
    for first in [true, false] {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if !first {
            std::process::exit(1);
        }
        stop.cancel();
    }
}

/// Waits for a part that panics; parts that have nothing to do may end.
async fn first_failure(tasks: &mut JoinSet<()>) -> tokio::task::JoinError {
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            return error;
        }
    }
    std::future::pending().await
}
