"""HTTP: one module of routes per subject; each route parses, calls one use case, and answers."""
