"""Regions of subjects: a place's own, a project's own or that of its place, a body's."""

import pytest

from torap.registry import services
from torap.registry.selectors import subject_regions

pytestmark = pytest.mark.django_db


def test_each_subject_by_its_region(system):
    for code in ("KZ-47", "KZ-33"):
        services.region_save(by=system, code=code, name=code)
    services.place_save(by=system, code="hub", name="Hub", type="hub", region="KZ-47")
    services.place_save(by=system, code="nowhere", name="Nowhere", type="hub")
    services.project_save(by=system, code="quay", name="Quay", type="investment", place="hub")
    services.project_save(by=system, code="mill", name="Mill", type="investment", place="hub", region="KZ-33")
    services.organisation_save(by=system, code="akimat", name="Akimat", type="akimat", region="KZ-33")
    assert subject_regions() == {"hub": "KZ-47", "quay": "KZ-47", "mill": "KZ-33", "akimat": "KZ-33"}
