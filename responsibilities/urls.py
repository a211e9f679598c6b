"""Addresses of this room (names `responsibilities:…`)."""

from django.urls import path

from responsibilities import urls_levels, urls_regulations
from responsibilities.views import actions, appointments, deadlines, engine, home, organisation, people, places, site_plans, units

app_name = "responsibilities"

urlpatterns = [
    path("", home.my_work, name="home"),
    path("responsibilities/", organisation.organisation, name="organisation"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/new/", units.unit_new, name="unit-new"),
    path("units/<int:pk>/", units.unit_detail, name="unit-detail"),
    path("units/<int:pk>/rename/", units.unit_rename, name="unit-rename"),
    path("units/<int:pk>/move/", units.unit_move, name="unit-move"),
    path("units/<int:pk>/close/", units.unit_close, name="unit-close"),
    path("units/<int:unit_pk>/places/", places.place_list, name="place-list"),
    path("units/<int:unit_pk>/places/labels/", places.place_labels, name="place-labels"),
    path("units/<int:unit_pk>/places/new/", places.place_new, name="place-new"),
    path("units/<int:unit_pk>/places/<int:pk>/", places.place_detail, name="place-detail"),
    path("units/<int:unit_pk>/places/<int:pk>/edit/", places.place_edit, name="place-edit"),
    path("units/<int:unit_pk>/site-plans/new/", site_plans.site_plan_new, name="site-plan-new"),
    path("units/<int:unit_pk>/site-plans/<int:pk>/edit/", site_plans.site_plan_edit, name="site-plan-edit"),
    path("units/<int:unit_pk>/site-plans/<int:pk>/points/", site_plans.site_plan_points, name="site-plan-points"),
    path("units/<int:unit_pk>/posts/new/", places.post_new, name="post-new"),
    path("units/<int:unit_pk>/posts/<int:pk>/edit/", places.post_edit, name="post-edit"),
    path("units/<int:unit_pk>/appointments/new/", appointments.appoint_to, name="unit-appoint"),
    path("people/", people.person_list, name="person-list"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<int:pk>/", people.person_detail, name="person-detail"),
    path("people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("people/<int:pk>/suspend/", people.person_suspend, name="person-suspend"),
    path("people/<int:pk>/restore/", people.person_restore, name="person-restore"),
    path("people/<int:pk>/password/", people.person_password, name="person-password"),
    path("people/<int:pk>/appointments/new/", appointments.appoint, name="person-appoint"),
    path("appointments/<int:pk>/end/", appointments.appointment_end, name="appointment-end"),
    path("deadlines/", deadlines.deadline_list, name="deadline-list"),
    path("deadlines/health/", engine.engine_health, name="engine-health"),
    path("deadlines/<int:pk>/", deadlines.deadline_detail, name="deadline-detail"),
    path("actions/", actions.action_list, name="action-list"),
    path("actions/<int:pk>/", actions.action_detail, name="action-detail"),
    path("actions/<int:pk>/<slug:verb>/", actions.act, name="action-act"),
    path("escalations/<int:pk>/answer/", actions.answer, name="escalation-answer"),
    *urls_levels.urlpatterns,
    *urls_regulations.urlpatterns,
]
