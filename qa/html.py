"""HTML from Jinja2 templates: each value is escaped, and the layout of a template adds no white space."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from indexer.messages import message, say
from indexer.text.fold import script_of


class _Layout(Extension):
    """Take line breaks and indentation out of a template.

    White space between two elements can be seen on a page, and within a quotation it would be no
    part of the report.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Drop each line break beside a tag, an expression or a statement; others become a space.

        A tag may so be written on several lines, with a line break between its attributes.
        """
        tight = re.sub(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=<|\{%|$)", "", source)
        return re.sub(r"\s*\n\s*", " ", tight)


class Templates:
    """The templates of a folder. A template is compiled when it is first rendered."""

    def __init__(self, folder: Path, group: str, **filters: Callable[..., Any]) -> None:
        """Take a folder of templates, the group of words in the locale files and the filters of it."""
        self._group = group
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            extensions=[_Layout],
        )
        self._environment.filters.update(script=script_of, **filters)

    def render(self, name: str, language: str, /, **values: Any) -> str:
        """Render a template.

        In the template, `t(name, **values)` gives words of the group in that language, and
        `text|script` the tag of the script that a text is written in.

        Raises:
            jinja2.TemplateError: there is no such template, or it names a value that is not given.
            KeyError: the locale file lacks words that it names.
        """
        t = partial(_say, self._group, language)
        return self._environment.get_template(name).render(values, t=t, language=language)


def _say(group: str, language: str, name: str, /, **values: Any) -> str:
    return say(message(f"{group}.{name}", **values), language)
