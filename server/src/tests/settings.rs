//! Files that must say the same.

/// cargo-leptos reads one, the server the other.
#[test]
fn leptos_toml_says_what_cargo_toml_says() {
    let section = |text: &str| {
        let from = text.split("[[workspace.metadata.leptos]]").nth(1).unwrap();
        let lines = from.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.take_while(|line| !line.starts_with('[')).map(str::to_owned).collect::<Vec<_>>()
    };
    let (cargo, leptos) = (include_str!("../../../Cargo.toml"), include_str!("../../../Leptos.toml"));
    assert_eq!(section(leptos), section(cargo));
}
