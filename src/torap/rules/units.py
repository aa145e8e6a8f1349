"""One table of units: what each measures, and its factor to the canonical unit of that dimension.

Two figures are comparable when their units share a dimension. Currencies are dimensions of their own: tenge
become dollars only through a dated rate (`rules.money`), never through this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from torap.rules.errors import BadValue, listed


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, the dimension it measures, and how many canonical units one of it is."""

    name: str
    dimension: str
    factor: Decimal
    canonical: str

    @property
    def currency(self) -> str:
        """The ISO 4217 code when this is a unit of money, else empty."""
        return self.dimension.removeprefix("money:") if self.dimension.startswith("money:") else ""


_SCALES = {"": 1, "thousand ": 10**3, "mn ": 10**6, "bn ": 10**9, "trn ": 10**12}
_CURRENCIES = ("KZT", "USD", "EUR", "CNY", "RUB", "UZS", "GBP")

# dimension -> (canonical unit, {other units: factor to the canonical one})
_PLAIN: dict[str, tuple[str, dict[str, str]]] = {
    "area": ("ha", {"m2": "0.0001", "thousand m2": "0.1", "km2": "100", "thousand ha": "1000"}),
    "length": ("km", {"m": "0.001", "thousand km": "1000"}),
    "mass": ("t", {"thousand t": "1000", "mn t": "1000000"}),
    "mass_per_year": ("t/yr", {"thousand t/yr": "1000", "mn t/yr": "1000000"}),
    "mass_per_day": ("t/day", {"thousand t/day": "1000"}),
    "containers": ("TEU", {"thousand TEU": "1000", "mn TEU": "1000000"}),
    "containers_per_year": ("TEU/yr", {"thousand TEU/yr": "1000", "mn TEU/yr": "1000000"}),
    "boxes": ("containers", {"thousand containers": "1000"}),
    "boxes_per_year": ("containers/yr", {"thousand containers/yr": "1000"}),
    "vehicles_per_day": ("vehicles/day", {"thousand vehicles/day": "1000"}),
    "trucks_per_day": ("trucks/day", {"thousand trucks/day": "1000"}),
    "people_per_day": ("people/day", {"thousand people/day": "1000"}),
    "people_per_hour": ("people/h", {}),
    "vehicles_per_hour": ("vehicles/h", {}),
    "trains_per_day": ("trains/day", {"pairs of trains/day": "2"}),
    "trains": ("trains", {"trains/yr": "1"}),
    "wagons_per_day": ("wagons/day", {}),
    "trucks": ("trucks", {"thousand trucks": "1000"}),
    "vehicles": ("vehicles", {"thousand vehicles": "1000"}),
    "ships": ("ships", {}),
    "people": ("people", {"thousand people": "1000", "mn people": "1000000"}),
    "jobs": ("jobs", {"thousand jobs": "1000"}),
    "projects": ("projects", {}),
    "companies": ("companies", {"enterprises": "1", "participants": "1", "residents": "1"}),
    "countries": ("countries", {}),
    "SEZs": ("SEZs", {}),
    "hubs": ("hubs", {}),
    "places": ("places", {"zones": "1", "sites": "1", "checkpoints": "1"}),
    "plots": ("plots", {}),
    "buildings": ("buildings", {}),
    "tracks": ("tracks", {}),
    "lanes": ("lanes", {}),
    "berths": ("berths", {}),
    "cranes": ("cranes", {}),
    "items": ("items", {}),
    "share": ("percent", {"share": "100"}),
    "points": ("percentage points", {}),
    "times": ("times", {}),
    "place_in_ranking": ("rank", {}),
    "time": ("days", {"hours": "0.041666666666666666666667", "weeks": "7"}),
    "months": ("months", {"years": "12"}),
    "speed": ("km/h", {"km/day": "0.041666666666666666666667"}),
    "power": ("MW", {"kW": "0.001", "GW": "1000"}),
    "apparent_power": ("MVA", {"kVA": "0.001"}),
    "gas_flow": ("m3/h", {"thousand m3/h": "1000", "mn m3/h": "1000000"}),
    "gas_per_year": ("mn m3/yr", {"bn m3/yr": "1000"}),
    "water_flow": ("m3/day", {"thousand m3/day": "1000"}),
    "heat": ("Gcal/h", {}),
    "data_rate": ("Gbit/s", {"Mbit/s": "0.001"}),
    "volume": ("m3", {"thousand m3": "1000", "mn m3": "1000000"}),
    "mci": ("MCI", {"thousand MCI": "1000"}),
    "rate_KZT_USD": ("KZT per USD", {}),
}


def _table() -> Mapping[str, Unit]:
    rows: dict[str, Unit] = {}
    for dimension, (canonical, others) in _PLAIN.items():
        for name, factor in {canonical: "1", **others}.items():
            rows[name] = Unit(name, dimension, Decimal(factor), canonical)
    for currency in _CURRENCIES:
        for scale, size in _SCALES.items():
            name = f"{scale}{currency}"
            rows[name] = Unit(name, f"money:{currency}", Decimal(size), currency)
    return MappingProxyType(rows)


UNITS: Mapping[str, Unit] = _table()

# The unit in which each network's capacity is kept (registry.Utility.kind).
NETWORK_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "electricity": "MW",
        "gas": "m3/h",
        "water": "m3/day",
        "sewerage": "m3/day",
        "heat": "Gcal/h",
        "telecom": "Gbit/s",
        "rail": "wagons/day",
        "road": "trucks/day",
    }
)


class UnknownUnit(BadValue):
    """A unit that is not in the table."""

    code = "unknown_unit"


def unit(name: str) -> Unit:
    """The row of the table; UnknownUnit lists what is allowed."""
    found = UNITS.get(name)
    if found is None:
        raise UnknownUnit(f"unit '{name}' is not known; use one of: {listed(UNITS)}.", unit=name)
    return found


def to_canonical(value: Decimal, name: str) -> tuple[Decimal, str]:
    """`value` [`name`] in the canonical unit of its dimension, and that unit."""
    row = unit(name)
    return value * row.factor, row.canonical


def same_dimension(first: str, second: str) -> bool:
    """True when the two units measure the same thing; two empty units are a count of the same thing."""
    if first == second:
        return True
    one, other = UNITS.get(first), UNITS.get(second)
    return one is not None and other is not None and one.dimension == other.dimension


def convert(value: Decimal, name: str, to: str) -> Decimal:
    """`value` [`name`] in unit `to`; BadValue when they measure different things."""
    if name == to:
        return value
    one, other = unit(name), unit(to)
    if one.dimension != other.dimension:
        raise BadValue(
            f"'{name}' cannot become '{to}': they measure different things; give the figure in a unit of "
            f"{other.dimension}.",
            unit=name,
            to=to,
        )
    return value * one.factor / other.factor
