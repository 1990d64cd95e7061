"""The one application of the project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    """Names the application and registers its checks."""

    name = "timeline"
    verbose_name = _("Timeline")

    def ready(self) -> None:
        """Register the checks that `manage.py check` runs."""
        from timeline import checks  # noqa: F401 -- importing registers them, and only now are the settings complete
