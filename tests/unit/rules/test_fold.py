"""Spellings of one name meet; different names mostly do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.rules.fold import fold, latin, words

SAME = [
    "Ақтау Актау Aqtau Aktau Aktaý",
    "Қорғас Хоргос Khorgos Korgas Qorğas Horgos KHORGOS",
    "Жетісу Жетысу Zhetysu Jetisu Jetysu",
    "Түркістан Туркестан Turkistan Turkestan Türkistan",
    "Маңғыстау Мангистау Mangystau Mañğystau",
    "Қызылорда Кызылорда Kyzylorda Qyzylorda",
    "Ақтөбе Актобе Aktobe Aqtöbe",
    "Шымкент Shymkent Şymkent",
    "Достық Достык Dostyk Dostyq",
    "Қалжат Калжат Кольжат Kalzhat Kolzhat",
    "Екібастұз Экибастуз Ekibastuz Yekibastuz",
    "Бақты Бахты Bakhty Bakty",
    "Қазақстан Казахстан Kazakhstan Qazaqstan",
    "Құрық Курык Kuryk Quryq",
    "Мойынты Moiynty Moyynty",
    "Аягөз Аягоз Ayagoz",
    "Алтынкөл Алтынколь Altynkol",
    "Сарыағаш Сарыагаш Saryagash",
    "Экспресс Express",
    "порт PORT Порт",
]


@pytest.mark.parametrize("row", SAME)
def test_spellings_of_one_name_meet(row):
    assert len({fold(name) for name in row.split()}) == 1


def test_different_places_stay_apart():
    names = [
        "Khorgos",
        "Aktau",
        "Kuryk",
        "Aktobe",
        "Almaty",
        "Alatau",
        "Astana",
        "Atyrau",
        "Dostyk",
        "Karasu",
    ]
    assert len({fold(name) for name in names}) == len(names)


def test_marks_and_spaces_only_separate():
    assert fold("  Жібек-Жолы,  (2)  ") == fold("Zhibek Zholy 2") == "jibik jali 2"
    assert fold("—") == ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Сухой порт: полгода позже", "sukhoy port: polgoda pozzhe"),
        ("Қорғас хабының кешігуі", "qorgas khabynyn keshigui"),
        ("Жетісу, ещё щит", "zhetisu, eshche shchit"),
        ("Khorgos Später", "khorgos spater"),
        ("", ""),
    ],
)
def test_latin_is_readable(text, read):
    assert latin(text) == read


def test_words_keep_the_spelling():
    assert words("Khorgos Hub") == ["korgos", "hub"]


@given(st.text())
def test_folding_is_stable_and_plain(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.isalnum() for word in folded.split())


@given(st.text("abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстуфхцчшыэюяәғқңөұүһі "))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
