"""The parts every screen is put together from: marks, claims, sources, cards, charts, maps.

`docs/guides/design.md` shows each with an example. Sentences live here and in the templates, never in
engines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sized
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from torap.publish.wording import qualified
from torap.web import formats
from torap.web.presenters.links import known_link

register = template.Library()

LONG_LIST = 100  # rows of a list that is not paged
_DIST = Path(__file__).resolve().parents[1] / "static" / "torap" / "dist"

STATUS_LABELS: dict[str, Any] = {
    "late": _("behind first promise"),
    "at_risk": _("likely to miss"),
    "on_first_promise": _("on first promise"),
    "no_evidence": _("no evidence"),
    "done_verified": _("done, verified"),
    "moved": _("date moved"),
    "done_said": _("said to be done"),
    "unknown": _("not known"),
}
# The marks a place or a link can have: how its milestones stand against their first promises.
LEGEND_CODES = ("late", "moved", "on_first_promise", "done_said", "done_verified", "unknown")

_CLAIM_KEYS = (
    "value", "text", "low", "high", "unit", "qualifier", "as_of", "href", "contradictions",
    "contradictions_href", "digits", "size",
)  # fmt: skip

# Countries named on the basemap, as frontend/scripts/basemap.mjs lays them out.
_MAP_COUNTRIES = ("RU", "CN", "MN", "UZ", "TM", "KG", "TJ", "IR", "AF", "AZ", "GE", "AM", "TR", "IQ", "PK")

# Days after which a source is no longer fresh, and after which it is stale.
_AGING_DAYS = 120
_STALE_DAYS = 365


class AssetsNotBuilt(ImproperlyConfigured):
    """The browser's files are missing: the front end was not built."""


# -- built files --------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _manifest(stamp: int) -> dict[str, str]:
    """`app.js`, a font → built file name. `stamp`: when the manifest changed, so that a new build is seen."""
    entries = json.loads((_DIST / "manifest.json").read_text(encoding="utf-8"))
    files: dict[str, str] = {}
    for entry in entries.values():
        if entry.get("isEntry"):
            files[f"{entry['name']}.js"] = entry["file"]
            for sheet in entry.get("css", ()):
                files[f"{entry['name']}.css"] = sheet
        elif entry["file"].endswith(".woff2"):
            files[entry["src"].rpartition("/")[2]] = entry["file"]
    return files


@register.simple_tag
def asset(name: str) -> str:
    """Address of a built file by its stable name: `app.css`, `app.js`, a font's. Raises AssetsNotBuilt."""
    try:
        built = _manifest((_DIST / "manifest.json").stat().st_mtime_ns)
        return static(f"torap/dist/{built[name]}")
    except (OSError, KeyError) as error:
        if getattr(settings, "TORAP_ASSETS_OPTIONAL", False):
            return static(f"torap/dist/{name}")
        raise AssetsNotBuilt(
            f"The built file “{name}” is missing. Run `npm ci && npm run build` in frontend/ "
            "(needs Node 20.19 or newer)."
        ) from error


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decorative unless `label` is given."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


# -- numbers and dates --------------------------------------------------------------------------


@register.filter
def number(value: Any, digits: int | None = None) -> str:
    """A number grouped for the reader; an absent one gives an empty string (show `no_data` instead)."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = Decimal(value)
    return formats.number(value, digits)


@register.filter
def shortened(value: object, letters: int) -> str:
    """At most `letters` of a text, cut between two words."""
    return formats.shortened(value, letters)


@register.filter
def day(value: date | None) -> str:
    """`22 Dec 2025` in the reader's language."""
    return formats.day(value) if value else ""


@register.filter
def month(value: date | None) -> str:
    """`Dec 2025` in the reader's language."""
    return formats.month(value) if value else ""


@register.filter
def slip(months: float | None) -> str:
    """`+132 mo`: months against the first promise."""
    return "" if months is None else formats.slip(months)


@register.filter
def age(value: date | None, today: date) -> str:
    """How long before `today`, in words."""
    return formats.age(value, today) if value else ""


@register.simple_tag
def period(earliest: date | None, latest: date | None) -> str:
    """`Q2 2025`, `2017`, `Mar 2025`, `12 Dec 2025`: never more exact than it was said."""
    return formats.period(earliest, latest)


@register.filter
def query_pairs(query: str) -> list[tuple[str, str]]:
    """A query string as pairs, for hidden fields."""
    return parse_qsl(query or "", keep_blank_values=True)


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """`?…` of this page with some parameters changed; None takes a parameter out."""
    request = context.get("request")
    params: dict[str, list[str]] = {}
    if request is not None:
        params = {key: request.GET.getlist(key) for key in request.GET}
    for key, value in changes.items():
        params.pop(key, None)
        if value is not None:
            params[key] = [str(value)]
    return "?" + urlencode(params, doseq=True)


# -- marks and claims ---------------------------------------------------------------------------


def _mark(code: str, label: Any = "", large: bool = False) -> SafeString:
    known = code if code in STATUS_LABELS else "unknown"
    css = f"mark mark--{known}" + (" mark--lg" if large else "")
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 14 14" role="img" aria-label="{}"><title>{}</title>'
            '<use href="#m-{}"/></svg>',
            css,
            label,
            label,
            known,
        )
    return format_html(
        '<svg class="{}" viewBox="0 0 14 14" aria-hidden="true"><use href="#m-{}"/></svg>', css, known
    )


@register.filter
def status_label(code: str) -> str:
    """The words of a status code."""
    return str(STATUS_LABELS.get(code, STATUS_LABELS["unknown"]))


@register.simple_tag
def status_mark(
    code: str, label: str | None = None, only_mark: bool = False, large: bool = False
) -> SafeString:
    """Shape, colour and words of a status; `only_mark` keeps the words for screen readers and the tooltip."""
    words = status_label(code) if label is None else label
    if only_mark:
        return _mark(code, words, large)
    return format_html('<span class="status">{}<span>{}</span></span>', _mark(code, large=large), words)


@register.inclusion_tag("torap/components/status_legend.html")
def status_legend(codes: str = "") -> dict[str, Any]:
    """What the shapes mean; `codes` is a space-separated list, by default those of the map."""
    return {"codes": codes.split() or LEGEND_CODES}


@register.inclusion_tag("torap/components/status_triple.html")
def status_triple(said: Any, evidenced: Any, against_first: Any, inline: bool = False) -> dict[str, Any]:
    """The three statuses that stay apart. Each is a code, or a mapping with `code` and own `label`."""
    parts = []
    for heading, value in (
        (_("What is said"), said),
        (_("What evidence supports"), evidenced),
        (_("Against the first promise"), against_first),
    ):
        code = _pick(value, "code") or value or "unknown"
        label = _pick(value, "label") or status_label(str(code))
        parts.append({"heading": heading, "code": code, "label": label, "note": _pick(value, "note")})
    return {"parts": parts, "inline": inline}


def _pick(thing: Any, name: str, default: Any = None) -> Any:
    """Attribute or key `name` of `thing`; `default` when there is none."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)


@register.inclusion_tag("torap/components/source_chip.html")
def source_chip(source: Any = None, **own: Any) -> dict[str, Any]:
    """Who said it and when.

    Keys: publisher, date or earliest+latest, href (our page), url (theirs), title, kind.
    """
    keys = ("publisher", "date", "earliest", "latest", "href", "url", "title", "kind")
    return {key: own.get(key, _pick(source, key)) for key in keys}


@register.inclusion_tag("torap/components/claim_value.html")
def claim_value(claim: Any = None, **own: Any) -> dict[str, Any]:
    """A figure as a claim; without value, text or range it says that there is no data.

    Keys: see `_CLAIM_KEYS`; all are optional. `size="lg"` makes it the figure of a page.
    """
    data = {key: own.get(key, _pick(claim, key)) for key in _CLAIM_KEYS}
    if isinstance(claim, int | float | Decimal):
        data["value"] = claim
    data["shown"] = _claim_text(data)
    before, _number, after = qualified(data["qualifier"] or "", "\0").partition("\0")
    data["before"], data["after"] = before.strip(), after.strip()
    return data


def _claim_text(data: Mapping[str, Any]) -> str:
    if data["value"] is not None and data["value"] != "":
        return number(data["value"], data["digits"])
    if data["low"] is not None and data["high"] is not None:
        return f"{number(data['low'], data['digits'])}–{number(data['high'], data['digits'])}"
    return str(data["text"] or "")


@register.simple_tag
def no_data(label: str | None = None) -> SafeString:
    """The sign that nothing is known; never a zero."""
    return format_html('<span class="nodata">{}</span>', _("no data") if label is None else label)


@register.inclusion_tag("torap/components/freshness.html")
def freshness(newest: date | None, today: date, label: str = "") -> dict[str, Any]:
    """Age of the newest source in words, with a shape that empties with age."""
    state = "unknown"
    if newest is not None:
        days = (today - newest).days
        state = "fresh" if days < _AGING_DAYS else "aging" if days < _STALE_DAYS else "stale"
    return {"newest": newest, "today": today, "state": state, "label": label}


# -- cards, lists, forms ------------------------------------------------------------------------


@register.inclusion_tag("torap/components/kpi_card.html")
def kpi_card(label: str, value: Any = None, unit: str = "", note: str = "", **own: Any) -> dict[str, Any]:
    """One figure of the day. Keys: href, status, missing, missing_note, contradictions, of, digits."""
    shown = value if isinstance(value, str) else number(value, own.get("digits"))
    words = str(shown).lower() != str(shown).upper()  # letters stand in it: it is set smaller on a phone
    return {"label": label, "value": shown, "unit": unit, "note": note, "words": words, **own}


def _part(name: str, **data: Any) -> SafeString:
    return mark_safe(render_to_string(f"torap/components/{name}.html", data))


@register.simple_block_tag(end_name="endcard")
def card(content: str, title: str = "", **own: Any) -> SafeString:
    """A card with its heading.

    Keys: href and link (heading link), note, flush (no padding), foot, level, id.
    """
    return _part("card", content=content, title=title, **own)


@register.simple_block_tag(end_name="enddata_table")
def data_table(content: str, id: str, **own: Any) -> SafeString:
    """The frame of a table: filter, count, downloads. Keys: caption, label, filter, total, csv, json, xlsx,
    geojson, tall, plain, css (such as `table--stack`), fold (rows of a long one a phone shows at first).
    Inside stand `<thead>`, `<tbody>`, `<tfoot>` only."""
    return _part("data_table", content=content, id=id, **own)


@register.filter
def is_long(rows: Sized) -> bool:
    """A list is so long that its table scrolls in itself, with the page below in reach."""
    return len(rows) > LONG_LIST


@register.simple_block_tag(takes_context=True, end_name="endchart")
def chart(
    context: Mapping[str, Any],
    content: str,
    id: str,
    type: str,
    data: Any,
    title: str,
    description: str,
    **own: Any,
) -> SafeString:
    """A figure drawn in the browser, with the table (the content) and its downloads beside it.

    Keys: note, csv, table (id of the table on this page, where the content is empty), size (`short`, `tall`),
    href and link (heading link), level, link_label; for the picture that can be saved: source (a line of
    words), run (its code: the picture then bears the lasting address of the run) and invented (by default
    where a row of `data` says so). `late`: the part comes by htmx, which
    drops every script, so the figures stand in an attribute; room: what `presenters.room` tells of it.
    """
    own["invented"] = own.get("invented") or _holds_invented(data)
    own |= {"content": content, "id": id, "data_id": f"{id}-data", "type": type, "data": data}
    own["figures"] = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False) if own.get("late") else ""
    own["permanent"] = _permanent(context, own.get("run") or "")
    return _part("chart", title=title, description=description, as_of=context.get("as_of"), **own)


def _permanent(context: Mapping[str, Any], run: str) -> str:
    """The address of the run a drawing is of: what it says never changes; empty for any other drawing."""
    return known_link(context.get("known"), "run", run) if run else ""


def _holds_invented(data: Any) -> bool:
    """Whether the figures of a drawing, or any row of them, are invented."""
    if isinstance(data, Mapping):
        return bool(data.get("invented")) or any(
            _pick(row, "invented", False)
            for rows in data.values()
            if isinstance(rows, list | tuple)
            for row in rows
            if isinstance(row, Mapping)
        )
    return False


@register.simple_block_tag(end_name="endconfirm")
def confirm(content: str, id: str, title: str, **own: Any) -> SafeString:
    """A dialog that asks before an act, opened by `data-confirm="ID"`.

    Keys: action, button, danger, token (`csrf_token`). The content stands inside the form.
    """
    return _part("confirm", content=content, id=id, title=title, **own)


@register.inclusion_tag("torap/components/empty_state.html")
def empty_state(title: str, text: str = "", href: str = "", link: str = "") -> dict[str, Any]:
    """Nothing to show, why, and what to do."""
    return {"title": title, "text": text, "href": href, "link": link}


@register.inclusion_tag("torap/components/error_state.html")
def error_state(
    title: str, text: str = "", repair: str = "", href: str = "", link: str = ""
) -> dict[str, Any]:
    """What went wrong, with which input, and what to do."""
    return {"title": title, "text": text, "repair": repair, "href": href, "link": link}


@register.inclusion_tag("torap/components/notice.html")
def notice(text: str, kind: str = "info", title: str = "") -> dict[str, Any]:
    """A sentence the reader must not miss. Kinds: info, success, warning, error."""
    return {"text": text, "kind": kind, "title": title, "symbol": _NOTICE_ICONS.get(kind, "info")}


_NOTICE_ICONS = {"success": "check", "warning": "warn", "error": "warn"}


@register.inclusion_tag("torap/components/loading.html")
def loading(rows: int = 3) -> dict[str, Any]:
    """Grey lines while htmx waits."""
    return {"rows": range(rows)}


@register.inclusion_tag("torap/components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """What happened. Each: date or earliest+latest or when (text), title, text, href, status, source, tag."""
    return {"events": events}


@register.inclusion_tag("torap/components/breadcrumbs.html")
def breadcrumbs(items: Iterable[Any]) -> dict[str, Any]:
    """The way here: `(label, url)` pairs or mappings; the page itself is not among them."""
    crumbs = []
    for item in items:
        pair = isinstance(item, list | tuple)
        label, url = item if pair else (_pick(item, "label"), _pick(item, "url"))
        crumbs.append({"label": label, "url": url})
    return {"items": crumbs}


@register.inclusion_tag("torap/components/tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Sections of a page as links. Each: label, url, current, count."""
    return {"items": items, "label": label}


@register.inclusion_tag("torap/components/pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Any, name: str = "page") -> dict[str, Any]:
    """Pages of a list; `page` is a Django `Page`."""
    links: list[dict[str, Any]] = []
    for item in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        is_page = isinstance(item, int)
        links.append({"number": item, "url": query(context, **{name: item}) if is_page else ""})
    before = query(context, **{name: page.previous_page_number()}) if page.has_previous() else ""
    after = query(context, **{name: page.next_page_number()}) if page.has_next() else ""
    return {"page": page, "links": links, "before": before, "after": after}


@register.inclusion_tag("torap/components/form_field.html")
def form_field(field: Any, label: str = "", help_text: str = "") -> dict[str, Any]:
    """A bound form field with label, help and errors, tied together for screen readers."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    is_group = getattr(field, "use_fieldset", False)
    if kind == "select":  # one look for every choice
        widget.attrs.setdefault("class", "form-select")
    return {
        "field": field,
        "label": label or field.label,
        "help_text": help_text or field.help_text,
        "is_check": kind == "checkbox" and not is_group,
        "is_group": is_group,
        "is_file": kind == "file",
        "limit": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "limit_mb": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20,
    }


@register.inclusion_tag("torap/components/explain.html")
def explain(
    reasons: Any, title: str = "", open: bool = False, bare: bool = False, counted: bool = True
) -> dict[str, Any]:
    """The reasons of a deadline, behind one click; `counted` tells how many.

    Each: text, day or when, basis, kind (`skipped`, `rule`, `warning`, `result`).
    """
    listed = list(reasons or ())
    return {"reasons": listed, "title": title or _("How this was computed"), "open": open, "bare": bare} | {
        "counted": counted
    }


@register.inclusion_tag("torap/components/map.html")
def map_panel(src: str, label: str, **own: Any) -> dict[str, Any]:
    """The map. `src` answers the GeoJSON of `docs/guides/design.md`.

    Keys: id, height (`short`, `tall`), list_id (the table beside it) or table and csv (addresses of the table
    and of its download), filters, focus (a region code), card.
    """
    own["country_names"] = json.dumps(formats.country_names(_MAP_COUNTRIES), ensure_ascii=False)
    return {"src": src, "label": label, **own}


@register.inclusion_tag("torap/components/sort_link.html", takes_context=True)
def sort_link(context: Mapping[str, Any], key: str, label: str, name: str = "sort") -> dict[str, Any]:
    """Heading link that sorts on the server: `?sort=key`, then `?sort=-key`. Put it in a `<th>`."""
    request = context.get("request")
    current = request.GET.get(name, "") if request is not None else ""
    target = f"-{key}" if current == key else key
    order = "ascending" if current == key else "descending" if current == f"-{key}" else ""
    return {"label": label, "url": query(context, **{name: target}), "order": order}
