"""The page on which the sandbox is tried."""
