"""OpenAI, or whatever else speaks its embeddings over HTTP."""
