"""Forms of English words brought together by rules: "decides", "deciding" and "decided" share one key."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = """
be am is are was were been being|have has had having|do does did done doing|go goes went gone|say said|make made
get got gotten
see saw seen|know knew known|take took taken|come came|think thought|give gave given|find found|tell told|become became
leave left|feel felt|put|bring brought|begin began begun|keep kept|hold held|write wrote written|stand stood|hear heard
let|mean meant|set|meet met|run ran|pay paid|sit sat|speak spoke spoken|lie lay lain|lead led|read|grow grew grown|lose lost
fall fell fallen|send sent|build built|understand understood|draw drew drawn|break broke broken|spend spent|cut
rise rose risen
drive drove driven|buy bought|wear wore worn|choose chose chosen|eat ate eaten|drink drank drunk|sing sang sung
swim swam swum|fly flew flown flies flying|sleep slept|win won|throw threw thrown|catch caught|teach taught|sell sold
fight fought
ride rode ridden|forget forgot forgotten|hide hid hidden|ring rang rung|shake shook shaken|steal stole stolen
freeze froze frozen
bite bit bitten|blow blew blown|tear tore torn|dig dug|shine shone|shoot shot|stick stuck|swing swung|sweep swept|weep wept
bend bent|lend lent|burn burnt|learn learnt|dream dreamt|light lit|feed fed|bleed bled|seek sought|bind bound|wind wound
man men|woman women|child children|foot feet|tooth teeth|goose geese|mouse mice|person people|ox oxen|die dies died dying
leaf leaves|knife knives|wife wives|life lives|wolf wolves|half halves|shelf shelves|thief thieves|loaf loaves|calf calves
scarf scarves|self selves|elf elves|tie ties tied tying|lie lies lied lying|shoe shoes|toe toes|potato potatoes
tomato tomatoes
hero heroes|echo echoes|analysis analyses|crisis crises|cactus cacti|fungus fungi|bus buses|gas gases|lens lenses|news
always|during
thing things|nothing|something|anything|everything|king kings|spring springs|string strings
morning mornings|evening evenings|ceiling ceilings|wedding weddings|bring brings|red|bed beds|need needs needed needing
seed seeds|speed speeds|hundred hundreds
bread breads|thread threads|wing wings|ring rings|sing sings singing|bed beds|shed sheds|glass glasses|series|species
this|his|its
us|yes|thus|as|was|has|gas|plus|focus focuses focused focusing|bonus bonuses|virus viruses|chorus choruses
circus circuses|campus campuses
"""
_FORMS = {form: forms[0] for line in re.split(r"[|\n]", _IRREGULAR) if (forms := line.split()) for form in forms}
_VOWEL = re.compile(r"[aeiouy]")
_GROUPS = re.compile(r"[aeiouy]+")
_SHORT = re.compile(r"(?:^|[^aeiou])[aeiouy][^aeiouywx]$")
_DOUBLE = re.compile(r"([bdfgmnprt])\1$")


@lru_cache(maxsize=1 << 16)
def lemma(word: str) -> str:
    """The key that the inflected forms of a word share: plurals, -s, -ed, -ing, and a table of irregular ones.

    Mostly the word as a dictionary has it; a final e of a longer word is dropped on all sides ("decid"). Words made of others
    (teacher, kindness) keep keys of their own. Where one form belongs to two words (leaves, saw), the commoner one has it.
    """
    word = word.lower().replace("’", "'").removesuffix("'s").strip("'")
    if word in _FORMS:
        return _key(_FORMS[word])
    return _key(_stem(word))


def _stem(word: str) -> str:  # noqa: PLR0911 - one return a rule
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base == word or not _VOWEL.search(base) or len(base) < 2:
            continue
        if ending == "ed" and base.endswith("i"):
            return base[:-1] + "y"  # carried
        if ending == "ed" and base.endswith("e"):
            return word[:-1]  # freed: one e is its own
        if _DOUBLE.search(base):
            return base[:-1]  # stopped
        if len(_GROUPS.findall(base)) == 1 and (
            _SHORT.search(base) or base.endswith(("c", "v", "z", "u", "dg", "rs", "as", "ns"))
        ):
            return base + "e"  # hoped, danced, moved
        return base
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def _key(base: str) -> str:
    return base[:-1] if base.endswith("e") and len(_GROUPS.findall(base[:-1])) > 1 else base


__all__ = ["lemma"]
