"""What a file of Microsoft Project says and a plan does not keep is told, with how often."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

from torap.intake.schedules.losses import Losses
from torap.intake.schedules.mspdi_left_out import tell_left_out


def told(body: str) -> dict[str, str]:
    losses = Losses()
    tell_left_out(fromstring(f"<Project>{body}</Project>"), losses)
    return {row.code: row.value for row in losses}


def test_what_is_left_out_is_counted() -> None:
    tasks = (
        "<Task><UID>0</UID><Cost>9</Cost><Priority>1000</Priority><WBS>P</WBS></Task>"  # the project itself
        "<Task><UID>1</UID><Cost>100.5</Cost><Priority>500</Priority><WBS>1</WBS>"
        "<OutlineNumber>1</OutlineNumber></Task>"
        "<Task><UID>2</UID><Cost>0.00</Cost><FixedCost>7</FixedCost><Priority>700</Priority><WBS>A.7</WBS>"
        "<OutlineNumber>2</OutlineNumber><HyperlinkAddress>https://example.org</HyperlinkAddress></Task>"
        "<Task><UID>3</UID><IsNull>1</IsNull><Cost>4</Cost></Task>"
    )
    resources = "".join(
        f"<Resource><UID>{uid}</UID><Name>{name}</Name></Resource>"
        for uid, name in ((0, "Unassigned"), (1, "Crane"), (2, ""))
    )
    work = "".join(
        f"<Assignment><TaskUID>1</TaskUID><ResourceUID>{uid}</ResourceUID></Assignment>"
        for uid in (1, 1, -65535)
    )
    body = (
        f"<Tasks>{tasks}</Tasks><Resources>{resources}</Resources><Assignments>{work}</Assignments>"
        "<Notes>N</Notes>"
    )
    assert told(body) == {
        "assignments": "2",
        "hyperlinks": "1",
        "notes": "1",
        "priorities": "1",
        "resource_names": "1",
        "task_costs": "2",
        "wbs_codes": "1",
    }


def test_nothing_is_told_of_nothing() -> None:
    assert told("<Tasks><Task><UID>1</UID><Cost>0</Cost></Task></Tasks>") == {}
