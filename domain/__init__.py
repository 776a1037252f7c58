"""The rules of the product: pure values and functions, no I/O, no clock, no framework."""
