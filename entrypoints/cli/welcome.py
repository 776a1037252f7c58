"""What a newcomer sees when the server is ready."""

_TEXT = """
Companion is ready at {url}
{pages}  Docs      {url}/docs
  Health    {url}/readyz
{token_part}
Stop with Ctrl-C.
"""

_PAGES = """\
  Chat      {url}/
  Store     {url}/sandbox  (nobody pays here)
  Console   {url}/admin
"""

_WITH_ISSUER = """
An ID token for the user "demo", good for an hour (more: .venv/bin/companion token NAME [--admin]):

{token}

Say something:

curl -s {url}/v1/chat/completions \\
  -H 'Authorization: Bearer {token}' \\
  -H 'Content-Type: application/json' \\
  -d '{{"model": "mira", "messages": [{{"role": "user", "content": "Hello! I am Sam."}}]}}'

The same with the OpenAI SDK, as a stream:

.venv/bin/python - <<'PYTHON'
from openai import OpenAI

client = OpenAI(base_url="{url}/v1", api_key="{token}")
stream = client.chat.completions.create(
    model="mira",
    messages=[{{"role": "user", "content": "What can you fix for me today?"}}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
PYTHON
"""


def welcome(url: str, token: str | None, *, is_development: bool = False) -> str:
    """The greeting; without a token when somebody else issues them."""
    part = _WITH_ISSUER.format(url=url, token=token) if token else "\nSign in through Firebase.\n"
    pages = _PAGES.format(url=url) if is_development else ""
    return _TEXT.format(url=url, pages=pages, token_part=part)
