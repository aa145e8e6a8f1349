"""Adding claims. A claim is never edited: a correction is a new claim that names the old one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypedDict, Unpack

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import User
from torap.common.permissions import correctable_by, require
from torap.ledger.records import state_of
from torap.ledger.services import Draft, record_many
from torap.ledger.writing import (
    Days,
    Texts,
    any_invented,
    check,
    days,
    said_in_time,
    same_reality,
    texts,
    writing,
)
from torap.registry.models import Attribute, Claim, Source, Subject
from torap.registry.selectors.owners import subject_owners_many
from torap.rules.claims import observed_too_early
from torap.rules.units import UNITS, same_dimension

Amount = Decimal | int | float | str
Value = Amount | tuple[Amount, Amount] | Mapping[str, Amount]  # a number, (low, high) or {"low":, "high":}
NUMERIC = {Attribute.Kind.NUMBER, Attribute.Kind.MONEY}


class ClaimFields(TypedDict, total=False):
    """What is given for a claim. Codes for subject, attribute and source; key of the claim it corrects."""

    key: str
    subject: str
    attribute: str
    source: str
    scope: str
    nature: str
    value: Value | None
    unit: str
    qualifier: str
    text: Texts | None
    about: Days | None
    said: Days | None
    said_note: str
    said_by: str
    confidence: str
    derived: bool
    note: Texts | None
    corrects: str | None
    invented: bool


@dataclass(frozen=True, slots=True)
class _References:
    subjects: Mapping[str, Subject]
    attributes: Mapping[str, Attribute]
    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    corrected: frozenset[str]
    owners: Mapping[int, set[str]]
    correctable: set[str] | None


def claim_add(*, by: User, **fields: Unpack[ClaimFields]) -> Claim:
    """Add a claim. `said` defaults to the source's date; `unit` to the attribute's; `value` in that unit."""
    return claim_add_many(by=by, rows=[fields])[0]


def claim_add_many(*, by: User, rows: Sequence[ClaimFields]) -> list[Claim]:
    """Add many claims or none: the first that is wrong raises, with its `key` among the parameters."""
    with writing():
        refs = _references(by, rows)
        claims: list[Claim] = []
        seen: set[str] = set()
        for row in rows:
            try:
                claim = _build(by, row, refs)
                if claim.key in refs.claims or claim.key in seen:
                    raise Conflict("key_taken", field="key", value=claim.key)
            except (BadInput, Conflict) as error:
                error.params.setdefault("key", row.get("key", ""))
                raise
            seen.add(claim.key)
            claims.append(claim)
        Claim.objects.bulk_create(claims, batch_size=500)
        record_many([_draft(claim) for claim in claims], by=by)
    return claims


def claim_correct(*, by: User, old: str, **changes: Unpack[ClaimFields]) -> Claim:
    """Correct the claim of key `old`: a new claim with its fields save those in `changes`, that names it."""
    claim = Claim.objects.select_related("subject", "attribute", "source").filter(key=old).first()
    if claim is None:
        raise NotFound("no_claim", field="old", value=old)
    fields: ClaimFields = {
        "key": f"{old}~{_next_number(old)}",
        "subject": claim.subject.code,
        "attribute": claim.attribute_id,
        "source": claim.source.code,
        "scope": claim.scope,
        "nature": claim.nature,
        "value": None
        if claim.low is None
        else (claim.low, claim.high if claim.high is not None else claim.low),
        "unit": claim.unit,
        "qualifier": claim.qualifier,
        "text": {"en": claim.text_en, "ru": claim.text_ru, "kk": claim.text_kk},
        "about": _about(claim),
        "said": (claim.said_from, claim.said_to),
        "said_note": claim.said_note,
        "said_by": claim.said_by,
        "confidence": claim.confidence,
        "derived": claim.derived,
        "note": {"en": claim.note_en, "ru": claim.note_ru, "kk": claim.note_kk},
        "invented": claim.invented,
    }
    fields.update(changes)
    fields["corrects"] = old
    return claim_add(by=by, **fields)


def _next_number(old: str) -> int:
    return Claim.objects.filter(key__startswith=f"{old}~").count() + 2


def _about(claim: Claim) -> tuple[dt.date, dt.date] | None:
    if claim.about_from is None or claim.about_to is None:
        return None
    return claim.about_from, claim.about_to


def _references(by: User, rows: Sequence[ClaimFields]) -> _References:
    def named(field: str) -> set[str]:
        return {str(row[field]) for row in rows if row.get(field)}  # type: ignore[literal-required]

    subjects = {s.code: s for s in Subject.objects.filter(code__in=named("subject"))}
    keys = named("key") | named("corrects")
    claims = {c.key: c for c in Claim.objects.filter(key__in=keys)}
    done = Claim.objects.filter(corrects__key__in=named("corrects")).values_list("corrects__key", flat=True)
    return _References(
        subjects=subjects,
        attributes={a.code: a for a in Attribute.objects.filter(code__in=named("attribute"))},
        sources={s.code: s for s in Source.objects.filter(code__in=named("source"))},
        claims=claims,
        corrected=frozenset(done),
        owners=subject_owners_many(subjects.values()),
        correctable=correctable_by(by) if named("corrects") else None,
    )


def _build(by: User, row: ClaimFields, refs: _References) -> Claim:
    subject = _named(refs.subjects, row.get("subject"), "subject")
    require(by, "claim.add", organisations=refs.owners[subject.pk])
    attribute = _named(refs.attributes, row.get("attribute"), "attribute")
    source = _named(refs.sources, row.get("source"), "source")
    said = said_days(row.get("said"), source)
    if not row.get("derived"):  # what is computed from other figures is said by nobody
        said_in_time(said, source)
    about = days("about", row.get("about")) or (None, None)
    nature = row.get("nature") or "observed"
    if nature == "observed" and observed_too_early(about[0], said[1]):
        raise BadInput("observed_before_its_time", field="about", begins=about[0], said=said[1])
    low, high, unit = _value(row, attribute)
    old = _corrected(row, refs, subject, attribute)
    invented = bool(row.get("invented", False)) or any_invented(source, subject)
    same_reality(invented, old)
    claim = Claim(
        key=row.get("key") or "",
        subject=subject,
        attribute=attribute,
        source=source,
        scope=row.get("scope") or "",
        nature=nature,
        qualifier=row.get("qualifier") or "exact",
        low=low,
        high=high,
        unit=unit,
        about_from=about[0],
        about_to=about[1],
        said_from=said[0],
        said_to=said[1],
        said_note=row.get("said_note") or "",
        said_by=row.get("said_by") or "",
        confidence=row.get("confidence") or "medium",
        derived=bool(row.get("derived", False)),
        invented=invented,
        corrects=old,
        recorded_by=by.username,
        **texts("text", row.get("text")),
        **texts("note", row.get("note")),
    )
    if attribute.kind not in NUMERIC and not claim.text_en:
        raise BadInput("text_missing", field="text", attribute=attribute.code)
    check(claim)
    return claim


def _named(rows: Mapping[str, Any], code: str | None, field: str) -> Any:
    found = rows.get(code or "")
    if found is None:
        raise BadInput("unknown_reference", field=field, value=code or "", entity=field)
    return found


def said_days(said: Days | None, source: Source) -> tuple[dt.date, dt.date]:
    """When it was said: as given, else the date of the source; BadInput where neither is known."""
    given = days("said", said)
    if given is not None:
        return given
    if source.published_from is None or source.published_to is None:
        raise BadInput("said_missing", field="said", source=source.code)
    return source.published_from, source.published_to


def number(field: str, value: Any) -> Decimal:
    """`value` as an exact decimal; BadInput for what is no finite number."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        raise BadInput("not_a_number", field=field, value=str(value)) from None
    if isinstance(value, bool) or not exact.is_finite():
        raise BadInput("not_a_number", field=field, value=str(value))
    return exact


def _value(row: ClaimFields, attribute: Attribute) -> tuple[Decimal | None, Decimal | None, str]:
    value, unit = row.get("value"), row.get("unit") or ""
    if attribute.kind not in NUMERIC:
        if value is not None:
            raise BadInput("number_not_expected", field="value", attribute=attribute.code)
        return None, None, ""
    if value is None:
        raise BadInput("value_missing", field="value", attribute=attribute.code)
    if isinstance(value, Mapping):
        value = (value.get("low", ""), value.get("high", ""))
    low, high = value if isinstance(value, tuple) else (value, value)
    ends = number("value", low), number("value", high)
    if ends[0] > ends[1]:
        raise BadInput("interval_reversed", field="value", earliest=ends[0], latest=ends[1])
    unit = unit or attribute.unit
    _check_unit(unit, attribute)
    return ends[0], ends[1], unit


def _check_unit(unit: str, attribute: Attribute) -> None:
    if unit and unit not in UNITS:
        raise BadInput("unknown_unit", field="unit", value=unit)
    if attribute.kind == Attribute.Kind.MONEY:
        if not unit or not UNITS[unit].currency:
            raise BadInput("unit_not_money", field="unit", value=unit, attribute=attribute.code)
    elif attribute.unit and not same_dimension(unit, attribute.unit):
        raise BadInput("unit_of_another_kind", field="unit", value=unit, expected=attribute.unit)


def _corrected(row: ClaimFields, refs: _References, subject: Subject, attribute: Attribute) -> Claim | None:
    key = row.get("corrects")
    if not key:
        return None
    old = refs.claims.get(key)
    if old is None:
        raise BadInput("unknown_reference", field="corrects", value=key, entity="claim")
    if (old.subject_id, old.attribute_id) != (subject.pk, attribute.pk):
        raise BadInput("corrects_another_thing", field="corrects", value=key)
    if refs.correctable is not None and old.recorded_by not in refs.correctable:
        raise NotAllowed("only_recorder_corrects", action="record.correct")
    if key in refs.corrected:
        raise Conflict("already_corrected", field="corrects", value=key)
    return old


def _draft(claim: Claim) -> Draft:
    if claim.corrects is None:
        return Draft("claim.added", f"claim:{claim.key}", None, state_of(claim))
    return Draft("claim.corrected", f"claim:{claim.key}", state_of(claim.corrects), state_of(claim))
