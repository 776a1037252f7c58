"""What in a life has one value at a time, by field of life, and how news of it sounds."""
