"""What a companion remembers: facts, how new ones change old ones, summaries."""
