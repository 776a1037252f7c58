"""How crises are heard by their wording: what that is learnt from, and how well it does."""
