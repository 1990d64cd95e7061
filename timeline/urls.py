"""Every address of the site."""

from django.contrib import admin
from django.urls import path

from timeline.views import health

urlpatterns = [
    # Editing
    path("admin/", admin.site.urls),
    # Machines
    path("healthz", health.healthz, name="health"),
]
