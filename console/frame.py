"""The frame around every page of the staff: the menu, the lists and their counts, other parts.

Rooms register what is theirs, each in its `views.py`, with `blueprint.record_once`; the frame knows none
of them. Items, lists and parts stand in the order in which the blueprints are registered in app.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, g
from flask_login import current_user
from markupsafe import Markup

from console.language import language


@dataclass(frozen=True)
class MenuItem:
    endpoint: str
    label: str  # marked with N_, translated where it is shown
    values: dict[str, Any]
    administrators_only: bool


@dataclass(frozen=True)
class MenuList:
    """A list of work with its count. `name` is its style, and how scripts and counts know it."""

    name: str
    endpoint: str
    label: str
    values: dict[str, Any]


@dataclass
class Frame:
    items: list[MenuItem] = field(default_factory=list)
    lists: list[MenuList] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=lambda: {"top": [], "menu": [], "end": []})
    words: list[str] = field(default_factory=list)
    _words_html: dict[str, Markup] = field(default_factory=dict)
    providers: list[Callable[[], dict]] = field(default_factory=list)

    def add_item(
        self, endpoint: str, label: str, /, *, administrators_only: bool = False, **values: Any
    ) -> None:
        self.items.append(MenuItem(endpoint, label, values, administrators_only))

    def add_list(self, name: str, endpoint: str, label: str, /, **values: Any) -> None:
        self.lists.append(MenuList(name, endpoint, label, values))

    def add_part(self, place: str, template: str) -> None:
        """A template that every page includes: at its "top", in its "menu", or at its "end"."""
        self.parts[place].append(template)

    def add_words(self, template: str) -> None:
        """A template for the end of every page that is the same on each: only its language varies."""
        self.words.append(template)

    def words_html(self) -> Markup:
        code = language.get()
        if code not in self._words_html:
            templates = map(current_app.jinja_env.get_template, self.words)
            self._words_html[code] = Markup("").join(Markup(each.render()) for each in templates)
        return self._words_html[code]

    def add_context(self, provider: Callable[[], dict]) -> None:
        """What the frame's templates need, worked out once a page.

        "counts" is {name of a list: number}; those of several rooms are put together.
        """
        self.providers.append(provider)


def frame_of(app: Flask) -> Frame:
    return app.extensions["frame"]


def init_app(app: Flask) -> None:
    app.extensions["frame"] = Frame()
    app.context_processor(_context)


def _context() -> dict:
    """Strangers get none of it: their pages have no frame, nor has a view's that says so in `g`."""
    if not current_user.is_authenticated or "without_frame" in g:
        return {}
    frame = frame_of(current_app)
    context = {"frame": frame, "menu": [item for item in frame.items if _is_for_me(item)]}
    counts: dict[str, int] = {}
    for provider in frame.providers:
        more = provider()
        counts |= more.pop("counts", {})
        context |= more
    return context | {"counts": counts}


def _is_for_me(item: MenuItem) -> bool:
    return current_user.is_administrator or not item.administrators_only
