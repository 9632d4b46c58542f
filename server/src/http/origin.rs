//! Which pages may open a socket. A browser sends `Origin` with every upgrade; WebSockets know no other same-origin rule.

use url::{Origin, Url};

use crate::config::{Config, Mode};

/// The origins of our own client.
#[derive(Clone, Debug)]
pub(super) struct Origins {
    allowed: Vec<Origin>,
    secure: bool,
}

impl Origins {
    /// The public address. In development mode, and where the public address is the very one listened on, every name of
    /// this machine on the port listened on as well: `localhost` is what a person types.
    pub(super) fn of(config: &Config) -> Self {
        let listened = format!("http://{}", config.listen);
        let public = config.public_url.as_ref();
        let mut allowed: Vec<Origin> = public.iter().map(|url| url.origin()).collect();
        let is_local = Url::parse(&listened).is_ok_and(|url| Some(url.origin()) == allowed.first().cloned());
        if is_local || config.mode == Mode::Development {
            let port = config.listen.port();
            let names = [
                format!("http://localhost:{port}"),
                format!("http://127.0.0.1:{port}"),
                format!("http://[::1]:{port}"),
                listened,
            ];
            allowed.extend(names.iter().filter_map(|name| Url::parse(name).ok()).map(|url| url.origin()));
        }
        Origins { allowed, secure: public.is_some_and(|url| url.scheme() == "https") }
    }

    /// Whether a page of that origin is one of ours.
    pub(super) fn allow(&self, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|url| self.allowed.contains(&url.origin()))
    }

    /// Whether browsers reach us over TLS.
    pub(super) fn secure(&self) -> bool {
        self.secure
    }
}
