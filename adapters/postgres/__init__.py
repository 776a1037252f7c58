"""PostgreSQL behind the stores: one statement a method, one place that speaks to the server."""
