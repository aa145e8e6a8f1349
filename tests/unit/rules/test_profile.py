"""The country's profile: complete or refused, and true to the law it points to."""

import copy

import pytest

from torap.countries import DEFAULT, load_procedure, load_profile, load_rates, load_yaml
from torap.rules.errors import BadLawFile
from torap.rules.profile import parse_profile

PROFILE = load_profile()


def test_profile_points_to_procedures_and_steps_that_exist():
    for pid in PROFILE.procedures.values():
        assert load_procedure(pid).id == pid
    for edition in load_procedure(PROFILE.procedures["control"]).editions:
        steps = {row.step for row in edition.obligations}
        named = {PROFILE.control.lead, *PROFILE.control.co_executors, *PROFILE.control.reports}
        assert named <= steps
        assert {"issuer", "deadline", "ground", "co_executors"} <= edition.params.keys()


def test_every_issuer_the_law_names_may_give_an_instruction():
    spec = load_procedure(PROFILE.procedures["control"]).editions[-1].params["issuer"]
    understood = {spec.aliases.get(code, code) for code in PROFILE.issuers}
    assert set(spec.choices) <= understood
    assert all(set(names) == {"en", "ru", "kk"} and all(names.values()) for names in PROFILE.issuers.values())


def test_the_currency_is_that_of_the_rates():
    assert PROFILE.currency in {rate.quote for rate in load_rates().fx}


@pytest.mark.parametrize(
    ("path", "told"),
    [(("currency",), "currency"), (("procedures", "pool"), "procedures"), (("control", "lead"), "control")],
)
def test_a_missing_field_is_named(path, told):
    data = copy.deepcopy(load_yaml(DEFAULT, "profile.yaml"))
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    with pytest.raises(BadLawFile, match=told):
        parse_profile(data, where="profile.yaml")
