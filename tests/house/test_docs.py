"""Documentation cannot fall behind: settings and commands are documented, generated pages are fresh."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from torap.conf.env import SETTINGS

ROOT = Path(__file__).resolve().parents[2]


def test_generated_reference_is_fresh():
    check = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert not [s.name for s in SETTINGS if s.name not in text]


def test_every_setting_read_by_the_code_is_in_the_table():
    known = {s.name for s in SETTINGS}
    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        used |= set(re.findall(r"(?:text|flag|environ\S*)\([\"'](TORAP_[A-Z_]+)[\"']", path.read_text()))
    assert used <= known, used - known


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not broken


def test_start_page_uses_commands_that_exist():
    spec = importlib.util.find_spec("torap.cli.main")
    assert spec is not None
    text = (ROOT / "docs" / "reference" / "commands.md").read_text()
    start = (ROOT / "docs" / "start.md").read_text()
    for command in set(re.findall(r"torap ((?:[a-z]+ ?){1,2})", start)):
        first = command.split()[0]
        assert f"torap {first}" in text, command


def test_every_public_name_says_what_it_is():
    spec = importlib.util.spec_from_file_location("reference_python", ROOT / "tools" / "reference_python.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    silent = [
        f"{module}: {name}"
        for module, _meaning in tool.PUBLIC
        for name, node in tool.surface(module)
        if not tool._first_line(node)
    ]
    assert not silent
