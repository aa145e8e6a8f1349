"""Every page with forecasts asks its fifteen questions at most: nothing kept, the run fresh or older than
what was written since, the day today's or an earlier one, the reader signed in or not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from flows.conftest import DAY
from torap.common.models import Role
from torap.delivery import services as delivery
from torap.ledger.memo import forget
from torap.registry import services as registry
from torap.runs.selectors.later import forget_made

pytestmark = pytest.mark.django_db
MOST = 15
LATER = DAY + dt.timedelta(days=20)
RUN = f"forecast-{DAY.isoformat()}"
PAGES = (
    "",
    "promises/",
    "instructions/",
    "instructions/I-1/",
    "milestones/terminal-complete/",
    "milestones/terminal-open/",
    "milestones/hub-open/",
    "places/hub/",
    "places/terminal/",
    "links/railway/",
    "projects/yard/",
    "programmes/network/",
    "bodies/",
    "bodies/ministry/",
    "figures/",
    "figures/inflow/",
    "forecast/",
    "forecast/all/",
    "forecast/why/milestone/terminal-open/",
    "forecast/why/milestone/terminal-complete/",
    "plan/terminal/",
    "plan/hub/",
    "what-if/",
    "what-if/kept/",
    "runs/",
    f"runs/{RUN}/",
    f"runs/compare/?a={RUN}&b={RUN}",
    "classes/",
    "classes/milestone/",
    "score/",
)


@pytest.fixture
def moved_since(foretold):
    """What was said after the run: a promise moved, something was proved; and later still, after the day
    looked at, milestones, duties and obstacles went to another body."""
    by = foretold
    registry.source_add(
        by=by, code="gov-2026", publisher="Government", source_class="official", title="Report",
        url="https://example.org/gov-2026", published=dt.date(2026, 1, 10),
    )  # fmt: skip
    delivery.promise_add(
        by=by, milestone="terminal-open", as_said="end of 2029", source="gov-2026", said=dt.date(2026, 1, 10)
    )
    after = {"by": by, "said": LATER + dt.timedelta(days=5)}
    delivery.milestone_save(
        **after, code="terminal-open", subject="terminal", name={"en": "Opened"}, type="open",
        holder="ministry",
    )  # fmt: skip
    delivery.obstacle_save(
        **after, code="shallow", text={"en": "The sea is shallow"}, blocks="hub", holder="akimat"
    )
    return by


@pytest.fixture(params=["a visitor", "somebody signed in"])
def reader(request, client, person):
    if request.param != "a visitor":
        client.force_login(person("reader", Role.COORDINATOR))
    return client


def over_budget(client, day):
    """What each page asks for more than it may, nothing kept of before."""
    found = {}
    for path in PAGES:
        forget()
        forget_made()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/en/{path}", {"as_of": day.isoformat()} if "?" not in path else {})
        assert answer.status_code == 200, path
        if len(asked) > MOST:
            found[path] = len(asked)
    return found


def test_with_a_fresh_run(reader, foretold):
    assert over_budget(reader, DAY) == {}


def test_with_a_run_older_than_the_page(reader, moved_since):
    assert over_budget(reader, LATER) == {}


def test_with_something_recorded_since_the_page_was_read(client, person, moved_since):
    """What is kept is renewed by what was recorded since: fifteen questions are enough for that too."""
    client.force_login(person("reader", Role.COORDINATOR))
    day = {"as_of": LATER.isoformat()}
    for path in ("", "projects/", "places/hub/", "bodies/ministry/"):
        client.get(f"/en/{path}", day)
        delivery.report_add(
            by=moved_since, milestone="terminal-open", state="under_way", source="gov-2026",
            said=dt.date(2026, 1, 10),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/en/{path}", day).status_code == 200, path
        assert len(asked) <= MOST, path
