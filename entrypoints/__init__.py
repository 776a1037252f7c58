"""Where the world comes in: HTTP, the scheduler, the command line; and the composition root."""
