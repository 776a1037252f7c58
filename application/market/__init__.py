"""What people buy, and what the stores say of it."""
