//! The whole router on a real store: what browsers, forms and attackers send, and what they get.

mod access;
mod attacks;
mod imports;
mod settings;
mod sign_in;

use crate::config::Config;
use crate::router::router;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use leptos::config::LeptosOptions;
use lockstep::access::{Actor, Role};
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::{Console, Settings, add_person};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;
use tower::ServiceExt;

const OWN: &str = "127.0.0.1:3000";
const PASSWORD: &str = "a sentence of several words";

/// A console of its own, with one person of each role.
struct World {
    console: Console,
    router: Router,
    store: String,
}

/// An answer that was read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
    text: String,
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("lockstep-http-{}-{name}", std::process::id()))
}

async fn cluster() -> &'static PrivatePg {
    static CLUSTER: OnceCell<PrivatePg> = OnceCell::const_new();
    let options = Options { settings: vec![("fsync", "off"), ("max_connections", "200")], discard: true, ..Options::default() };
    CLUSTER.get_or_init(|| async { PrivatePg::start(&folder("cluster"), &options).await.unwrap() }).await
}

/// A fresh database and its connection string.
async fn database() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("http_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&cluster().await.url("postgres")).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"))).execute(&mut admin).await.unwrap();
    cluster().await.url(&name)
}

fn email(role: Role) -> String {
    format!("{}@example.org", role.label())
}

impl World {
    async fn new() -> Self {
        let world = Self::empty().await;
        for role in Role::ALL {
            add_person(&world.console, &Actor::command_line(), role.label(), &email(role), role, PASSWORD).await.unwrap();
        }
        world
    }

    /// Nobody is known yet.
    async fn empty() -> Self {
        let store = database().await;
        let settings = Settings { data_dir: folder("data"), store_url: Some(store.clone()), ..Settings::default() };
        let console = Console::open(settings).await.unwrap();
        let config = Config::from(|name| (name == "HOME").then(|| "/nowhere".to_owned())).unwrap();
        let options = LeptosOptions::builder().output_name("lockstep").site_root("../target/site").build();
        Self { router: router(&config, options, console.clone(), 3000), console, store }
    }

    async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        let answer: Response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, bytes: bytes.into(), text }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(HOST, OWN).header(ACCEPT, "text/html").header(COOKIE, cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// As the page's own script sends it.
    async fn post(&self, path: &str, form: &str, cookie: &str) -> Answer {
        self.send(own_post(path, form, cookie)).await
    }

    /// Signs in and gives the cookie.
    async fn cookie(&self, role: Role) -> String {
        let form = format!("email={}&password={}", email(role).replace('@', "%40"), PASSWORD.replace(' ', "+"));
        let answer = self.post("/api/sign-in", &form, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.cookie().unwrap()
    }

    /// The first column of the store's rows, as text.
    async fn stored(&self, sql: &str) -> Vec<String> {
        let mut session = PgConnection::connect(&self.store).await.unwrap();
        let sql = format!("SELECT coalesce(x::text, 'NULL') FROM ({sql}) AS q (x)");
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut session).await.unwrap()
    }
}

impl Answer {
    /// The session's name and value, when the answer sets one.
    fn cookie(&self) -> Option<String> {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut session = set.filter(|value| value.starts_with(crate::session::COOKIE));
        Some(session.next()?.split(';').next()?.to_owned())
    }
}

fn own_post(path: &str, form: &str, cookie: &str) -> Request<Body> {
    Request::post(path)
        .header(HOST, OWN)
        .header(ORIGIN, format!("http://{OWN}"))
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .header(COOKIE, cookie)
        .body(Body::from(form.to_owned()))
        .unwrap()
}
