"""What keeps the product running: limits, jobs, readiness, invariants."""
