"""`torap invented`: asks first, refuses sizes that make no sense, writes files without a database."""

import json

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from torap.cli.invented import invented_app
from torap.common.permissions import system_user
from torap.countries.invention.shape import Size, load_shape
from torap.registry import selectors as registry
from torap.registry.services import region_save
from torap.rules.known import AsKnown

SMALL = ("--projects", "2", "--activities", "5", "--links", "3")


def run(*arguments, **more):
    return CliRunner().invoke(invented_app, list(arguments), **more)


def test_write_needs_no_database(tmp_path):
    result = run("write", str(tmp_path / "out"), "--projects", "2", "--activities", "5")
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "out").rglob("*.json"))) == 2


@pytest.mark.parametrize("size", [("--projects", "0"), ("--activities", "1"), ("--links", "-1")])
def test_sizes_have_limits(size):
    result = run("load", *size)
    assert result.exit_code == 2
    assert size[0] in result.output
    assert "give " in result.output


def test_a_format_there_is_not_is_refused():
    assert run("load", *SMALL, "--format", "yaml").exit_code == 2


@pytest.mark.django_db
def test_load_asks_and_then_tells():
    for code in load_shape(Size(projects=2)).regions:
        region_save(by=system_user(), code=code, name={"en": code})
    assert run("load", *SMALL, input="n\n").exit_code == 2
    assert not registry.project_list(known=AsKnown(timezone.localdate()))
    result = run("load", *SMALL, "--yes", "--format", "json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["refused"] == 0
    assert "0 of 2 schedules new" in run("load", *SMALL, "--yes").output


@pytest.mark.django_db
def test_load_without_regions_ends_with_one():
    result = run("load", *SMALL, "--yes")
    assert result.exit_code == 2
    assert "torap seed" in " ".join(result.output.split())
