"""What all tests share."""

from hypothesis import settings

# The same examples every time, so that a failure can be repeated; slow machines must not fail on time.
settings.register_profile("annals", derandomize=True, deadline=None, database=None)
settings.load_profile("annals")
