"""What is wrong with a file as a whole."""

from __future__ import annotations

from timeline.records import Problem


class FileProblem(ValueError):
    """A file that cannot be read at all, or no further. The message is translated and names the place in the file."""


class CellProblem(ValueError):
    """A value that cannot be read. `column` is where it stands; the message is translated."""

    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value, self.message = column, value, message


def problem_of(row: int, error: Exception, column: str, value: str) -> Problem:
    """The problem of a row: of the cell that the error names, else of this one."""
    if isinstance(error, CellProblem):
        column, value = error.column, error.value
    return Problem(row, column, value, str(error))


def printable(text: str, limit: int = 80) -> str:
    """The text on one line, cut, with everything invisible written as an escape."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in cut
    )
