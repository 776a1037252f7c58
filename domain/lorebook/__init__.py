"""Lorebooks: what a character knows, told to the model when the talk comes to it."""
