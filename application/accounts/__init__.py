"""People and who they prove to be."""
