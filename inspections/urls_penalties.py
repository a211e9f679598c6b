"""Addresses of what follows from violations; `urls.py` takes them up."""

from django.urls import path

from inspections.views import bans, penalty_acts, penalty_pages, penalty_rules

urlpatterns = [
    path("violations/rule/", penalty_rules.penalty_rule, name="penalty-rule"),
    path("violations/rule/change/", penalty_rules.penalty_rule_edit, name="penalty-rule-edit"),
    path("violations/rule/types/<slug:code>/", penalty_rules.violation_type, name="violation-type"),
    path("violations/record/", penalty_pages.own_record, name="own-record"),
    path("violations/people/<int:pk>/", penalty_pages.person_record, name="person-record"),
    path("violations/duties/", penalty_pages.duty_list, name="duty-list"),
    path("violations/duties/<int:pk>/", penalty_pages.duty_detail, name="duty-detail"),
    path("violations/duties/<int:pk>/<slug:verb>/", penalty_acts.duty_act, name="duty-act"),
    path("violations/proposals/", penalty_pages.proposal_list, name="proposal-list"),
    path("violations/proposals/<int:pk>/", penalty_pages.proposal_detail, name="proposal-detail"),
    path("violations/proposals/<int:pk>/confirm/", penalty_pages.proposal_confirm, name="proposal-confirm"),
    path("violations/proposals/<int:pk>/dismiss/", penalty_pages.proposal_dismiss, name="proposal-dismiss"),
    path("violations/gate/", bans.gate, name="gate"),
    path("violations/bans/", bans.ban_list, name="ban-list"),
    path("violations/bans/<int:pk>/", bans.ban_detail, name="ban-detail"),
    path("violations/bans/<int:pk>/<slug:verb>/", bans.ban_act, name="ban-act"),
    path("violations/comparison/", penalty_pages.clause_comparison, name="clause-comparison"),
    path("violations/posted/", penalty_pages.posted, name="posted"),
    path("violations/<int:pk>/notice/", penalty_pages.violation_notice, name="violation-notice"),
    path("violations/<int:pk>/witness/", penalty_acts.violation_witness, name="violation-witness"),
    path("violations/<int:pk>/<slug:verb>/", penalty_acts.violation_act, name="violation-act"),
]
