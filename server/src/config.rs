//! Everything that the environment of the process decides, read once into types.

use crate::peer::Proxies;
use axum::http::Uri;
use lockstep::engine::target::backup::{Access, Bucket};
use lockstep::engine::{Settings, Webhook};
use lockstep::problem::{Problem, ProblemKind};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where browsers find the console, as `scheme://host[:port]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    pub https: bool,
    /// Lower case, with the port unless it is the scheme's own: what a browser sends as `Host`.
    pub authority: String,
}

impl PublicUrl {
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone)]
pub struct Config {
    pub addr: SocketAddr,
    /// None: on this machine only, under any of its loopback names.
    pub public_url: Option<PublicUrl>,
    pub engine: Settings,
    pub proxies: Proxies,
    pub log: String,
    pub log_format: LogFormat,
    pub site_root: Option<PathBuf>,
}

fn invalid(name: &str, what: &str, way_out: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, format!("The setting {name} {what}.")).way_out(way_out)
}

impl Config {
    pub fn from_env() -> Result<Self, Problem> {
        Self::from(|name| std::env::var(name).ok())
    }

    /// The same with the address that the command line gives, if it does.
    pub fn listening(addr: Option<&str>) -> Result<Self, Problem> {
        Self::from(|name| match (name, addr) {
            ("LOCKSTEP_ADDR", Some(addr)) => Some(addr.to_owned()),
            _ => std::env::var(name).ok(),
        })
    }

    /// `get` answers with the value of a variable; an empty one counts as none.
    pub fn from(get: impl Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        // `cargo leptos` says where it will look for the server.
        let addr = match get("LOCKSTEP_ADDR").or_else(|| get("LEPTOS_SITE_ADDR")) {
            None => SocketAddr::from(([127, 0, 0, 1], 3000)),
            Some(text) => address(&text)?,
        };
        let public_url = get("LOCKSTEP_PUBLIC_URL").map(|text| public_url(&text)).transpose()?;
        let log_format = match get("LOCKSTEP_LOG_FORMAT").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(_) => return Err(invalid("LOCKSTEP_LOG_FORMAT", "is neither text nor json", "Write one of the two.")),
        };
        let webhook = webhook(&get, &shown(public_url.as_ref(), addr))?;
        let config = Self {
            addr,
            public_url,
            engine: Settings {
                data_dir: get("LOCKSTEP_DATA_DIR").map_or_else(|| data_dir(&get), |path| Ok(PathBuf::from(path)))?,
                store_url: get("LOCKSTEP_STORE_URL"),
                backup_dir: get("LOCKSTEP_BACKUP_DIR").map(PathBuf::from),
                bucket: bucket(&get)?,
                keep_backups: get("LOCKSTEP_KEEP_BACKUPS").map_or(Ok(Settings::default().keep_backups), |text| keep(&text))?,
                pg_bin: get("LOCKSTEP_PG_BIN").map(PathBuf::from),
                webhook,
                ..Settings::default()
            },
            proxies: Proxies::parse(&get("LOCKSTEP_TRUSTED_PROXIES").unwrap_or_default())?,
            log: get("LOCKSTEP_LOG").unwrap_or_else(|| "info".to_owned()),
            log_format,
            site_root: get("LOCKSTEP_SITE_ROOT").map(PathBuf::from),
        };
        config.check()?;
        Ok(config)
    }

    /// Whoever lets other machines in says under which encrypted address.
    fn check(&self) -> Result<(), Problem> {
        if self.addr.ip().is_loopback() || self.public_url.is_some() {
            return Ok(());
        }
        Err(invalid(
            "LOCKSTEP_PUBLIC_URL",
            "is needed when the console listens to other machines",
            "Set it to the https:// address of the proxy that browsers use, or listen on 127.0.0.1.",
        ))
    }

    pub fn https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.https)
    }

    /// The address that people open.
    pub fn shown_url(&self, bound: SocketAddr) -> String {
        shown(self.public_url.as_ref(), bound)
    }
}

fn shown(public_url: Option<&PublicUrl>, addr: SocketAddr) -> String {
    public_url.map_or_else(|| format!("http://{addr}"), PublicUrl::origin)
}

fn address(text: &str) -> Result<SocketAddr, Problem> {
    text.replace("localhost:", "127.0.0.1:")
        .parse()
        .map_err(|_| invalid("LOCKSTEP_ADDR", "is not an address with a port", "Write it like 127.0.0.1:3000."))
}

/// The bucket that backups go to, and the way in.
fn bucket(get: &impl Fn(&str) -> Option<String>) -> Result<Option<Access>, Problem> {
    let Some(url) = get("LOCKSTEP_BACKUPS") else { return Ok(None) };
    let region = get("LOCKSTEP_S3_REGION").unwrap_or_else(|| "us-east-1".to_owned());
    let (key_id, secret) = (key(get, "LOCKSTEP_S3_KEY_ID")?, key(get, "LOCKSTEP_S3_SECRET")?);
    let access = Access { url, endpoint: get("LOCKSTEP_S3_ENDPOINT"), region, key_id, secret };
    Bucket::new(&access)?;
    Ok(Some(access))
}

/// Where alerts go; `console` is what their links lead to.
fn webhook(get: &impl Fn(&str) -> Option<String>, console: &str) -> Result<Option<Webhook>, Problem> {
    const NAME: &str = "LOCKSTEP_WEBHOOK";
    let Some(value) = get(NAME) else { return Ok(None) };
    let hosts = get("LOCKSTEP_WEBHOOK_HOSTS").unwrap_or_default();
    let allowed: Vec<String> = hosts.split([',', ' ']).filter(|host| !host.is_empty()).map(str::to_owned).collect();
    Webhook::new(&from_file(NAME, value)?, &allowed, console).map(Some)
}

/// The value itself, or `file:` and the path of a file that holds it.
fn key(get: &impl Fn(&str) -> Option<String>, name: &str) -> Result<String, Problem> {
    let value = get(name).ok_or_else(|| {
        invalid(name, "is needed to put backups into a bucket", "Set it to the key, or to file: and the path of a file with it.")
    })?;
    from_file(name, value)
}

fn from_file(name: &str, value: String) -> Result<String, Problem> {
    let Some(path) = value.strip_prefix("file:") else { return Ok(value) };
    let read = std::fs::read_to_string(path).map_err(|error| {
        invalid(name, "names a file that cannot be read", "Let the user that runs Lockstep read it.").because(format!("{error}."))
    })?;
    Ok(read.trim().to_owned())
}

fn keep(text: &str) -> Result<u32, Problem> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        invalid("LOCKSTEP_KEEP_BACKUPS", "is not a number from 1", "Write how many backups of an environment stay.")
    })
}

/// The cookie of a session is `Secure`: a browser keeps it over plain HTTP only on the machine itself.
fn public_url(text: &str) -> Result<PublicUrl, Problem> {
    let wrong = |what: &str| invalid("LOCKSTEP_PUBLIC_URL", what, "Write it like https://lockstep.example.com, without a path.");
    let uri: Uri = text.parse().map_err(|_| wrong("is not a URL"))?;
    let https = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(wrong("does not begin with https://")),
    };
    let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| wrong("names no host"))?.to_ascii_lowercase();
    let bare = !text.contains('@') && matches!(uri.path(), "" | "/") && uri.query().is_none();
    if !bare {
        return Err(wrong("has more than scheme, host and port"));
    }
    if !https && !is_loopback(&host) {
        return Err(wrong("is not encrypted, and browsers would not keep anybody signed in"));
    }
    let own_port = if https { 443 } else { 80 };
    let authority = match uri.port_u16().filter(|port| *port != own_port) {
        Some(port) => format!("{host}:{port}"),
        None => host,
    };
    Ok(PublicUrl { https, authority })
}

/// Names under which browsers trust plain HTTP.
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// The XDG data folder of this user; for root the system's.
fn data_dir(get: &impl Fn(&str) -> Option<String>) -> Result<PathBuf, Problem> {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0) {
        return Ok(PathBuf::from("/var/lib/lockstep"));
    }
    let base = match (get("XDG_DATA_HOME"), get("HOME")) {
        (Some(base), _) => PathBuf::from(base),
        (None, Some(home)) => PathBuf::from(home).join(".local/share"),
        (None, None) => {
            return Err(invalid(
                "LOCKSTEP_DATA_DIR",
                "is not set, and this user has no home",
                "Set it to a folder that this user may write.",
            ));
        }
    };
    Ok(base.join("lockstep"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, Problem> {
        Config::from(|name| {
            let own = pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            own.or_else(|| (name == "HOME").then(|| "/home/somebody".to_owned()))
        })
    }

    #[test]
    fn without_settings_it_listens_to_this_machine_only() {
        let config = with(&[("LOCKSTEP_STORE_URL", "")]).unwrap();
        assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
        assert_eq!(config.engine.store_url, None);
        assert_eq!(config.engine.keep_backups, 10);
        assert!(!config.https());
    }

    #[test]
    fn other_machines_are_let_in_through_an_encrypted_address_only() {
        let complaint = |pairs: &[(&str, &str)]| with(pairs).unwrap_err().what;
        assert!(complaint(&[("LOCKSTEP_ADDR", "0.0.0.0:3000")]).contains("is needed"));
        assert!(complaint(&[("LOCKSTEP_PUBLIC_URL", "http://lockstep.example.com")]).contains("not encrypted"));
        assert!(complaint(&[("LOCKSTEP_PUBLIC_URL", "https://lockstep.example.com/console")]).contains("more than"));
        assert!(complaint(&[("LOCKSTEP_PUBLIC_URL", "https://me:secret@lockstep.example.com")]).contains("more than"));
        let config =
            with(&[("LOCKSTEP_ADDR", "0.0.0.0:3000"), ("LOCKSTEP_PUBLIC_URL", "https://Lockstep.example.com:443/")]).unwrap();
        assert_eq!(config.public_url.unwrap().origin(), "https://lockstep.example.com");
        let config = with(&[("LOCKSTEP_PUBLIC_URL", "http://localhost:3000")]).unwrap();
        assert_eq!(config.public_url.unwrap().authority, "localhost:3000");
    }

    #[test]
    fn the_keys_of_a_bucket_come_from_variables_or_files_and_are_shown_nowhere() {
        let file = std::env::temp_dir().join(format!("lockstep-key-{}", std::process::id()));
        std::fs::write(&file, "canary-in-a-file\n").unwrap();
        let from = format!("file:{}", file.display());
        let bucket =
            [("LOCKSTEP_BACKUPS", "s3://safe/lockstep"), ("LOCKSTEP_S3_KEY_ID", "canary-id"), ("LOCKSTEP_S3_SECRET", &from)];
        let config = with(&bucket).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert!(!format!("{config:?}").contains("canary"), "{config:?}");
        let access = config.engine.bucket.unwrap();
        assert_eq!([access.key_id, access.secret, access.region], ["canary-id", "canary-in-a-file", "us-east-1"]);
        assert!(with(&bucket[..2]).unwrap_err().what.contains("LOCKSTEP_S3_SECRET"));
        assert!(with(&bucket).unwrap_err().cause.contains("No such file"));
        let plain = |endpoint| with(&[bucket[0], bucket[1], ("LOCKSTEP_S3_SECRET", "x"), ("LOCKSTEP_S3_ENDPOINT", endpoint)]);
        assert!(plain("http://store.example.com").unwrap_err().cause.contains("not encrypted"));
        assert!(plain("https://store.example.com").is_ok());
        assert!(with(&[("LOCKSTEP_BACKUPS", "/a/folder"), bucket[1], ("LOCKSTEP_S3_SECRET", "x")]).is_err());
    }

    #[test]
    fn a_wrong_setting_is_named() {
        for (name, value) in [
            ("LOCKSTEP_ADDR", "here"),
            ("LOCKSTEP_LOG_FORMAT", "xml"),
            ("LOCKSTEP_TRUSTED_PROXIES", "10.0.0.0/40"),
            ("LOCKSTEP_KEEP_BACKUPS", "0"),
        ] {
            assert!(with(&[(name, value)]).unwrap_err().what.contains(name), "{name}");
        }
    }
}
