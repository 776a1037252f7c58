"""``make bench-memory``: what a companion still knows after thirty conversations."""
