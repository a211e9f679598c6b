"""Addresses of levels, stages and reminder schedules; `urls.py` takes them up."""

from django.urls import path

from responsibilities.views import devices, levels

urlpatterns = [
    path("standards/levels/", levels.level_list, name="level-list"),
    # Before the level of any code, which it would else be taken for.
    path("standards/levels/quiet-hours/", levels.quiet_hours, name="quiet-hours"),
    path("standards/levels/devices/", devices.device_list, name="device-list"),
    path("standards/levels/devices/<int:pk>/withdraw/", devices.device_withdraw, name="device-withdraw"),
    path("standards/levels/<slug:code>/", levels.level_term, name="level-term"),
    path("standards/levels/stages/<slug:code>/", levels.stage_term, name="stage-term"),
    path("standards/levels/schedules/<slug:code>/", levels.schedule_steps, name="schedule-steps"),
]
