"""Codes of events of CAMEO (Conflict and Mediation Event Observations): their words, our category, and the roles.

A code begins with that of its kind: 042 is a visit among consultations (04). The words are our own.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of event; `words` stand between the actors, of which the first acts."""

    words: object
    category: str
    roles: tuple[str, str] = ("initiator", "target")

    def sentence(self, first: str, second: str) -> str:
        return str(self.words) % {"one": first, "other": second}


_TOGETHER = ("participant", "participant")
_l = gettext_lazy
CODES: dict[str, Code] = {
    "01": Code(_l("%(one)s makes a statement about %(other)s"), "diplomacy"),
    "02": Code(_l("%(one)s appeals to %(other)s"), "diplomacy"),
    "03": Code(_l("%(one)s announces cooperation with %(other)s"), "diplomacy"),
    "04": Code(_l("%(one)s consults with %(other)s"), "diplomacy", _TOGETHER),
    "042": Code(_l("%(one)s visits %(other)s"), "diplomacy", ("visitor", "host")),
    "043": Code(_l("%(one)s receives a visit of %(other)s"), "diplomacy", ("host", "visitor")),
    "044": Code(_l("%(one)s meets %(other)s in a third place"), "diplomacy", _TOGETHER),
    "045": Code(_l("%(one)s mediates with %(other)s"), "peace", ("mediator", "participant")),
    "046": Code(_l("%(one)s negotiates with %(other)s"), "diplomacy", _TOGETHER),
    "05": Code(_l("%(one)s cooperates diplomatically with %(other)s"), "diplomacy", _TOGETHER),
    "057": Code(_l("%(one)s signs an agreement with %(other)s"), "treaty", _TOGETHER),
    "06": Code(_l("%(one)s cooperates materially with %(other)s"), "economy", _TOGETHER),
    "062": Code(_l("%(one)s cooperates militarily with %(other)s"), "exercise", _TOGETHER),
    "064": Code(_l("%(one)s shares intelligence with %(other)s"), "intelligence", _TOGETHER),
    "07": Code(_l("%(one)s provides aid to %(other)s"), "humanitarian"),
    "08": Code(_l("%(one)s yields to %(other)s"), "diplomacy"),
    "087": Code(_l("%(one)s reduces fighting with %(other)s"), "peace"),
    "09": Code(_l("%(one)s investigates %(other)s"), "intelligence"),
    "10": Code(_l("%(one)s makes demands on %(other)s"), "diplomacy"),
    "11": Code(_l("%(one)s disapproves of %(other)s"), "diplomacy"),
    "12": Code(_l("%(one)s rejects what %(other)s wants"), "diplomacy"),
    "13": Code(_l("%(one)s threatens %(other)s"), "diplomacy"),
    "14": Code(_l("%(one)s protests against %(other)s"), "protest"),
    "15": Code(_l("%(one)s shows its forces to %(other)s"), "exercise"),
    "16": Code(_l("%(one)s reduces relations with %(other)s"), "diplomacy"),
    "163": Code(_l("%(one)s imposes sanctions on %(other)s"), "sanctions"),
    "17": Code(_l("%(one)s coerces %(other)s"), "conflict"),
    "18": Code(_l("%(one)s assaults %(other)s"), "conflict"),
    "19": Code(_l("%(one)s fights %(other)s"), "conflict"),
    "20": Code(_l("%(one)s uses mass violence against %(other)s"), "conflict"),
}


def code_of(code: str, root: str = "") -> Code:
    """The kind of event, as exactly as we have words for it. Raises ValueError for a code that is none."""
    # Programs that read the table as numbers lose the zero before the code.
    for text in (code, f"0{code}", root, f"0{root}"):
        for length in (3, 2):
            if text.isdecimal() and (found := CODES.get(text[:length])):
                return found
    raise ValueError(_("“%(code)s” is no code of CAMEO.") % {"code": code[:20]})
