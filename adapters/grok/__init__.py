"""Grok, or whatever else speaks OpenAI's chat completions over HTTP."""
