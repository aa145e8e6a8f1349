"""Search on the country's own facts: what somebody types, and what has to stand first (or that nothing may).

Three scripts, cases of Russian and Kazakh, numbers, dates, codes, one wrong letter. The table was drawn up
by hand from the names in the facts.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from torap.common.permissions import system_user
from torap.intake.country import country_files
from torap.intake.search import search_refresh
from torap.intake.services import facts_apply
from torap.registry.selectors import Hit
from torap.rules.known import AsKnown
from torap.web.searching.presenters import all_hits

pytestmark = pytest.mark.django_db
KNOWN = AsKnown(timezone.localdate())

# query -> code that stands first
FIRST = {
    # one name in three scripts and several spellings
    "Хоргос": "khorgos_hub",
    "Қорғас": "khorgos_hub",
    "Khorgos": "khorgos_hub",
    "Khorgas": "khorgos_hub",
    "Horgos": "khorgos_hub",
    "Korgas": "khorgos_hub",
    "Qorğas": "khorgos_hub",
    "Ақтау": "aktau_container_hub",
    "Актау": "aktau_container_hub",
    "Aktau": "aktau_container_hub",
    "Aqtau": "aktau_container_hub",
    "Курык": "sarzha",
    "Құрық": "sarzha",
    "Kuryk": "sarzha",
    "Sarja": "sarzha",
    "Нур Жолы": "nur_zholy",
    "Нұр жолы": "nur_zholy",
    "nur joly": "nur_zholy",
    "Достык": "dostyk_moiynty",
    "Dostyq": "dostyk_moiynty",
    "Бақты Аягөз": "bakhty_ayagoz",
    "Bakhty Ayagoz": "bakhty_ayagoz",
    "Дарбаза": "darbaza_maktaaral",
    "Алатау": "alatau",
    "Жетыген": "alatau",
    "Zhetigen": "alatau",
    "Жибек жолы": "sez_jibek_joly",
    "Silk Road": "sez_jibek_joly",
    "Кызылжар": "sez_qyzyljar",
    "kyzylzhar": "sez_qyzyljar",
    "Turkistan": "sez_turan",
    "Каспийский узел": "caspian_hub",
    "kaspiyskiy uzel": "caspian_hub",
    "Евразия": "eurasia",
    "Еуразия": "eurasia",
    "Пепсико": "pepsico_almaty_fan",
    "скай ханза": "skyhansa",
    "Ляньюньган": "lianyungang_port",
    # cases and numbers of words
    "сухого порта": "khorgos_dry_port",
    "құрғақ портының": "khorgos_dry_port",
    "контейнерного хаба": "aktau_container_hub",
    "логистического парка Астаны": "astana_logistics_park",
    "Астананың логистикалық паркі": "astana_logistics_park",
    "министерству торговли": "min_trade",
    "сауда министрлігіне": "min_trade",
    "Ministry of Trade": "min_trade",
    # crossings, neighbours
    "Маштаково": "eurasia",
    "Ак-Тилек": "itlc",
    "Atameken Gulistan": "icic_central_asia",
    "Кыргызстан": "itlc",
    # one letter wrong
    "Хоргсо": "khorgos_hub",
    "Астна логистический": "astana_logistics_park",
    "Khorhgos": "khorgos_hub",
    "контейнрный хаб": "aktau_container_hub",
    # codes, procedures
    "I-2025-11-25-1": "I-2025-11-25-1",
    "i-2025-11-25-3": "I-2025-11-25-3",
    "aktau_container_hub": "aktau_container_hub",
    "P08": "P08",
    "p03a": "P03a",
    # numbers
    "240000": "aktau_container_hub",
    "240 000": "aktau_container_hub",
    "240,000 TEU": "aktau_container_hub",
    "200 тыс": "aktau_container_hub",
    "200 мың TEU": "aktau_container_hub",
    "836 км": "dostyk_moiynty",
    "150 bn USD": "investment_attracted",
    "150 млрд USD": "investment_attracted",
    # dates
    "2025-12-20": "I-2025-11-25-1",
    "20.12.2025": "I-2025-11-25-1",
    "20 декабря 2025": "I-2025-11-25-1",
    "22 December 2025": "I-2025-11-25-1",
    # a publisher by its address
    "primeminister.kz": None,
}
NOTHING = [
    "zz",
    "zzz",
    "qwxv",
    "щщщ",
    "и",
    "the",
    "—",
    "",
    "abc123",
    "999999999",
    "31.02.2025",
    "ө",
    "ьъ",
    "%%",
    "x y z",
]


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, list[Hit]]]:
    """What every query of the tables finds; nothing stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        facts_apply(by=system_user(), files=country_files("kz"))
        search_refresh(by=system_user())
        yield {
            query: all_hits(query, KNOWN) for query in [*FIRST, *NOTHING, "порт", "порта", "портов", "port"]
        }
        transaction.set_rollback(True)


@pytest.mark.parametrize("query", FIRST)
def test_what_stands_first(query: str, found: dict[str, list[Hit]]) -> None:
    hits = found[query]
    assert hits, query
    expected = FIRST[query]
    assert expected is None or hits[0].code == expected


@pytest.mark.parametrize("query", NOTHING)
def test_what_finds_nothing(query: str, found: dict[str, list[Hit]]) -> None:
    assert [(hit.kind, hit.code) for hit in found[query]] == []


def test_cases_of_a_word_find_one_another(found: dict[str, list[Hit]]) -> None:
    hubs = {"khorgos_dry_port", "sarzha", "aktau_container_hub"}
    for query in ("порт", "порта", "портов", "port"):
        assert hubs <= {hit.code for hit in found[query]}, query


def test_a_place_stands_before_sources_that_speak_of_it(found: dict[str, list[Hit]]) -> None:
    for query in ("Хоргос", "Қорғас", "Khorgos", "Актау", "Aktau"):
        kinds = [hit.kind for hit in found[query]]
        assert kinds.index("place") < kinds.index("source"), query
        assert kinds == sorted(kinds, key=lambda kind: kind == "source"), query
