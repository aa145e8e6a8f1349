"""Sub-commands that are loaded when they are called, so that `torap --help` loads none of them."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from copy import copy
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


class Place(NamedTuple):
    """Where a command stands: its module, its name there, and the first sentence of its help."""

    module: str
    name: str
    help: str


class Commands(MutableMapping[str, Any]):
    """Commands by name; one is loaded when it is asked for."""

    def __init__(self, places: dict[str, Place]) -> None:
        self._places = dict(places)
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = _loaded(name, self._places[name])
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        self._places.pop(name, None)
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places | dict.fromkeys(self._loaded, Place("", "", "")))

    def __len__(self) -> int:
        return len(set(self._places) | set(self._loaded))

    def listed(self) -> dict[str, Any]:
        """Every command by its name and help alone."""
        return {name: TyperCommand(name, help=place.help) for name, place in self._places.items()}


def _loaded(name: str, place: Place) -> Any:
    found = getattr(import_module(place.module), place.name)
    tree = typer.Typer(add_completion=False)
    tree.callback()(lambda: None)  # so that one command alone is a tree as well
    if isinstance(found, typer.Typer):
        tree.add_typer(found, name=name)
    else:
        tree.command(name)(found)
    group: Any = get_command(tree)
    return group.commands[name]


def group_of(places: dict[str, Place]) -> type[TyperGroup]:
    """A group of commands that stand at `places`, in their order."""

    class Group(TyperGroup):
        def __init__(self, **attrs: Any) -> None:
            super().__init__(**attrs)
            self.commands = Commands(places)

        def format_help(self, ctx: Any, formatter: Any) -> None:
            listing = copy(self)
            listing.commands = Commands(places).listed()
            super(Group, listing).format_help(ctx, formatter)

    return Group
