"""The market: what is sold, what the stores say of a purchase, and what follows from it."""
