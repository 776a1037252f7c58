"""The database's schema, as numbered steps up and down in plain SQL."""
