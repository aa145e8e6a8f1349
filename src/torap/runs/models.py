"""A run: what was computed from what, with which numbers; its forecasts; the scenarios people keep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from torap.common.models import Recorded, in_language


class Scenario(Recorded):
    """A named list of changes, tried on a copy of a run's input. A discarded one stays to be read."""

    code = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True, default="")
    changes = models.JSONField(default=list)
    owner = models.CharField(max_length=150)
    invented = models.BooleanField(default=False)
    discarded = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class RunKind(models.TextChoices):
    """What a run is for."""

    FORECAST = "forecast", _("Forecast")
    SCENARIO = "scenario", _("What if")
    BACKTEST = "backtest", _("Back-test")


class Run(Recorded):
    """What was asked: the frozen input as known on a day, seed and engine version. Never edited.

    One and the same question asked again is that run, whatever was recorded since that does not touch it.
    `content`: the input as canonical JSON, compressed, in base 64; `sha256` is that of the JSON itself.
    `key`: one and the same question is computed once.
    """

    code = models.SlugField(max_length=80, unique=True)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RunKind.choices)
    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    known_on = models.DateField(_("as known on"), db_index=True)
    seed = models.PositiveBigIntegerField(_("seed"))
    trials = models.PositiveIntegerField(_("trials"))
    sampling = models.CharField(_("sampling"), max_length=10)
    engine = models.CharField(_("engine version"), max_length=40)
    nodes = models.PositiveIntegerField(default=0)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    # By which clock it was read, and the newest event of the ledger in the state it was read from: its number
    # and its hash. Runs made before these were kept have none of them (null).
    clock = models.CharField(max_length=10, null=True)
    read_seq = models.BigIntegerField(null=True)
    read_hash = models.CharField(max_length=64, null=True)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, null=True, related_name="runs")
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="variants")
    invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title or self.code


class RunRequest(Recorded):
    """A run that was asked for and whose input is still to be read, because that takes long. Never edited.

    What it may know is settled when it is asked: the day, the clock, and that nothing stored at `until` or
    later counts. `read_seq` and `read_hash` are the newest event of the ledger then. `changes` are those of
    the scenario as they stood then.
    """

    code = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RunKind.choices)
    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    known_on = models.DateField(_("as known on"))
    clock = models.CharField(max_length=10)
    invented = models.BooleanField(default=False)
    seed = models.PositiveBigIntegerField(_("seed"))
    trials = models.PositiveIntegerField(_("trials"))
    sampling = models.CharField(_("sampling"), max_length=10)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, null=True, related_name="+")
    changes = models.JSONField(default=list, blank=True)
    base = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField()
    read_seq = models.BigIntegerField()
    read_hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.title or self.code


class State(models.TextChoices):
    """How far a run is, or the reading of its input."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("computing")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


class Progress(models.Model):
    """How far some work in the background is. Bookkeeping of the queue, no record."""

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    permille = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=64, blank=True, default="")
    beat_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True, default="")
    error_params = models.JSONField(default=dict)

    class Meta:
        """Columns of the tables below."""

        abstract = True


class RunState(Progress):
    """How far a run is: the only part of it that changes."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="progress")


class RequestState(Progress):
    """How far the reading of an input is, and the run that came of it."""

    request = models.OneToOneField(
        RunRequest, on_delete=models.CASCADE, primary_key=True, related_name="progress"
    )
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")


class RunResult(Recorded):
    """What a run gave; one for each run, never edited. The forecasts are rows of their own."""

    run = models.OneToOneField(Run, on_delete=models.PROTECT, primary_key=True, related_name="result")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    seconds = models.FloatField()


class Basis(models.TextChoices):
    """What a forecast rests on."""

    DONE = "done", _("reached already")
    CLASS = "class", _("reference class")
    SCHEDULE = "schedule", _("schedule")
    BLEND = "blend", _("schedule and reference class")
    LINKS = "links", _("what it waits for")
    NONE = "none", _("nothing to go by")


class Forecast(models.Model):
    """One node of the network in one run: days by which it is reached with a chance, and the chance to hold.

    Append-only. Percentiles beyond the horizon of the run are empty. Of those named in `beyond` (p50, p80 and
    so on) only is told that they are not before their day: what was ever seen of the class ends there.
    `chance` is to be done by `due` (the
    promise in force, or the deadline of an instruction), `chance_first` by the first promise.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="forecasts")
    key = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=180)
    name_en = models.CharField(max_length=400)
    name_ru = models.CharField(max_length=400, blank=True, default="")
    name_kk = models.CharField(max_length=400, blank=True, default="")
    subject = models.CharField(max_length=80, blank=True, default="", db_index=True)
    region = models.CharField(max_length=6, blank=True, default="")
    holder = models.CharField(max_length=80, blank=True, default="", db_index=True)
    due = models.DateField(null=True)
    first_due = models.DateField(null=True)
    said_on = models.DateField(null=True)  # when the promise in force was said
    done_on = models.DateField(null=True)
    # Of a plot: the milestone or instruction whose date its due day is (null: the run did not keep it).
    due_by = models.CharField(max_length=200, null=True)
    # What was said of it last, and by what it is done: said, or shown (evidence accepted by another body).
    # Runs made before these were kept say nothing of either (null).
    said = models.CharField(max_length=20, null=True)
    done_by = models.CharField(max_length=10, null=True)
    p10 = models.DateField(null=True)
    p20 = models.DateField(null=True)
    p50 = models.DateField(null=True)
    p80 = models.DateField(null=True)
    p90 = models.DateField(null=True)
    chance = models.FloatField(null=True)
    chance_first = models.FloatField(null=True)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    class_code = models.CharField(max_length=120, blank=True, default="")
    class_n = models.PositiveIntegerField(default=0)
    # Share of the outcomes of its class that lie within what was ever seen; percentiles beyond are a rule.
    seen = models.FloatField(null=True)
    # The last day it was heard of as not reached, and the share of trials in which it may have been reached
    # since without anybody having said so: those are on the known day.
    heard_on = models.DateField(null=True)
    untold = models.FloatField(null=True)
    drivers = models.JSONField(default=list)
    beyond = models.JSONField(null=True)
    # Days from the known day to when it is reached, on average over the trials. It hangs on the tail of its
    # class, so it is no forecast; of two runs with the same numbers the difference says how much later it is.
    mean_left = models.FloatField(null=True)
    invented = models.BooleanField(default=False)

    class Meta:
        """One forecast of a node in a run; lists read by run and chance."""

        constraints = [models.UniqueConstraint(fields=["run", "key"], name="forecast_once")]
        indexes = [models.Index(fields=["run", "chance"]), models.Index(fields=["run", "p80"])]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_en, self.name_ru, self.name_kk)
