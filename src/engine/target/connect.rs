//! Connections to a target: references, the secret behind them, and the session that every reader gets.
