"""Units in words: a unit is stored as one code for all languages and read as an ordinary expression.

Counted things ("41 projects") take the plural their number asks for, which differs by language. The words
stand below the pages: the brief for a terminal and a letter says a unit as a page does.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from torap.common.models import in_language
from torap.countries import load_profile

# Unit code -> words after a number.
_LABELS: dict[str, Any] = {
    "KZT per USD": _("tenge for 1 USD"),
    "percent": _("%"),
    "%": _("%"),
    "percentage points": _("percentage points"),
    "share": _("as a share of one"),
    "TEU": _("TEU"),
    "TEU/yr": _("TEU a year"),
    "thousand TEU": _("thousand TEU"),
    "thousand TEU/yr": _("thousand TEU a year"),
    "mn TEU": _("mn TEU"),
    "mn TEU/yr": _("mn TEU a year"),
    "thousand containers": _("thousand containers"),
    "containers/yr": _("containers a year"),
    "thousand containers/yr": _("thousand containers a year"),
    "thousand vehicles": _("thousand vehicles"),
    "thousand vehicles/day": _("thousand vehicles a day"),
    "thousand trucks": _("thousand trucks"),
    "thousand trucks/day": _("thousand trucks a day"),
    "thousand people": _("thousand people"),
    "mn people": _("mn people"),
    "thousand people/day": _("thousand people a day"),
    "thousand jobs": _("thousand jobs"),
    "t": _("t"),
    "t/yr": _("t a year"),
    "thousand t": _("thousand t"),
    "thousand t/yr": _("thousand t a year"),
    "mn t": _("mn t"),
    "mn t/yr": _("mn t a year"),
    "t/day": _("t a day"),
    "thousand t/day": _("thousand t a day"),
    "m2": _("m²"),
    "thousand m2": _("thousand m²"),
    "km2": _("km²"),
    "ha": _("ha"),
    "thousand ha": _("thousand ha"),
    "m": _("m"),
    "km": _("km"),
    "thousand km": _("thousand km"),
    "km/day": _("km a day"),
    "km/h": _("km/h"),
    "kW": _("kW"),
    "MW": _("MW"),
    "GW": _("GW"),
    "kVA": _("kVA"),
    "MVA": _("MVA"),
    "m3": _("m³"),
    "thousand m3": _("thousand m³"),
    "mn m3": _("mn m³"),
    "m3/h": _("m³/h"),
    "thousand m3/h": _("thousand m³/h"),
    "mn m3/h": _("mn m³/h"),
    "mn m3/yr": _("mn m³ a year"),
    "bn m3/yr": _("bn m³ a year"),
    "m3/day": _("m³ a day"),
    "thousand m3/day": _("thousand m³ a day"),
    "Gcal/h": _("Gcal/h"),
    "Gbit/s": _("Gbit/s"),
    "Mbit/s": _("Mbit/s"),
    "hours": _("h"),
    "MCI": _("MCI"),
    "thousand MCI": _("thousand MCI"),
}

# Unit code -> (singular, plural) of things one counts.
_COUNTED: dict[str, Any] = {
    "jobs": ngettext_lazy("job", "jobs"),
    "projects": ngettext_lazy("project", "projects"),
    "enterprises": ngettext_lazy("enterprise", "enterprises"),
    "companies": ngettext_lazy("company", "companies"),
    "sites": ngettext_lazy("site", "sites"),
    "stages": ngettext_lazy("stage", "stages"),
    "ships": ngettext_lazy("ship", "ships"),
    "cranes": ngettext_lazy("crane", "cranes"),
    "tracks": ngettext_lazy("track", "tracks"),
    "residents": ngettext_lazy("resident", "residents"),
    "participants": ngettext_lazy("participant", "participants"),
    "plots": ngettext_lazy("plot", "plots"),
    "zones": ngettext_lazy("zone", "zones"),
    "SEZs": ngettext_lazy("special zone", "special zones"),
    "hubs": ngettext_lazy("hub", "hubs"),
    "checkpoints": ngettext_lazy("checkpoint", "checkpoints"),
    "terminals": ngettext_lazy("terminal", "terminals"),
    "berths": ngettext_lazy("berth", "berths"),
    "buildings": ngettext_lazy("building", "buildings"),
    "lanes": ngettext_lazy("lane", "lanes"),
    "places": ngettext_lazy("place", "places"),
    "times": ngettext_lazy("time", "times"),
    "countries": ngettext_lazy("country", "countries"),
    "regions": ngettext_lazy("region", "regions"),
    "people": ngettext_lazy("person", "people"),
    "people/day": ngettext_lazy("person a day", "people a day"),
    "people/h": ngettext_lazy("person an hour", "people an hour"),
    "vehicles": ngettext_lazy("vehicle", "vehicles"),
    "vehicles/h": ngettext_lazy("vehicle an hour", "vehicles an hour"),
    "vehicles/day": ngettext_lazy("vehicle a day", "vehicles a day"),
    "trucks": ngettext_lazy("truck", "trucks"),
    "trucks/day": ngettext_lazy("truck a day", "trucks a day"),
    "trains": ngettext_lazy("train", "trains"),
    "trains/day": ngettext_lazy("train a day", "trains a day"),
    "trains/yr": ngettext_lazy("train a year", "trains a year"),
    "pairs of trains/day": ngettext_lazy("pair of trains a day", "pairs of trains a day"),
    "train pairs/day": ngettext_lazy("pair of trains a day", "pairs of trains a day"),
    "wagons": ngettext_lazy("wagon", "wagons"),
    "wagons/day": ngettext_lazy("wagon a day", "wagons a day"),
    "containers": ngettext_lazy("container", "containers"),
    "days": ngettext_lazy("day", "days"),
    "weeks": ngettext_lazy("week", "weeks"),
    "months": ngettext_lazy("month", "months"),
    "years": ngettext_lazy("year", "years"),
}

_WITHOUT_WORDS = frozenset({"", "items", "rank"})

# Sizes in which money is said and read, largest first.
SIZES: tuple[tuple[Decimal, str, Any], ...] = (
    (Decimal(10**12), "trn", _("trn %(currency)s")),
    (Decimal(10**9), "bn", _("bn %(currency)s")),
    (Decimal(10**6), "mn", _("mn %(currency)s")),
    (Decimal(10**3), "thousand", _("thousand %(currency)s")),
)


def currency_label(code: str) -> str:
    """The word of a currency; the ISO 4217 code where there is no shorter word."""
    profile = load_profile(settings.COUNTRY)
    if code != profile.currency:
        return code
    names = profile.currency_name
    return in_language(names["en"], names["ru"], names["kk"])


def unit_label(code: str, count: Any = None) -> str:
    """The words of a unit for `count` things, many when not given; an unknown unit is shown as it is."""
    if code in _WITHOUT_WORDS:
        return ""
    if code in _COUNTED:
        return str(_COUNTED[code] % _plural_count(count))
    if code in _LABELS:
        return str(_LABELS[code])
    return _money_label(code)


def has_words(code: str) -> bool:
    """True when a unit is read in words of the reader's language, not as its code."""
    size, _space, currency = code.rpartition(" ")
    is_money = len(currency) == 3 and currency.isupper() and size in {"", *(name for _f, name, _w in SIZES)}
    return code in _WITHOUT_WORDS or code in _COUNTED or code in _LABELS or is_money


def _money_label(code: str) -> str:
    size, _space, currency = code.rpartition(" ")
    for _factor, name, words in SIZES:
        if name == size and len(currency) == 3:
            return words % {"currency": currency_label(currency)}
    return currency_label(code)


def _plural_count(count: Any) -> int:
    """The number that picks the plural; anything that is not whole reads like many."""
    if count is None:
        return 5
    whole = int(count)
    return whole if whole == count else 5
