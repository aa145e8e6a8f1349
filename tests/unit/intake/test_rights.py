"""Every person against every service that writes: who may, who is refused, and what is one's own."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from torap.common.errors import NotAllowed
from torap.common.models import Role, User
from torap.common.permissions import RIGHTS
from torap.delivery import services as delivery
from torap.delivery.models import Evidence
from torap.delivery.selectors import ProposedEdit
from torap.engines.schedule.plan import Activity, Plan
from torap.engines.schedule.worktime import ALWAYS
from torap.intake import people
from torap.intake.services import facts_apply
from torap.ledger.models import Event
from torap.registry import services as registry

TODAY = timezone.localdate()
PLAN = Plan(start=0, activities=(Activity(id="A", minutes=480),), calendars={"24h": ALWAYS}, calendar="24h")
DUE = TODAY + dt.timedelta(days=30)
# A: done, -: refused. Everybody speaks for a body of their own: the holder owes the milestone, leads the
# instruction and has to remove the obstacle; the company runs the hub; the akimat helps; the other body has
# no part in any of it; the inspection verifies. What is written is about the hub.
TABLE = """
service      right                          coordinator holder company akimat other verifier auditor administrator nobody
place        registry.edit                  A           -      -       -      -     -        -       A             -
source       source.add                     A           A      A       A      A     A        -       A             -
claim        claim.add                      A           -      A       A      -     -        -       -             -
utility      utility.add                    A           -      A       A      -     -        -       -             -
money        money.add                      A           -      A       A      -     -        -       -             -
milestone    milestone.add                  A           A      A       A      -     -        -       -             -
new          milestone.add                  A           -      A       A      -     -        -       -             -
promise      promise.add                    A           A      A       A      -     -        -       -             -
first        record.correct                 A           -      -       -      -     -        -       -             -
correction   record.correct                 A           -      -       -      -     -        -       -             -
report       report.add                     A           A      A       A      -     -        -       -             -
evidence     evidence.add                   A           A      A       A      A     A        -       -             -
foreign      evidence.add                   A           -      -       -      -     -        -       -             -
verdict      evidence.verify                -           -      -       -      -     A        -       -             -
instruction  instruction.add                A           -      -       -      -     -        -       -             -
answer       instruction.respond            A           A      -       -      -     -        -       -             -
co_answer    instruction.respond            A           -      -       A      -     -        -       -             -
request      instruction.request_extension  -           A      -       -      -     -        -       -             -
extension    instruction.extend             A           -      -       -      -     -        -       -             -
refusal      instruction.extend             A           -      -       -      -     -        -       -             -
closing      instruction.close              A           -      -       -      -     -        -       -             -
obstacle     obstacle.add                   A           A      A       A      A     -        -       -             -
rewriting    record.correct                 A           -      -       -      -     -        -       -             -
removal      obstacle.remove                A           A      -       -      -     -        -       -             -
escalation   obstacle.escalate              A           -      -       -      -     -        -       A             -
link         link.add                       A           A      -       -      -     -        -       -             -
schedule     schedule.attach                A           A      -       -      -     -        -       -             -
baseline     baseline.take                  A           -      -       -      -     -        -       -             -
calendar     calendar.edit                  A           -      -       -      -     -        -       A             -
facts        facts.load                     A           -      -       -      -     -        -       A             -
account      user.manage                    -           -      -       -      -     -        -       A             -
"""  # noqa: E501
(_service, _right, *WHO), *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
ROWS = [(name, right, dict(zip(WHO, marks, strict=True))) for name, right, *marks in _ROWS]
BODY = {
    "holder": "ministry",
    "company": "company",
    "akimat": "akimat",
    "other": "stranger",
    "verifier": "inspection",
}
ROLE = {
    "holder": Role.BODY_MEMBER,
    "company": Role.MANAGING_COMPANY,
    "akimat": Role.BODY_MEMBER,
    "other": Role.BODY_MEMBER,
    "nobody": "",
}


@pytest.fixture
def world(system):
    """A hub with all that can be written about; recorded by none of the people below."""
    registry.region_save(by=system, code="KZ-47", name="Mangystau")
    registry.attribute_save(by=system, code="area", name="Area", kind="number", unit="ha")
    for code in ("ministry", "stranger", "inspection", "company"):
        registry.organisation_save(by=system, code=code, name=code, type="other")
    registry.organisation_save(by=system, code="akimat", name="A", type="akimat", region="KZ-47")
    place = {"code": "hub", "name": "Hub", "type": "hub", "region": "KZ-47"}
    registry.place_save(by=system, **place, managing_company="company")
    registry.project_save(by=system, code="yard", name="Yard", type="infrastructure", place="hub")
    registry.source_add(by=system, code="paper", publisher="Paper", source_class="press", title="Paper")
    delivery.milestone_save(by=system, code="open", subject="hub", name="Open", holder="ministry")
    said = {"source": "paper", "said": TODAY - dt.timedelta(days=9)}
    delivery.promise_add(by=system, milestone="open", as_said="2030", key="first", **said)
    delivery.instruction_save(
        by=system,
        code="I-1",
        text="Build it",
        issuer="prime_minister",
        given=TODAY,
        deadline_kind="date",
        deadline_on=DUE,
        executors=[("ministry", "lead"), ("akimat", "co")],
        source="paper",
        said=TODAY,
    )
    delivery.obstacle_save(
        by=system, code="ice", text="Ice", blocks="hub", holder="ministry", said=TODAY - dt.timedelta(days=9)
    )
    delivery.evidence_add(
        by=system,
        milestone="open",
        type="act",
        shows_on=TODAY,
        title="Act",
        given_by="ministry",
        url="https://example.org/act",
    )


def _registry(by):
    said = {"source": "paper", "said": TODAY}
    return {
        "place": lambda: registry.place_save(by=by, code="port", name="Port", type="port"),
        "source": lambda: registry.source_add(
            by=by, code="new", publisher="P", source_class="press", title="New"
        ),
        "claim": lambda: registry.claim_add(by=by, key="c", subject="hub", attribute="area", value=5, **said),
        "utility": lambda: registry.utility_entry_add(
            by=by,
            key="u",
            place="hub",
            kind="electricity",
            move="added",
            basis="promised",
            amount=5,
            effective_from=TODAY,
            **said,
        ),
        "money": lambda: registry.money_add(
            by=by, key="m", project="yard", stage="announced", amount=5, currency="KZT", **said
        ),
        "facts": lambda: facts_apply(by=by, files=[("a.yaml", b"format: torap-facts/1\n")]),
        "account": lambda: people.user_create(by=by, username="fresh", password="a-long-Word-for-tests-7"),
        "calendar": lambda: delivery.calendar_edit_apply(
            by=by,
            edits=[_edit(DUE)],
        ),
    }


def _edit(day):
    return ProposedEdit(day=day, working=False, known_from=TODAY, title="Order", source_title="Order 1")


def _milestones(by, body):
    said = {"source": "paper", "said": TODAY}
    promise = {"by": by, "milestone": "open", "as_said": "2031", "source": "paper"}
    proof = {"by": by, "milestone": "open", "type": "act", "shows_on": TODAY, "title": "Act"}
    proof["url"] = "https://example.org/a"
    same = {"by": by, "code": "open", "subject": "hub", "name": "Opened", "holder": "ministry"}
    return {
        "milestone": lambda: delivery.milestone_save(**same),
        "new": lambda: delivery.milestone_save(by=by, code="rail", subject="hub", name="Rail"),
        "promise": lambda: delivery.promise_add(**promise, said=TODAY),
        "first": lambda: delivery.promise_add(**promise, said=dt.date(2020, 1, 1)),
        "correction": lambda: delivery.promise_add(**promise, said=TODAY, corrects="first"),
        "report": lambda: delivery.report_add(by=by, milestone="open", state="under_way", **said),
        "evidence": lambda: delivery.evidence_add(**proof, given_by=body),
        "foreign": lambda: delivery.evidence_add(**proof, given_by="builder_of_others"),
        "verdict": lambda: delivery.evidence_verify(
            by=by, evidence=Evidence.objects.get().pk, verdict="accepted", organisation=body
        ),
        "link": lambda: delivery.link_add(
            by=by, before="instruction:I-1", after="milestone:open", said=TODAY
        ),
        "schedule": lambda: delivery.schedule_attach(
            by=by,
            milestone="open",
            plan=PLAN,
            file=b"{}",
            file_name="plan.json",
            format="json",
            profile="torap",
            finish_activity="A",
            said=TODAY,
        ),
        "baseline": lambda: delivery.baseline_take(by=by, code="b", title="Plan"),
    }


def _duties(by):
    order = {"by": by, "instruction": "I-1"}
    later = DUE + dt.timedelta(days=30)
    ice = {"by": by, "text": "Ice", "blocks": "hub", "said": TODAY}
    return {
        "instruction": lambda: delivery.instruction_save(
            by=by,
            code="I-2",
            text="T",
            issuer="other",
            given=TODAY,
            deadline_kind="none",
            source="paper",
            said=TODAY,
        ),
        "answer": lambda: delivery.instruction_respond(**order, organisation="ministry", text="Done"),
        "co_answer": lambda: delivery.instruction_respond(**order, organisation="akimat", text="Done"),
        "request": lambda: delivery.instruction_request_extension(
            **order, organisation="ministry", new_deadline=later, text="Ice"
        ),
        "extension": lambda: delivery.instruction_extend(**order, new_deadline=later),
        "refusal": lambda: delivery.instruction_refuse_extension(**order, text="No"),
        "closing": lambda: delivery.instruction_close(**order, ground="executed"),
        "obstacle": lambda: delivery.obstacle_save(code="snow", **ice),
        "rewriting": lambda: delivery.obstacle_save(code="ice", **ice, holder="stranger"),
        "removal": lambda: delivery.obstacle_remove(by=by, obstacle="ice"),
        "escalation": lambda: delivery.obstacle_escalate_all(by=by),
    }


def test_table_covers_every_right_that_writes():
    of_runs = {"run.request", "run.any", "scenario.save", "scenario.any"}  # tests/unit/runs
    assert {right for _name, right, _marks in ROWS} == set(RIGHTS) - {"ledger.read"} - of_runs
    assert {name for name, _right, _marks in ROWS} == {
        *_registry(None),
        *_milestones(None, ""),
        *_duties(None),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "right", "marks"), ROWS, ids=[row[0] for row in ROWS])
def test_service_writes_for_those_who_may_and_for_nobody_else(world, person, system, name, right, marks):
    registry.organisation_save(by=system, code="builder_of_others", name="B", type="other")
    for who, mark in marks.items():
        with transaction.atomic():  # each person meets the same world
            by: User = person(who, ROLE.get(who, who), organisation=BODY.get(who, ""))
            services = _registry(by) | _milestones(by, BODY.get(who, "stranger")) | _duties(by)
            before = Event.objects.count()
            if mark == "A":
                services[name]()
                assert Event.objects.latest("seq").actor == who, (right, who)
            else:
                with pytest.raises(NotAllowed):
                    services[name]()
                assert Event.objects.count() == before, (right, who)
            transaction.set_rollback(True)
