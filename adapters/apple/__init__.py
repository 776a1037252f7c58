"""Apple's App Store: what it signs, what it sends, and what it answers."""
