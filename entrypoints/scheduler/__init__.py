"""The clock that starts the jobs."""
