//! The built site: where it lies, and how its files are sent.

use crate::config::Config;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use leptos::config::{LeptosOptions, get_configuration};
use lockstep::problem::{Problem, ProblemKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeader;

/// What cargo-leptos says when it started us, else what `Leptos.toml` says, in the working directory or near the binary.
pub fn options(config: &Config) -> Result<LeptosOptions, Problem> {
    let unreadable = |error: String| {
        Problem::new(ProblemKind::Invalid, "The settings of the site cannot be read.")
            .because(error)
            .way_out("Run from the folder that holds Leptos.toml, or put Leptos.toml next to the binary.")
    };
    let mut options = if std::env::var_os("LEPTOS_SITE_ROOT").is_some() {
        get_configuration(None).map_err(|error| unreadable(error.to_string()))?.leptos_options
    } else {
        let file = leptos_toml().ok_or_else(|| unreadable("There is no Leptos.toml.".to_owned()))?;
        let text = file.to_str().ok_or_else(|| unreadable("The path of Leptos.toml is not UTF-8.".to_owned()))?;
        let mut options = get_configuration(Some(text)).map_err(|error| unreadable(error.to_string()))?.leptos_options;
        let root = file.parent().unwrap_or(Path::new(".")).join(&*options.site_root);
        options.site_root = Arc::from(&*root.to_string_lossy());
        options
    };
    if let Some(root) = &config.site_root {
        options.site_root = Arc::from(&*root.to_string_lossy());
    }
    options.site_addr = config.addr;
    let package = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
    if !package.is_dir() {
        return Err(Problem::new(ProblemKind::NotFound, format!("There is no built site in {}.", options.site_root))
            .way_out("Build it with cargo leptos build, or set LOCKSTEP_SITE_ROOT to where it lies."));
    }
    Ok(options)
}

fn leptos_toml() -> Option<PathBuf> {
    let here = PathBuf::from("Leptos.toml");
    let binary = std::env::current_exe().ok();
    // target/release/lockstep stands two folders below.
    let near = binary.iter().flat_map(|binary| binary.ancestors().skip(1).take(3)).map(|folder| folder.join("Leptos.toml"));
    std::iter::once(here).chain(near).find(|file| file.is_file())
}

/// Files of the site. Their names do not change with their content, so a browser asks whether its copy is still good; with hashed names
/// it need not.
pub fn files(options: &LeptosOptions) -> SetResponseHeader<ServeDir, HeaderValue> {
    let keep = if options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let files =
        ServeDir::new(&*options.site_root).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    SetResponseHeader::overriding(files, CACHE_CONTROL, HeaderValue::from_static(keep))
}
