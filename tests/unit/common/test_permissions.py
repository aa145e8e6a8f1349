"""Every role against every action: what the table grants is allowed, everything else is refused."""

import pytest

from torap.common.errors import ApplicationError, NotAllowed
from torap.common.models import Grant, Role, User
from torap.common.permissions import ANY, OWN, RIGHTS, may, require, system_user

OURS, OTHERS = "akimat_zhetysu", "akimat_abai"
# Written out by hand: a change of the table is a change here too. A: of any body, o: of one's own, -: never.
EXPECTED = """
action                         coordinator body_member managing_company verifier auditor administrator
record.correct                 A           -           -                -        -       -
registry.edit                  A           -           -                -        -       A
source.add                     A           A           A                A        -       A
claim.add                      A           o           o                -        -       -
utility.add                    A           o           o                -        -       -
money.add                      A           o           o                -        -       -
milestone.add                  A           o           o                -        -       -
promise.add                    A           o           o                -        -       -
report.add                     A           o           o                -        -       -
evidence.add                   A           o           o                o        -       -
evidence.verify                -           -           -                o        -       -
instruction.add                A           -           -                -        -       -
instruction.respond            A           o           -                -        -       -
instruction.request_extension  -           o           -                -        -       -
instruction.extend             A           -           -                -        -       -
instruction.close              A           -           -                -        -       -
obstacle.add                   A           A           o                -        -       -
obstacle.remove                A           o           -                -        -       -
obstacle.escalate              A           -           -                -        -       A
link.add                       A           o           o                -        -       -
schedule.attach                A           o           o                -        -       -
baseline.take                  A           -           -                -        -       -
run.request                    A           A           A                -        -       A
scenario.save                  A           A           A                -        -       A
run.any                        A           -           -                -        -       A
scenario.any                   A           -           -                -        -       -
calendar.edit                  A           -           -                -        -       A
facts.load                     A           -           -                -        -       A
ledger.read                    A           -           -                -        A       A
user.manage                    -           -           -                -        -       A
"""
_ROLES, *_ROWS = [line.split() for line in EXPECTED.strip().splitlines()]
CELLS = [
    (action, role, mark) for action, *marks in _ROWS for role, mark in zip(_ROLES[1:], marks, strict=True)
]


def test_table_covers_every_role_and_action():
    assert {action for action, _role, _mark in CELLS} == set(RIGHTS)
    assert {role for _action, role, _mark in CELLS} == set(Role.values)
    assert {scope for rights in RIGHTS.values() for scope in rights.values()} <= {ANY, OWN}


@pytest.mark.parametrize(("action", "role", "mark"), CELLS)
def test_role_may_do_exactly_what_the_table_says(person, action, role, mark):
    user = person("p", role, organisation=OURS)
    assert may(user, action, organisations=[OURS]) is (mark in "Ao")
    assert may(user, action, organisations=[OTHERS]) is (mark == "A")
    assert may(user, action) is (mark == "A")
    everywhere = person("q", role)
    assert may(everywhere, action, organisations=[OURS]) is (mark == "A")


@pytest.mark.parametrize("action", RIGHTS)
def test_without_a_role_or_an_account_nothing_is_allowed(nobody, action):
    assert not may(nobody, action, organisations=[OURS])
    assert not may(None, action, organisations=[OURS])
    assert not may(User(username="not-saved"), action, organisations=[OURS])
    with pytest.raises(NotAllowed) as caught:
        require(nobody, action, organisations=[OURS, OTHERS])
    assert caught.value.params == {"action": action, "organisations": f"{OTHERS}, {OURS}"}


def test_closed_account_may_nothing(coordinator):
    coordinator.is_active = False
    assert not may(coordinator, "claim.add")


def test_several_grants_add_up(person):
    user = person("p", Role.BODY_MEMBER, organisation=OURS)
    Grant.objects.create(user=user, role=Role.AUDITOR)
    assert may(user, "claim.add", organisations=[OTHERS, OURS])
    assert may(user, "ledger.read")
    assert not may(user, "claim.add", organisations=[OTHERS])


def test_system_may_everything_and_cannot_sign_in(system):
    assert all(may(system, action) for action in RIGHTS)
    assert not system.is_active
    assert not system.has_usable_password()
    assert system_user() == system


def test_nobody_else_becomes_the_system(person):
    assert not may(User(username="system"), "claim.add")


def test_unknown_action_is_a_mistake_of_the_code(coordinator):
    with pytest.raises(KeyError):
        may(coordinator, "claim.ad")


def test_errors_carry_code_field_and_parameters():
    error = ApplicationError("some_code", field="name", value=3)
    assert (error.code, error.field, error.params) == ("some_code", "name", {"value": 3})
    assert str(error) == "some_code {'value': 3}"
    assert str(ApplicationError("plain")) == "plain"
