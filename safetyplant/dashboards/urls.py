from django.urls import path

from safetyplant.dashboards import views

app_name = "dashboards"
urlpatterns = [path("dashboard/", views.dashboard, name="dashboard")]
