"""The Django project and its one application."""
