"""What processes of the tests have imported before they begin: they are copies of one that has only imported this."""

import django

django.setup()

from timeline import index  # noqa: E402, F401 -- what follows needs the models
from timeline.desk import import_worker  # noqa: E402, F401
