"""Django's shell, without a complaint for each table of history: their models have no name in any module."""

from django.core.management.commands import shell
from django.utils.module_loading import import_string


class Command(shell.Command):
    """Imports the models that can be imported."""

    def get_auto_imports(self) -> list[str]:
        """The full names of what the shell knows from the beginning."""
        return [path for path in super().get_auto_imports() or [] if _is_there(path)]


def _is_there(path: str) -> bool:
    try:
        import_string(path)
    except ImportError:
        return False
    return True
