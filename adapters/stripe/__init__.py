"""Stripe: payments that the app takes by itself, and what Stripe says of them."""
