"""What companions remember."""
