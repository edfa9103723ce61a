//! One JSON object per diagnostic, for continuous integration and editors.
