"""The sources of the register's page, as a browser is to get them, and what puts them together."""

from importlib.resources import files

from latchkey.reports.register.page import PageParts

STYLES = ("base", "controls", "list", "details", "timeline", "graph", "print")
SCRIPTS = ("dom", "data", "details", "list", "timeline", "graph", "controls", "main")
"""In this order; the scripts share one function's scope."""


def page_parts() -> PageParts:
    """The page's parts, read from the files beside this one."""
    style = "\n".join(_read(f"style/{name}.css") for name in STYLES)
    script = "\n".join(_read(f"script/{name}.js") for name in SCRIPTS)
    return PageParts(
        html=_read("page.html"),
        style=style,
        script=f'(() => {{\n"use strict";\n{script}}})();\n',
    )


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
