"""What is wrong with a file as a whole."""


class FileProblem(ValueError):
    """A file that cannot be read at all, or no further. The message is translated and names the place in the file."""


def printable(text: str, limit: int = 80) -> str:
    """The text on one line, cut, with everything invisible written as an escape."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in cut
    )
