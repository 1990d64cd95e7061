"""Languages in which events come in and go out: one module a format. They know records, and no database."""

from .problems import FileProblem

__all__ = ["FileProblem"]
