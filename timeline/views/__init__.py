"""Views: one module a page, one short function a view."""
