"""What was promised, what was shown for it, what was ordered, and what stands in the way."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from torap.common.models import Named, Recorded, Said, in_language


class Milestone(Named, Recorded):
    """A named state that a subject is to reach."""

    class Type(models.TextChoices):
        """The stage of a project's life it marks."""

        DESIGN = "design", _("Design papers")
        START = "start", _("Start of works")
        PART = "part", _("Part opened")
        COMPLETE = "complete", _("Works complete")
        OPEN = "open", _("Opening")
        CAPACITY = "capacity", _("Capacity reached")
        STATUS = "status", _("Legal status")
        OTHER = "other", _("Other")

    code = models.SlugField(max_length=120, unique=True)
    subject = models.ForeignKey("registry.Subject", on_delete=models.PROTECT, related_name="milestones")
    type = models.CharField(_("type"), max_length=10, choices=Type.choices)
    holder = models.ForeignKey(
        "registry.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones_held",
    )
    invented = models.BooleanField(default=False)


class Promise(Said, Recorded):
    """A date or period somebody named for a milestone. Never overwritten; the first one is the yardstick."""

    key = models.CharField(max_length=200, unique=True)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="promises")
    earliest = models.DateField(_("promised, earliest"), null=True, blank=True)
    latest = models.DateField(_("promised, latest"))
    as_said = models.CharField(_("as said"), max_length=200)
    reason_en = models.TextField(_("reason for the change"), blank=True, default="")
    reason_ru = models.TextField(blank=True, default="")
    reason_kk = models.TextField(blank=True, default="")
    source = models.ForeignKey("registry.Source", on_delete=models.PROTECT, related_name="promises")
    yardstick = models.BooleanField(
        _("counts as a promise; off for a horizon or a mere industry forecast"), default=True
    )
    note_en = models.TextField(blank=True, default="")
    note_ru = models.TextField(blank=True, default="")
    note_kk = models.TextField(blank=True, default="")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    invented = models.BooleanField(default=False)

    @property
    def note(self) -> str:
        """The note in the reader's language."""
        return in_language(self.note_en, self.note_ru, self.note_kk)


class SaidState(models.TextChoices):
    """What is said of a milestone or an instruction."""

    NOT_STARTED = "not_started", _("not started")
    UNDER_WAY = "under_way", _("under way")
    PART_DONE = "part_done", _("partly done")
    DONE = "done", _("done")
    NOT_REACHED = "not_reached", _("not reached")


class StatusReport(Said, Recorded):
    """Somebody said how far a milestone is. What is said is not what is evidenced."""

    key = models.CharField(max_length=200, unique=True)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(_("state said"), max_length=12, choices=SaidState.choices)
    done_from = models.DateField(_("done on, earliest"), null=True, blank=True)
    done_to = models.DateField(_("done on, latest"), null=True, blank=True)
    percent = models.DecimalField(_("percent said"), max_digits=5, decimal_places=1, null=True, blank=True)
    text_en = models.TextField(blank=True, default="")
    text_ru = models.TextField(blank=True, default="")
    text_kk = models.TextField(blank=True, default="")
    source = models.ForeignKey("registry.Source", on_delete=models.PROTECT, related_name="reports")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    invented = models.BooleanField(default=False)

    @property
    def text(self) -> str:
        """What was said, in the reader's language."""
        return in_language(self.text_en, self.text_ru, self.text_kk)


class ControlTag(models.TextChoices):
    """Words used politically about control; the legal type is computed."""

    SPECIAL = "special", _("special control")
    PERMANENT = "permanent", _("permanent")


class Instruction(Recorded):
    """An order to do something; its due date is computed, never stored."""

    code = models.SlugField(max_length=80, unique=True)
    text_en = models.TextField(_("text"))
    text_ru = models.TextField(blank=True, default="")
    text_kk = models.TextField(blank=True, default="")
    session_en = models.CharField(_("session"), max_length=300, blank=True, default="")
    session_ru = models.CharField(max_length=300, blank=True, default="")
    session_kk = models.CharField(max_length=300, blank=True, default="")
    issuer = models.CharField(_("who gave it"), max_length=40, default="prime_minister")
    given_from = models.DateField(_("given, earliest"))
    given_to = models.DateField(_("given, latest"))
    deadline_said = models.CharField(_("deadline as said"), max_length=200, blank=True, default="")
    deadline_on = models.DateField(_("exact deadline named"), null=True, blank=True)
    deadline_kind = models.CharField(
        _("kind of deadline"),
        max_length=12,
        choices=[
            ("date", _("a date")),
            ("term", _("a term")),
            ("none", _("none given")),
            ("permanent", _("permanent")),
            ("unknown", _("not known")),
        ],
    )
    tags = models.JSONField(default=list, blank=True)
    law_params = models.JSONField(_("parameters of the control procedure"), default=dict, blank=True)
    done_means_en = models.TextField(_("what counts as done"), blank=True, default="")
    done_means_ru = models.TextField(blank=True, default="")
    done_means_kk = models.TextField(blank=True, default="")
    executors_said = models.CharField(_("executors as said"), max_length=300, blank=True, default="")
    subjects = models.ManyToManyField("registry.Subject", blank=True, related_name="instructions")
    source = models.ForeignKey("registry.Source", on_delete=models.PROTECT, related_name="instructions")
    said_from = models.DateField()
    said_to = models.DateField(db_index=True)
    said_note = models.CharField(max_length=400, blank=True, default="")
    invented = models.BooleanField(default=False)

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return in_language(self.text_en, self.text_ru, self.text_kk)

    @property
    def session(self) -> str:
        """The session in the reader's language."""
        return in_language(self.session_en, self.session_ru, self.session_kk)

    @property
    def done_means(self) -> str:
        """What counts as done, in the reader's language."""
        return in_language(self.done_means_en, self.done_means_ru, self.done_means_kk)


class Executor(models.Model):
    """A body that owes an instruction, as lead or with others."""

    instruction = models.ForeignKey(Instruction, on_delete=models.CASCADE, related_name="executors")
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="instructions_owed"
    )
    role = models.CharField(max_length=10, choices=[("lead", _("lead")), ("co", _("co-executor"))])

    class Meta:
        """A body stands once in an instruction."""

        constraints = [models.UniqueConstraint(fields=["instruction", "organisation"], name="executor_once")]


class InstructionEvent(Said, Recorded):
    """What happened to an instruction. Append-only: clocks are computed from these."""

    class Type(models.TextChoices):
        """The events the rules of control know."""

        RECEIVED = "received", _("received")
        CO_ANSWERED = "co_answered", _("co-executor answered")
        ANSWERED = "answered", _("answered")
        EXTENSION_REQUESTED = "extension_requested", _("extension requested")
        EXTENDED = "extended", _("extended")
        REFUSED = "refused", _("extension refused")
        CLOSED = "closed", _("closed")
        RETURNED = "returned", _("returned: wrong addressee")
        FOLLOW_UP = "follow_up", _("follow-up reported")

    key = models.CharField(max_length=200, unique=True)
    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="events")
    type = models.CharField(max_length=20, choices=Type.choices)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, null=True, blank=True)
    happened_from = models.DateField(_("happened, earliest"))
    happened_to = models.DateField(_("happened, latest"))
    new_deadline = models.DateField(_("new deadline"), null=True, blank=True)
    ground = models.CharField(_("ground for closing"), max_length=40, blank=True, default="")
    said_state = models.CharField(max_length=12, choices=SaidState.choices, blank=True, default="")
    text_en = models.TextField(blank=True, default="")
    text_ru = models.TextField(blank=True, default="")
    text_kk = models.TextField(blank=True, default="")
    source = models.ForeignKey("registry.Source", on_delete=models.PROTECT, null=True, blank=True)
    invented = models.BooleanField(default=False)

    @property
    def text(self) -> str:
        """What was said, in the reader's language."""
        return in_language(self.text_en, self.text_ru, self.text_kk)


class Evidence(Recorded):
    """A document, photograph, act, image or record offered for a milestone or an instruction."""

    class Type(models.TextChoices):
        """What kind of thing it is."""

        DOCUMENT = "document", _("Document")
        ACT = "act", _("Act")
        PHOTO = "photo", _("Photograph")
        VIDEO = "video", _("Video")
        SATELLITE = "satellite", _("Satellite image")
        SYSTEM = "system", _("System record")

    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    instruction = models.ForeignKey(
        Instruction, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    type = models.CharField(_("type"), max_length=10, choices=Type.choices)
    shows_on = models.DateField(_("shows the state on"))
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("address"), max_length=1500, blank=True, default="")
    file = models.FileField(_("file"), upload_to="evidence/%Y/", blank=True)
    file_name = models.CharField(max_length=255, blank=True, default="")
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, default="", db_index=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    given_by = models.ForeignKey(
        "registry.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence_given",
    )
    invented = models.BooleanField(default=False)

    class Meta:
        """Evidence speaks of one thing."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(milestone__isnull=False) ^ models.Q(instruction__isnull=False),
                name="evidence_of_one_thing",
            )
        ]


class Verification(Recorded):
    """What another body found on looking at the evidence; the newest verdict counts."""

    class Verdict(models.TextChoices):
        """The outcome."""

        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="verifications")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    note = models.TextField(blank=True, default="")

    @property
    def invented(self) -> bool:
        """Invented with the evidence it judges, or with the body that judges."""
        return self.evidence.invented or self.organisation.invented


class Obstacle(Said, Recorded):
    """Something that blocks a subject, and the body that must remove it."""

    code = models.SlugField(max_length=120, unique=True)
    text_en = models.TextField()
    text_ru = models.TextField(blank=True, default="")
    text_kk = models.TextField(blank=True, default="")
    blocks = models.ForeignKey("registry.Subject", on_delete=models.PROTECT, related_name="obstacles")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="obstacles"
    )
    holder = models.ForeignKey(
        "registry.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obstacles_held",
    )
    raised_by = models.CharField(max_length=300, blank=True, default="")
    source = models.ForeignKey("registry.Source", on_delete=models.PROTECT, null=True, blank=True)
    invented = models.BooleanField(default=False)

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return in_language(self.text_en, self.text_ru, self.text_kk)


class ObstacleEvent(Said, Recorded):
    """A rung climbed, or the obstacle removed. Append-only; a rung is climbed once."""

    class Type(models.TextChoices):
        """What happened."""

        ESCALATED = "escalated", _("escalated")
        REMOVED = "removed", _("removed")

    obstacle = models.ForeignKey(Obstacle, on_delete=models.PROTECT, related_name="events")
    type = models.CharField(max_length=10, choices=Type.choices)
    rung = models.CharField(max_length=30, blank=True, default="")
    happened_on = models.DateField()
    note = models.TextField(blank=True, default="")
    source = models.ForeignKey("registry.Source", on_delete=models.PROTECT, null=True, blank=True)
    invented = models.BooleanField(default=False)

    class Meta:
        """Exactly one event per rung, whatever restarts or runs twice; real and invented ones apart."""

        constraints = [
            models.UniqueConstraint(fields=["obstacle", "type", "rung", "invented"], name="rung_once")
        ]


class Baseline(Recorded):
    """A frozen set of promises, to compare with later. Cannot be edited."""

    code = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    taken_on = models.DateField()
    decision = models.CharField(_("decision it rests on"), max_length=300, blank=True, default="")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)


class DeliveryLink(Said, Recorded):
    """That one thing waits for another was said, or taken back. Append-only: a row adds or drops.

    `before` and `after` are keys of the network (`milestone:CODE`, `instruction:CODE`, `plot:CODE`,
    `utility:CODE/KIND`, `step:CODE/PROCEDURE/STEP`). A row that drops names the row it drops; one that names
    none drops what the structure of things draws between the two.
    """

    class Event(models.TextChoices):
        """What the row says."""

        ADDED = "added", _("added")
        DROPPED = "dropped", pgettext_lazy("of a link", "dropped")

    class Type(models.TextChoices):
        """Which end of the one binds which end of the other."""

        FS = "FS", _("starts after it is finished")
        SS = "SS", _("starts after it has started")
        FF = "FF", _("is finished after it is finished")
        SF = "SF", _("is finished after it has started")

    class LagUnit(models.TextChoices):
        """In which days a lag is counted."""

        DAY = "day", _("calendar days")
        WORKING_DAY = "working_day", _("working days")

    key = models.CharField(max_length=200, unique=True)
    event = models.CharField(max_length=8, choices=Event.choices)
    before = models.CharField(_("what comes first"), max_length=200, db_index=True)
    after = models.CharField(_("what waits for it"), max_length=200, db_index=True)
    type = models.CharField(_("type"), max_length=2, choices=Type.choices, default=Type.FS)
    lag = models.IntegerField(_("lag in days"), default=0)
    lag_unit = models.CharField(
        _("lag counted in"), max_length=12, choices=LagUnit.choices, default=LagUnit.DAY
    )
    why_en = models.TextField(_("why"), blank=True, default="")
    why_ru = models.TextField(blank=True, default="")
    why_kk = models.TextField(blank=True, default="")
    source = models.ForeignKey(
        "registry.Source", on_delete=models.PROTECT, null=True, blank=True, related_name="delivery_links"
    )
    drops = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="dropped_by"
    )
    invented = models.BooleanField(default=False)

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return in_language(self.why_en, self.why_ru, self.why_kk)


class AttachedSchedule(Said, Recorded):
    """A schedule of the people who do the work, hung below a milestone. A newer one takes its place; all are
    kept.

    `content`: the plan as it was read, in the form of `delivery.plans`; `finish_activity`: the activity whose
    finish stands for the milestone; `losses`: what the file says that the plan does not keep; `assumed`: what
    was supposed where the file says nothing of uncertainty.
    """

    key = models.CharField(max_length=200, unique=True)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="schedules")
    name = models.CharField(_("name"), max_length=300, blank=True, default="")
    format = models.CharField(_("format"), max_length=20)
    profile = models.CharField(_("convention"), max_length=20)
    data_date = models.DateField(_("data date"), null=True, blank=True)
    finish_activity = models.CharField(_("activity that stands for the milestone"), max_length=200)
    finish_name = models.CharField(max_length=400, blank=True, default="")
    activities = models.PositiveIntegerField(_("activities"))
    losses = models.JSONField(default=list, blank=True)
    assumed = models.JSONField(default=dict, blank=True)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), upload_to="schedules/%Y/")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, db_index=True)
    given_by = models.ForeignKey(
        "registry.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="schedules_given",
    )
    invented = models.BooleanField(default=False)
