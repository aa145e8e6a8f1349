"""Every scope used in the facts has words in three languages."""

from importlib import resources

import yaml


def test_every_scope_of_the_facts_has_words():
    folder = resources.files("torap.countries") / "kz"
    words = yaml.safe_load((folder / "scopes.yaml").read_text(encoding="utf-8"))["scopes"]
    used = set()
    for part in ("facts", "facts-later"):
        for file in (folder / part).iterdir():
            rows = yaml.safe_load(file.read_text(encoding="utf-8")).get("claims") or []
            used |= {row["scope"] for row in rows if row.get("scope")}
    assert used
    assert not used - words.keys()
    assert all({"en", "ru", "kk"} == set(word) and all(word.values()) for word in words.values())
