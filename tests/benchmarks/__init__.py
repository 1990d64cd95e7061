"""Measurements beside a rival, each in one run on one machine: `make bench ONLY=database EVENTS=100000`.

A group is a module of this package with a function `measurements(events)` that yields `Measurement`s; it finds an
empty, migrated database and leaves behind what it likes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """One figure of ours beside the same figure of a rival, in the same unit."""

    name: str
    value: float
    rival: str
    rival_value: float
    unit: str

    def line(self, group: str) -> str:
        """Return name, our figure, the rival's figure, and the rival's as a multiple of ours."""
        ratio = f"{self.rival_value / self.value:.2f}" if self.value else "-"
        return (
            f"{group + '/' + self.name:<40} {self.value:>12.3f} {self.unit:<8}"
            f" {self.rival} {self.rival_value:.3f} {self.unit}  {ratio}"
        )
