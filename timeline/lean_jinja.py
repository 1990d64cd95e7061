"""Jinja whose templates compile to plain Python: a page repeats six thousand values, and each was five calls.

`{{ row.url }}` in Jinja looks the attribute up through the environment, in case `row` is a mapping or undefined; a call
goes through the context, in case the function wants it; what is escaped becomes a Markup, in case it is escaped again.
Our templates need none of that. So attributes are attributes, calls are calls, and a text is escaped once, by the same
C function: in half the time. And what a template gives is gathered in a list and handed over at its end, where Jinja
hands each piece of it up through all the templates that include it; a name is looked up once, and not in each loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]


def escaped(value: Any) -> str:
    """What is no plain text, as it stands in HTML. What knows its own HTML (Markup, SafeString) is taken as it is."""
    if type(value) is int:
        return str(value)
    return str(value.__html__()) if hasattr(value, "__html__") else escape_text(str(value))


class PlainCode(CodeGenerator):
    """Writes the code of one template. Set as `code_generator_class` of an environment that has `escaped`."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 -- Jinja's name
        names = list(node.find_all(nodes.Name))
        made_here = {"loop", *(name.name for name in names if name.ctx != "load")}
        self.from_outside = {name.name for name in names} - made_here
        super().visit_Template(node, frame)

    def enter_frame(self, frame: Frame) -> None:
        if frame.rootlevel:
            for name in sorted(self.from_outside):
                frame.symbols.load(name)
        super().enter_frame(frame)

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        gathers = frame.rootlevel and frame.buffer is None
        if gathers:
            self.writeline("escaped, escape_text = environment.escaped, environment.escape_text")
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if gathers:
            self.writeline(f'yield "".join({frame.buffer})')

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 -- Jinja's name
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(  # noqa: N802 -- Jinja's name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if forward_caller or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.fail("Calls here have plain arguments alone.", node.lineno)
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        # Most values are texts, and the call of a function of our own would take twice as long as escaping them.
        self.write("escape_text(value) if type(value := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(") is str else escaped(value)")


class Environment(jinja2.Environment):
    """Jinja that compiles to plain Python and always escapes."""

    code_generator_class = PlainCode
    escaped = staticmethod(escaped)
    escape_text = staticmethod(escape_text)
