"""Create the first account of a new installation."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.crypto import get_random_string

USERNAME = "admin"
# Without the characters that people mistake for each other.
READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Command(BaseCommand):
    """Does nothing once there is an account, so it may run at every start."""

    help = "Create the account 'admin' with a random password, shown once, when there is no account yet."

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        password = get_random_string(16, READABLE)
        with transaction.atomic():
            if users.exists():
                return
            users.create_superuser(username=USERNAME, password=password)
        line = "=" * 72
        self.stdout.write(
            f"\n{line}\n"
            f"  The first account of this installation. The password is shown only now.\n\n"
            f"    Address   {settings.SITE_URL}/admin/\n"
            f"    User      {USERNAME}\n"
            f"    Password  {password}\n"
            f"{line}\n"
        )
