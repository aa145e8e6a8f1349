"""Nothing in the code names a procedure or the currency of one country: that is data under countries/."""

import re
from pathlib import Path

import pytest

from torap.countries import load_profile

SRC = Path(__file__).resolve().parents[2] / "src" / "torap"
FILES = [
    path
    for path in sorted(SRC.rglob("*.py"))
    if not {"countries", "migrations"} & set(path.relative_to(SRC).parts)
]
PROCEDURE = re.compile(r"""["'](P\d\d[a-z]?)["']""")
# The list of currencies amounts may be given in is no list of one country.
CURRENCIES = {"rules/units.py"}


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SRC)) for path in FILES])
def test_code_names_no_procedure_and_no_currency_of_a_country(path):
    text = path.read_text(encoding="utf-8")
    assert not PROCEDURE.findall(text)
    if str(path.relative_to(SRC)) not in CURRENCIES:
        assert f'"{load_profile().currency}"' not in text
