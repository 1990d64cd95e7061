"""The words in which dates are typed: names of months and weekdays, and what stands around a date."""

import calendar

MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
MONTHS |= {
    name: number
    for number, names in enumerate(
        (
            ("январь", "января"),
            ("февраль", "февраля"),
            ("март", "марта"),
            ("апрель", "апреля"),
            ("май", "мая"),
            ("июнь", "июня"),
            ("июль", "июля"),
            ("август", "августа"),
            ("сентябрь", "сентября"),
            ("октябрь", "октября"),
            ("ноябрь", "ноября"),
            ("декабрь", "декабря"),
        ),
        start=1,
    )
    for name in names
}
WEEKDAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
WEEKDAYS |= {name.casefold(): number for number, name in enumerate(calendar.day_abbr)}
WEEKDAYS |= {"tues": 1, "thur": 3, "thurs": 3}
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
NOISE = frozenset({"the", "of", "in", "on", "year", "ad", "ce", "г", "г.", "года", "году"})
BEFORE_CHRIST = frozenset({"bc", "bce", "b.c.", "b.c.e."})
ABOUT_WORDS = ("about", "around", "approximately", "approx.", "approx", "roughly")
ABOUT = ("circa ", "c. ", "c.", "ca. ", "ca.", "ca ", "c ", "~", "около ", *(f"{word} " for word in ABOUT_WORDS))
PERHAPS = ("possibly ", "probably ", "perhaps ", "maybe ")
ABOUT_AFTER = ("~", " (approximate)")
PERHAPS_AFTER = ("?", " (uncertain)")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"’": "'", "〜": "~", ",": " "})
SEPARATORS = (" - ", " to ", " through ", " until ", " till ", " / ", "/", "-")
PARTS = {
    "early": "early",
    "beginning of": "early",
    "start of": "early",
    "mid": "mid",
    "mid-": "mid",
    "middle of": "mid",
    "late": "late",
    "end of": "late",
    "first half of": "first half",
    "second half of": "second half",
}
