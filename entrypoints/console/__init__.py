"""The operator's console: what its pages look like. ``entrypoints.http.console*`` serves them."""
