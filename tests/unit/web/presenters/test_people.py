"""The name of an account is told to its owner and to those who read the ledger; others are told the body."""

import pytest
from django.contrib.auth.models import AnonymousUser

from torap.common.models import Role
from torap.registry import services as registry
from torap.web.presenters.people import people

NAMES = ("aigul", "coordinator", "nobody", "system")


@pytest.fixture
def asked(system, person, coordinator):
    registry.organisation_save(by=system, code="ktz", name={"en": "Railways"}, type="akimat")
    aigul = person("aigul", Role.BODY_MEMBER, organisation="ktz")
    person("nobody")
    return aigul


def test_anybody_is_told_the_body_or_the_role(asked, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = people(NAMES, AnonymousUser())
    assert found == {
        "aigul": "Railways", "coordinator": "Coordinator", "nobody": "somebody who signed in",
        "system": "system",
    }  # fmt: skip
    assert people(["gone"], AnonymousUser()) == {"gone": "somebody who signed in"}


def test_everybody_is_told_their_own_name(asked):
    found = people(NAMES, asked)
    assert (found["aigul"], found["coordinator"]) == ("aigul", "Coordinator")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.COORDINATOR])
def test_who_reads_the_ledger_is_told_the_names(asked, person, role):
    assert people(NAMES, person("reader", role)) == {name: name for name in NAMES}
