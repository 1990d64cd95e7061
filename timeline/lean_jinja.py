"""Jinja whose templates compile to plain Python: a page repeats six thousand values, and each was five calls.

`{{ row.url }}` in Jinja looks the attribute up through the environment, in case `row` is a mapping or undefined; a call
goes through the context, in case the function wants it; what is escaped becomes a Markup, in case it is escaped again.
Our templates need none of that. So attributes are attributes, calls are calls, and a text is escaped once, by the same
C function: in half the time. What a template includes stands in its place, where Jinja would look it up and give it a
context of all names in each round of a loop. And what a template gives is gathered in a list and handed over at its
end, where Jinja hands over each piece of it; a name is looked up once, and not in each loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]

# Stand in HTML as they are.
NUMBERS = frozenset({int, float})


def escaped(value: Any) -> str:
    """What is no plain text, as it stands in HTML. What knows its own HTML (Markup, SafeString) is taken as it is."""
    own = getattr(value, "__html__", None)
    return escape_text(str(value)) if own is None else own()


class PlainCode(CodeGenerator):
    """Writes the code of one template. Set as `code_generator_class` of an environment that has `escaped`."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 -- Jinja's name
        Joined(self.environment).visit(node)
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
            self.writeline("numbers = environment.numbers")
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

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 -- Jinja's name
        """Append one text: the pieces between two tags, put together at once while the processor has them at hand."""
        pieces = []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                pieces.append(repr(child.data))
                continue
            value = self.temporary_identifier()
            self.writeline(f"{value} = ", child)
            self.visit(child, frame)
            # Most values are texts, and the call of a function of our own would take twice as long as escaping them.
            self.writeline(f"if type({value}) is str: {value} = escape_text({value})")
            self.writeline(f"elif type({value}) not in numbers: {value} = escaped({value})")
            pieces.append(f"f'{{{value}}}'")
        self.writeline(f"{frame.buffer}.append({' '.join(pieces)})", node)


class Joined(NodeTransformer):
    """Puts what a template includes in its place; names that are set in it stay within it, as in Jinja."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self.environment = environment
        self.loader = cast(jinja2.BaseLoader, environment.loader)

    def visit_Include(self, node: nodes.Include) -> nodes.Scope:  # noqa: N802 -- Jinja's name
        name = node.template.as_const()
        source, filename, _is_up_to_date = self.loader.get_source(self.environment, name)
        return nodes.Scope(self.visit(self.environment.parse(source, name, filename)).body, lineno=node.lineno)


class Environment(jinja2.Environment):
    """Jinja that compiles to plain Python and always escapes; a change in what a template includes it does not see."""

    code_generator_class = PlainCode
    escaped = staticmethod(escaped)
    escape_text = staticmethod(escape_text)
    numbers = NUMBERS
