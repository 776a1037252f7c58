"""Firebase: who is asking, for people who sign in with it."""
