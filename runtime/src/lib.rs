//! What a gateway needs while it runs.
