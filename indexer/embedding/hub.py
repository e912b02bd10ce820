"""Load models of sentence-transformers from a folder, the hub's local cache or the hub."""

from __future__ import annotations

import os
import socket
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError
from indexer.messages import Message

# How long to try to reach the hub, only for hub names. The hub's own client would retry for 70 s.
_CONNECT_SECONDS = 5.0


def load_from_hub(
    model_class: Callable[..., Any], name: str, instead: Message, **options: Any
) -> Any:
    """Load a model from a folder, the hub's local cache or the hub.

    Args:
        model_class: a class of sentence-transformers.
        name: a folder, or a name on the hub.
        instead: what the user gets without naming a model; part of the error's message.
        options: further arguments of `model_class`.

    Raises:
        YinjuError: it is in none of these places, or does not load.
    """
    local = Path(name).is_dir()
    try:
        with quiet():
            return model_class(name, local_files_only=True, device="cpu", **options)
    # Catch all: the files and code of a foreign model may raise anything.
    except Exception as error:
        if local or looks_like_path(name):
            raise _load_error(name, error) from error
        if not _hub_is_reachable():
            raise YinjuError("model.unreachable", name=name, instead=instead) from error
    try:
        return model_class(name, device="cpu", **options)
    except Exception as error:
        raise _load_error(name, error) from error


def _load_error(name: str, error: Exception) -> YinjuError:
    return YinjuError("model.does_not_load", name=name, reason=first_line(error))


def looks_like_path(model: str) -> bool:
    """Return whether ``model`` can only be a path: hub names are ``name`` or ``owner/name``."""
    return model.startswith((".", "~", os.sep)) or model.count("/") > 1 or "\\" in model


def _hub_is_reachable() -> bool:
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    if urllib.request.getproxies():
        return True  # only the proxy can tell
    url = urllib.parse.urlsplit(constants.ENDPOINT)
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        socket.create_connection((url.hostname or "", port), _CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def first_line(error: BaseException) -> str:
    """Return the first line of an exception's text that is not blank, else the name of its type."""
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers' progress bars and the exporter's tracing warnings off the terminal."""
    from transformers.utils import logging

    logging_: Any = logging  # its functions are not annotated
    shown = logging_.is_progress_bar_enabled()
    logging_.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if shown:
            logging_.enable_progress_bar()
