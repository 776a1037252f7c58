"""What all processes share for a short while: limits, slots, and the tails of streams."""
