"""What a memory says that a newer message says otherwise."""
