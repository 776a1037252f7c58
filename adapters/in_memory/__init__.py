"""One fake for each port, held to the same promises and the same tests as the real adapters."""
