"""What a browser would read as a tag, if it stood unescaped: nothing that we store may hold one."""

from __future__ import annotations

import re

# The elements of the HTML Living Standard, those that it calls obsolete, and what leads into SVG and MathML.
_ELEMENTS = """
    a abbr acronym address animate applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote
    body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em
    embed fieldset figcaption figure font footer foreignobject form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup
    hr html i iframe image img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu
    menuitem meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p param
    picture plaintext pre progress q rb rp rt rtc ruby s samp script search section select set slot small source spacer
    span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt
    u ul use var video wbr xml xmp
"""
# Names are compared as tokens: "<d3>" is a text, and so are "a < b" and "<3"; an unknown name with an attribute is not.
TAG = re.compile(
    rf"<(?:[!?]|/?(?:{'|'.join(_ELEMENTS.split())})(?![a-z0-9])|/?[a-z][^\s<>/]*\s[^<>=]*=)",
    re.IGNORECASE,
)
