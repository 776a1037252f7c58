"""How large a card's file may be, and what is in it."""

from typing import Final

MAX_FILE: Final = 16 * 1024 * 1024
"""Bytes of a card's file."""
MAX_CARD: Final = 4 * 1024 * 1024
"""Bytes of the card itself, as JSON."""
MAX_UNPACKED: Final = 24 * 1024 * 1024
"""Bytes of all that an archive holds, unpacked."""
MAX_MEMBERS: Final = 500
"""Files in an archive, or chunks of assets in a picture."""
MAX_CHUNKS: Final = 50_000
MAX_PATH: Final = 200
"""Characters of a file's name in an archive."""
MAX_SIDE: Final = 16_384
"""Pixels of a picture's side."""
MAX_NESTING: Final = 64
MAX_BRACKETS: Final = 100_000
MAX_COMMAS: Final = 500_000
"""Both bound what a JSON text becomes in memory."""
