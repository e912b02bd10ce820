"""The web page: wiring only, no logic that qa or indexer could own. One module a tab."""

from .page import build_page
from .serving import serve

__all__ = ["build_page", "serve"]
