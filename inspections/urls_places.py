"""Addresses of checks of similar places, and of hazards as a board and on site plans."""

from django.urls import path

from inspections.views import hazard_board, place_checks, site_map

urlpatterns = [
    path("hazards/board/", hazard_board.hazard_board, name="hazard-board"),
    path("hazards/map/", site_map.site_map_list, name="site-map-list"),
    path("hazards/map/<int:pk>/", site_map.site_map, name="site-map"),
    path("hazards/checks/", place_checks.check_list, name="check-list"),
    path("hazards/checks/<int:pk>/", place_checks.check_detail, name="check-detail"),
    path("hazards/checks/<int:pk>/fine/", place_checks.check_fine, name="check-fine"),
    path("hazards/checks/<int:pk>/cancel/", place_checks.check_cancel, name="check-cancel"),
    path("hazards/checks/<int:pk>/places/<int:answer_pk>/", place_checks.check_answer, name="check-answer"),
    path("hazards/<int:pk>/checks/new/", place_checks.check_new, name="check-new"),
]
