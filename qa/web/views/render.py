"""Render the templates of the page, from qa/web/templates, with the words of the group "labels"."""

from __future__ import annotations

import json
from pathlib import Path

from qa.html import Templates
from qa.server.scope import scope_of_report


def _scope(path: str) -> str:
    """Return the scope of one report as JSON, as the scripts of the page read it."""
    return json.dumps([scope_of_report(path)])


_TEMPLATES = Templates(Path(__file__).parents[1] / "templates", "labels", scope=_scope)
render = _TEMPLATES.render
