"""How Hypercorn serves at a socket that is taken already."""

import logging
import socket

from hypercorn.config import Config


def config_for(listener: socket.socket, *, closing_seconds: float) -> Config:
    """For a server that writes its own access log; takes the socket over.

    ``closing_seconds`` is how long open requests have when it stops.
    """
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")
    config.include_server_header = False
    config.graceful_timeout = closing_seconds
    return config
