//! Reads the rows of lookup tables as canonical text.
