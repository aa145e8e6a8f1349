"""Places, organisations, programmes, projects, indicators, and the claims made about them.

Everything a claim or a milestone can speak of is a Subject; a kind with more to say has its own table.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from torap.common.models import Named, Recorded, Said, in_language


class SubjectKind(models.TextChoices):
    """What a subject is: decides its page."""

    PLACE = "place", _("Place")
    LINK = "link", _("Link")
    PROJECT = "project", _("Project")
    PROGRAMME = "programme", _("Programme")
    INDICATOR = "indicator", _("Indicator")
    ORGANISATION = "organisation", _("Organisation")


class Subject(Named, Recorded):
    """Anything figures are claimed of and promises are made about."""

    kind = models.CharField(_("kind"), max_length=20, choices=SubjectKind.choices)
    code = models.SlugField(_("code"), max_length=80, unique=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    note_en = models.TextField(blank=True, default="")
    note_ru = models.TextField(blank=True, default="")
    note_kk = models.TextField(blank=True, default="")
    invented = models.BooleanField(_("invented"), default=False, db_index=True)

    @property
    def note(self) -> str:
        """The note in the reader's language."""
        return in_language(self.note_en, self.note_ru, self.note_kk)


class Region(Named):
    """A first-level region of the country, by its ISO 3166-2 code."""

    code = models.CharField(_("ISO 3166-2 code"), max_length=6, primary_key=True)


class SourceClass(models.TextChoices):
    """What stands behind a source; the order is the order of precedence between equal claims."""

    ACT = "act", _("Legal act")
    OFFICIAL = "official", _("Official body")
    COMPANY = "company", _("Company or operator")
    INTERNATIONAL = "international", _("International body")
    PRESS = "press", _("Press")
    INTERESTED = "interested", _("Interested party")
    UNKNOWN = "unknown", _("Not stated")


class Source(Recorded):
    """A page or paper that says something."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=500, blank=True, default="")
    publisher = models.CharField(_("publisher"), max_length=200)
    source_class = models.CharField(_("class"), max_length=20, choices=SourceClass.choices)
    url = models.URLField(_("address"), max_length=1500, blank=True, default="")
    language = models.CharField(_("language"), max_length=5, blank=True, default="")
    published_from = models.DateField(_("published, earliest"), null=True, blank=True)
    published_to = models.DateField(_("published, latest"), null=True, blank=True)
    date_note = models.CharField(_("note on the date"), max_length=500, blank=True, default="")
    invented = models.BooleanField(_("invented"), default=False)

    def __str__(self) -> str:
        return self.title or self.publisher


class Organisation(Subject):
    """A body that gives or owes something."""

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_organisation"
    )

    class Type(models.TextChoices):
        """The kind of body."""

        GOVERNMENT = "government", _("Government leadership")
        MINISTRY = "ministry", _("Ministry")
        AKIMAT = "akimat", _("Akimat")
        STATE_BODY = "state_body", _("State body")
        NATIONAL_COMPANY = "national_company", _("National company")
        MANAGING_COMPANY = "managing_company", _("Managing company")
        INVESTOR = "investor", _("Investor")
        OTHER = "other", _("Other")

    type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    country = models.CharField(pgettext_lazy("of a body", "country"), max_length=80, blank=True, default="")


class Place(Subject):
    """A hub, zone, park, port, crossing or plot; places nest."""

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_place"
    )

    class Type(models.TextChoices):
        """The kinds of place of the field."""

        HUB = "hub", _("Cross-border hub")
        SEZ = "sez", _("Special economic zone")
        INDUSTRIAL_PARK = "industrial_park", _("Industrial park")
        INDUSTRIAL_ZONE = "industrial_zone", _("Industrial zone")
        LOGISTICS_PARK = "logistics_park", _("Logistics park")
        PORT = "port", _("Port")
        DRY_PORT = "dry_port", _("Dry port")
        TERMINAL = "terminal", _("Terminal")
        CROSSING = "crossing", _("Border crossing")
        AIRPORT = "airport", _("Airport")
        CITY = "city", _("New city")
        PLOT = "plot", _("Plot")

    type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True)
    district = models.CharField(_("district"), max_length=120, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    neighbours = models.JSONField(_("neighbouring countries, ISO 3166-1"), default=list, blank=True)
    managing_company = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="managed_places"
    )


class PlacePoint(models.Model):
    """A position of a place, with how far off it may be (kilometres)."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="points")
    label = models.CharField(max_length=200, blank=True, default="")
    lat = models.FloatField(_("latitude, degrees"))
    lon = models.FloatField(_("longitude, degrees"))
    accuracy_km = models.FloatField(_("accuracy, km"), null=True, blank=True)
    approximate = models.BooleanField(default=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")


class Crossing(Named):
    """A way over the border that serves a place."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="crossings")
    neighbour = models.CharField(_("neighbouring country, ISO 3166-1"), max_length=2, blank=True, default="")
    mode = models.CharField(_("mode"), max_length=20, blank=True, default="")


class Link(Subject):
    """A railway or road between places, as a thing that is built."""

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_link"
    )

    class Type(models.TextChoices):
        """The mode of the link."""

        RAIL = "rail", _("Railway")
        ROAD = "road", _("Road")
        SEA = "sea", _("Sea line")

    type = models.CharField(_("type"), max_length=10, choices=Type.choices)
    line = models.JSONField(_("approximate line, [[lon, lat], …]"), default=list, blank=True)
    line_note = models.CharField(max_length=300, blank=True, default="")


class Programme(Subject):
    """A plan, network or platform that other things belong to."""

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_programme"
    )

    members = models.ManyToManyField(Subject, blank=True, related_name="programmes")


class Indicator(Subject):
    """A quantity watched over years: targets and observations are claims about it."""

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_indicator"
    )

    unit = models.CharField(_("unit"), max_length=40)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators"
    )
    higher_is_better = models.BooleanField(default=True)
    gap_en = models.TextField(_("what is not known"), blank=True, default="")
    gap_ru = models.TextField(blank=True, default="")
    gap_kk = models.TextField(blank=True, default="")

    @property
    def gap(self) -> str:
        """What is known to be missing, in the reader's language."""
        return in_language(self.gap_en, self.gap_ru, self.gap_kk)


class Project(Subject):
    """Something built or invested in."""

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_project"
    )

    class Type(models.TextChoices):
        """Who pays and for what."""

        INFRASTRUCTURE = "infrastructure", _("Infrastructure")
        INVESTMENT = "investment", _("Investment project")

    type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="projects")
    place_note = models.CharField(_("place as said"), max_length=200, blank=True, default="")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True)
    investor = models.CharField(_("investor"), max_length=300, blank=True, default="")
    countries = models.JSONField(_("investors' countries"), default=list, blank=True)
    sector = models.CharField(_("sector as said"), max_length=200, blank=True, default="")
    isic = models.CharField(_("ISIC rev. 4 section or division"), max_length=4, blank=True, default="")
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, help_text=_("the project this one repeats")
    )


class MoneyStage(models.TextChoices):
    """How firm an amount is; amounts of different stages are never added."""

    ANNOUNCED = "announced", _("Announced")
    AGREED = "agreed", _("Agreed")
    COMMITTED = "committed", _("Committed")
    DISBURSED = "disbursed", _("Disbursed")
    REALISED = "realised", _("Realised")


class Attribute(Named):
    """A row of the catalogue: what can be claimed, in which unit, and when two claims disagree."""

    class Kind(models.TextChoices):
        """The shape of the value."""

        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        CATEGORY = "category", _("One of several words")
        TEXT = "text", _("Text")

    code = models.SlugField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = models.CharField(_("canonical unit"), max_length=40, blank=True, default="")
    tolerance = models.FloatField(_("relative difference that is no contradiction"), default=0.02)
    window_days = models.PositiveIntegerField(
        _("days between two sayings within which they can contradict each other"), default=400
    )
    group = models.CharField(max_length=30, blank=True, default="")


class Nature(models.TextChoices):
    """What a claim is about: what is, or what is meant to be."""

    OBSERVED = "observed", _("observed")
    TARGET = "target", _("target")
    PLAN = "plan", _("plan")
    FORECAST = "forecast", _("forecast")


class Qualifier(models.TextChoices):
    """How exactly a number was said."""

    EXACT = "exact", ""
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    UP_TO = "up_to", _("up to")
    NEARLY = "nearly", _("nearly")


class Confidence(models.TextChoices):
    """How far a record may be trusted."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Claim(Said, Recorded):
    """Somebody said that an attribute of a subject has a value. Never edited: a correction names it."""

    key = models.CharField(_("key of the row it came from"), max_length=200, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="claims")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="claims")
    nature = models.CharField(_("nature"), max_length=10, choices=Nature.choices, default=Nature.OBSERVED)
    scope = models.CharField(
        _("scope: which part or basis; empty means the whole"), max_length=80, blank=True, default=""
    )
    qualifier = models.CharField(max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT)
    low = models.DecimalField(_("value, lower end"), max_digits=24, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(_("value, upper end"), max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit as said"), max_length=40, blank=True, default="")
    text_en = models.TextField(_("value in words"), blank=True, default="")
    text_ru = models.TextField(blank=True, default="")
    text_kk = models.TextField(blank=True, default="")
    about_from = models.DateField(_("holds from"), null=True, blank=True)
    about_to = models.DateField(_("holds to"), null=True, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claims")
    confidence = models.CharField(max_length=10, choices=Confidence.choices, default=Confidence.MEDIUM)
    derived = models.BooleanField(_("computed, not said"), default=False)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    note_en = models.TextField(blank=True, default="")
    note_ru = models.TextField(blank=True, default="")
    note_kk = models.TextField(blank=True, default="")
    invented = models.BooleanField(default=False)

    class Meta:
        """Read by subject and attribute."""

        indexes = [models.Index(fields=["subject", "attribute"])]

    @property
    def text(self) -> str:
        """The value in words, in the reader's language."""
        return in_language(self.text_en, self.text_ru, self.text_kk)

    @property
    def note(self) -> str:
        """The note in the reader's language."""
        return in_language(self.note_en, self.note_ru, self.note_kk)


class MoneyEntry(Said, Recorded):
    """An amount of a project at one stage. Never edited; a later saying of that stage supersedes by rule."""

    key = models.CharField(max_length=200, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="money")
    stage = models.CharField(pgettext_lazy("money", "stage"), max_length=10, choices=MoneyStage.choices)
    amount = models.DecimalField(_("amount"), max_digits=24, decimal_places=2)
    currency = models.CharField(_("currency, ISO 4217"), max_length=3)
    qualifier = models.CharField(max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT)
    part = models.CharField(_("part of the project"), max_length=80, blank=True, default="")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="money")
    note = models.TextField(blank=True, default="")
    invented = models.BooleanField(default=False)


class UtilityKind(models.TextChoices):
    """Networks a place needs."""

    ELECTRICITY = "electricity", _("Electricity")
    GAS = "gas", _("Gas")
    WATER = "water", _("Water")
    SEWERAGE = "sewerage", _("Sewerage")
    HEAT = "heat", _("Heat")
    TELECOM = "telecom", _("Telecom")
    RAIL = "rail", _("Rail siding")
    ROAD = "road", _("Road")


class Utility(models.Model):
    """A network at a place; its capacity is the sum of its entries, and unknown without any."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="utilities")
    kind = models.CharField(_("kind"), max_length=12, choices=UtilityKind.choices)

    class Meta:
        """One ledger per place and network."""

        constraints = [models.UniqueConstraint(fields=["place", "kind"], name="utility_once")]


class UtilityEntry(Said, Recorded):
    """Capacity added, reserved, taken or released, from a date, in the unit of the network."""

    class Move(models.TextChoices):
        """What happened to the capacity."""

        ADDED = "added", _("added")
        RESERVED = "reserved", _("reserved")
        TAKEN = "taken", pgettext_lazy("capacity", "taken")
        RELEASED = "released", _("released")

    class Basis(models.TextChoices):
        """How firm the entry is."""

        PROMISED = "promised", _("promised")
        EVIDENCED = "evidenced", _("evidenced")

    key = models.CharField(max_length=200, unique=True)
    utility = models.ForeignKey(Utility, on_delete=models.PROTECT, related_name="entries")
    move = models.CharField(max_length=10, choices=Move.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    amount = models.DecimalField(_("amount in the network's unit"), max_digits=18, decimal_places=3)
    effective_from = models.DateField(_("from"))
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    invented = models.BooleanField(default=False)


class CalendarEdit(Recorded):
    """An official change of one day: works or not, known from a date, by an act."""

    day = models.DateField(pgettext_lazy("of the calendar", "day"))
    working = models.BooleanField(_("working day"))
    known_from = models.DateField(_("known from"))
    kind = models.CharField(max_length=30)
    title_en = models.CharField(max_length=200)
    title_ru = models.CharField(max_length=200, blank=True, default="")
    title_kk = models.CharField(max_length=200, blank=True, default="")
    source_title = models.CharField(_("act or source"), max_length=300)
    source_url = models.URLField(max_length=1000, blank=True, default="")
    confidence = models.CharField(max_length=10, choices=Confidence.choices, default=Confidence.MEDIUM)

    class Meta:
        """One edit of a day per knowledge date."""

        constraints = [models.UniqueConstraint(fields=["day", "known_from"], name="calendar_edit_once")]


class SearchEntry(Named):
    """What can be found: folded text in all three languages and in Latin letters, rebuilt by a service."""

    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=200)
    folded = models.TextField()
    weight = models.SmallIntegerField(default=0)

    class Meta:
        """One entry per thing."""

        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="search_entry_once")]
