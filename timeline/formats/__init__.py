"""Languages in which events come in and go out: one module a format. They know records, and no database."""

from .problems import FileProblem
from .reading import Reading

__all__ = ["FileProblem", "Reading"]
