"""pgvector behind the memory index."""
