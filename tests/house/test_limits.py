"""Files stay short, no room hides a drawer of odds and ends, nothing names this or that machine."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "src").rglob("*.py"))
OURS = [p for p in CODE if "migrations" not in p.parts]


def _tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in names.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_file_is_longer_than_500_lines():
    tests = sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "tools").rglob("*.py"))
    long = {str(p.relative_to(ROOT)): n for p in OURS + tests if (n := len(p.read_text().splitlines())) > 500}
    assert not long


def test_no_drawers_of_odds_and_ends():
    assert not [p for p in CODE if p.name in {"utils.py", "helpers.py"}]


@pytest.mark.parametrize("path", OURS, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_module_says_why_it_exists(path):
    text = path.read_text()
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{path} has no module docstring"


def test_public_names_listed_in_all_exist():
    for path in OURS:
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
            ):
                names = ast.literal_eval(node.value)
                defined = {n for n in _top_names(tree)}
                assert set(names) <= defined, f"{path}: {sorted(set(names) - defined)} listed but not there"


def _top_names(tree):
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (a.asname or a.name for a in node.names)
        elif isinstance(node, ast.Assign):
            targets = [one for t in node.targets for one in (t.elts if isinstance(t, ast.Tuple) else [t])]
            yield from (t.id for t in targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_locks_hold_hashes_and_no_addresses():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "http" not in text, lock
        assert "--index-url" not in text
        pins = re.findall(r"^[a-z0-9._-]+(?:\[[^\]]+\])?==", text, flags=re.M | re.I)
        assert len(pins) == len(re.findall(r"^[a-z0-9._-]+.*\\\n    --hash=", text, flags=re.M | re.I))
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    assert not [name for name, row in packages.items() if "resolved" in row]


def test_no_tracked_file_names_a_path_of_a_machine():
    bad = []
    for path in _tracked():
        if path.suffix in {".png", ".woff2", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if re.search(r"(^|[\s\"'(=])/(work|farm|home/[a-z]+)/", text):
            bad.append(str(path.relative_to(ROOT)))
    assert not bad


def test_every_dependency_says_why():
    text = (ROOT / "pyproject.toml").read_text()
    for line in re.findall(r"^  \"[a-z].*$", text, flags=re.M):
        if re.match(r'  "(Development|Framework|Programming|torap)', line):
            continue
        assert "#" in line, line
