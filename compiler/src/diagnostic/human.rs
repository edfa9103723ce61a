//! Diagnostics drawn as rustc draws them, with annotate-snippets.
