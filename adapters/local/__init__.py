"""The embedded parts: what a start on one machine needs, without an account or a key."""
