"""Where on the page: counted and chosen events in, an axis, lanes, marks, labels and densities out. Pure."""

from .axis import Axis, axis, density_unit
from .drawing import Bin, Connector, Drawing, Lane, LaneContent, Mark, Subject, edges_of, layout
from .overview import Overview, overview
from .picture import Picture, picture
from .scale import BREAKPOINTS, Window

__all__ = [
    "BREAKPOINTS",
    "Axis",
    "Bin",
    "Connector",
    "Drawing",
    "Lane",
    "LaneContent",
    "Mark",
    "Overview",
    "Picture",
    "Subject",
    "Window",
    "axis",
    "density_unit",
    "edges_of",
    "layout",
    "overview",
    "picture",
]
