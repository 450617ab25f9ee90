//! A private PostgreSQL cluster from the installed binaries: the default store, the demo, the tests.
