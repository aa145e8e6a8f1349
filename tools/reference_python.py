"""The public Python surface, read from the source: what others may call; all else may change.

A package lists its surface in `__all__`; a module's surface is every name without an underscore.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "torap"

PUBLIC: tuple[tuple[str, str], ...] = (
    ("countries/__init__.py", "What a country brings: law, calendar edits, rates, facts."),
    ("rules/known.py", "The day the world is looked at."),
    ("rules/calendar.py", "Working days with validity time and knowledge time."),
    ("rules/obligations/engine.py", "Clocks of a procedure, computed from events, law and calendar."),
    ("rules/obligations/moves.py", "Which clocks a changed calendar moves."),
    ("rules/obligations/holders.py", "Who held a case, and for how long."),
    ("rules/money.py", "Amounts, dated rates, the monthly calculation index."),
    ("rules/intervals.py", "Imprecise dates as periods."),
    ("rules/units.py", "Units of figures."),
    ("rules/claims.py", "The best claim, and contradictions."),
    ("rules/statuses.py", "The three statuses."),
    ("rules/escalation.py", "The ladder of an obstacle."),
    ("rules/fold.py", "One spelling for three scripts."),
    ("ledger/services.py", "Writing to the ledger and verifying it."),
    ("ledger/selectors.py", "Reading the ledger."),
    ("registry/services/__init__.py", "Writing to the register."),
    ("registry/selectors/__init__.py", "Reading the register."),
    ("delivery/services/__init__.py", "Writing promises, evidence, instructions, obstacles."),
    ("delivery/selectors/__init__.py", "Reading milestones, instructions, the situation."),
    ("intake/services.py", "Comparing and loading facts files."),
)

Definition = ast.FunctionDef | ast.ClassDef


def surface(relative: str) -> list[tuple[str, Definition]]:
    """The public definitions of a module, or those a package lists, by name."""
    path = SOURCE / relative
    tree = ast.parse(path.read_text(encoding="utf-8"))
    listed = _listed(tree)
    if listed is None:
        return sorted((node.name, node) for node in _definitions(tree) if not node.name.startswith("_"))
    found = {
        node.name: node
        for file in sorted(path.parent.glob("*.py"))
        for node in _definitions(ast.parse(file.read_text(encoding="utf-8")))
    }
    return [(name, found[name]) for name in sorted(listed) if name in found]


def page(note: str) -> str:
    """The reference page."""
    parts = ["# Python", note, "What other code may call. Services write and need `by=`; selectors read."]
    for relative, meaning in PUBLIC:
        module = "torap." + relative.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        rows = [f"| `{_signature(name, node)}` | {_first_line(node)} |" for name, node in surface(relative)]
        parts += [f"## `{module}`", meaning, "\n".join(["| name | what it is |", "|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _definitions(tree: ast.Module) -> Iterator[Definition]:
    return (node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))


def _listed(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            names: list[str] = ast.literal_eval(node.value)
            return names
    return None


def _signature(name: str, node: Definition) -> str:
    if isinstance(node, ast.ClassDef):
        return name
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{name}({ast.unparse(node.args)}){returned}".replace("|", "\\|")


def _first_line(node: Definition) -> str:
    return (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
