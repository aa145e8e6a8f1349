"""Addresses of signed-in work; forms stand under work/, so that no code of a thing is taken for a form."""

from django.urls import path

from torap.web.work.views import (
    baselines,
    calendar,
    evidence,
    facts,
    instructions,
    ledger,
    me,
    milestones,
    people,
    records,
)

urlpatterns = [
    path("me/", me.me, name="me"),
    path("work/milestones/<slug:code>/promise/", milestones.promise, name="work_promise"),
    path("work/milestones/<slug:code>/report/", milestones.report, name="work_report"),
    path("work/milestones/<slug:code>/evidence/", evidence.for_milestone, name="work_milestone_evidence"),
    path("work/subjects/<slug:code>/milestone/", milestones.milestone, name="work_milestone"),
    path("work/subjects/<slug:code>/figure/", records.claim, name="work_claim"),
    path("work/subjects/<slug:code>/amount/", records.money, name="work_money"),
    path("work/subjects/<slug:code>/capacity/", records.utility, name="work_utility"),
    path("work/subjects/<slug:code>/obstacle/", records.obstacle, name="work_obstacle"),
    path("work/instructions/new/", instructions.new, name="work_instruction"),
    path("work/instructions/<slug:code>/answer/", instructions.respond, name="work_response"),
    path("work/instructions/<slug:code>/event/", instructions.event, name="work_event"),
    path("work/instructions/<slug:code>/more-time/", instructions.extension, name="work_extension"),
    path("work/instructions/<slug:code>/decision/", instructions.decision, name="work_decision"),
    path("work/instructions/<slug:code>/close/", instructions.close, name="work_close"),
    path(
        "work/instructions/<slug:code>/evidence/", evidence.for_instruction, name="work_instruction_evidence"
    ),
    path("work/obstacles/<slug:code>/removal/", records.removal, name="work_removal"),
    path("work/escalation/", records.escalation, name="work_escalation"),
    path("work/evidence/", evidence.waiting, name="evidence_waiting"),
    path("work/evidence/<int:pk>/", evidence.verify, name="evidence_verify"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("baselines/", baselines.listing, name="baseline_list"),
    path("baselines/<slug:code>/", baselines.baseline, name="baseline"),
    path("work/baselines/new/", baselines.take, name="baseline_take"),
    path("work/calendar/", calendar.edit, name="calendar_edit"),
    path("work/facts/", facts.upload, name="facts_upload"),
    path("work/facts/<slug:number>/preview/", facts.preview, name="facts_preview"),
    path("work/facts/<int:load_id>/", facts.load, name="facts_load"),
    path("work/users/", people.listing, name="user_list"),
    path("work/users/new/", people.new, name="user_new"),
    path("work/user/<str:username>/", people.user, name="user"),
    path("work/user/<str:username>/take/", people.take, name="user_take"),
    path("work/user/<str:username>/password/", people.password, name="user_password"),
    path("work/user/<str:username>/active/", people.active, name="user_active"),
    path("ledger/", ledger.listing, name="ledger_list"),
    path("ledger/check/", ledger.check, name="ledger_check"),
    path("history/<slug:kind>/<str:code>/", ledger.history, name="history"),
]
