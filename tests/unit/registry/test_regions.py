"""Regions of subjects: a place's own, a project's own or that of its place, a body's."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.registry import services
from torap.registry.models import Subject
from torap.registry.selectors import subject_regions
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = AsKnown(timezone.localdate())


def test_each_subject_by_its_region(system):
    for code in ("KZ-47", "KZ-33"):
        services.region_save(by=system, code=code, name=code)
    services.place_save(by=system, code="hub", name="Hub", type="hub", region="KZ-47")
    services.place_save(by=system, code="nowhere", name="Nowhere", type="hub")
    services.project_save(by=system, code="quay", name="Quay", type="investment", place="hub")
    services.project_save(by=system, code="mill", name="Mill", type="investment", place="hub", region="KZ-33")
    services.organisation_save(by=system, code="akimat", name="Akimat", type="akimat", region="KZ-33")
    assert subject_regions(TODAY) == {"hub": "KZ-47", "quay": "KZ-47", "mill": "KZ-33", "akimat": "KZ-33"}


def test_a_region_as_it_was_known_on_the_day(system):
    for code in ("KZ-47", "KZ-33"):
        services.region_save(by=system, code=code, name=code)
    old, now = dt.date(2025, 1, 1), dt.date(2025, 6, 1)
    for day, region in ((old, "KZ-47"), (now, "KZ-33")):
        services.place_save(by=system, code="hub", name="Hub", type="hub", region=region, said=day)
    services.place_save(by=system, code="new", name="New", type="hub", region="KZ-33", said=now)
    services.project_save(by=system, code="quay", name="Quay", type="investment", place="hub", said=old)
    spoken = Subject.objects.filter(code__in=["hub", "quay"])  # as if they had stood in the books by then
    spoken.update(recorded_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    before = subject_regions(AsKnown(dt.date(2025, 3, 1)))
    assert before == {"hub": "KZ-47", "quay": "KZ-47"}
    assert subject_regions(TODAY) == {"hub": "KZ-33", "new": "KZ-33", "quay": "KZ-33"}
