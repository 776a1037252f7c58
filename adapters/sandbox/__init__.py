"""A store for development: it takes no money, and whatever it says follows from the purchase."""
