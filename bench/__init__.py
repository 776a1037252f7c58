"""Measurements. Nothing here is a test: machines differ, so every figure is a ratio in one run."""
