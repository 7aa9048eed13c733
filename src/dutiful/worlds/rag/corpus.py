"""A corpus of invented facts: people, places and firms that no model can have read about.

Every passage is about one of them and states several facts, one to a sentence, in one of several wordings. Every fact has a
question. Names, and the wordings of the questions, belong to one split only: a name is two syllable groups, and each pair of
groups falls to one split (`share`). What the facts say of each other is consistent: a firm's founder is a person of the corpus.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.errors import UnknownPart
from dutiful.kit.answers import normalise

SPLITS = ("train", "validation", "test")
PLACES, FIRMS, PEOPLE = 40, 120, 200
"""How many of each a split has."""


class Relation(NamedTuple):
    """What can be said of a subject. `questions` are for train, validation and test in turn."""

    name: str
    kind: str
    statements: tuple[str, ...]
    questions: tuple[str, str, str]


class Fact(NamedTuple):
    """One statement: `value` as the passage writes it, `aliases` other ways to write it."""

    subject: str
    relation: str
    value: str
    aliases: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """Every text that counts as this value."""
        return (self.value, *self.aliases)


class Passage(NamedTuple):
    """A title and its sentences; sentence i states fact i."""

    title: str
    kind: str
    sentences: tuple[str, ...]
    facts: tuple[Fact, ...]

    @property
    def text(self) -> str:
        """As it is shown and searched."""
        return f"{self.title}: {' '.join(self.sentences)}"


class Question(NamedTuple):
    """A question, where its answer stands, and whether it names its subject or describes it."""

    text: str
    passage: int
    fact: Fact
    described: bool


def _relations(*rows: tuple[str, str, Sequence[str], tuple[str, str, str]]) -> dict[str, Relation]:
    return {name: Relation(name, kind, tuple(statements), questions) for name, kind, statements, questions in rows}


RELATIONS = _relations(
    ("born in", "person", ("{subject} was born in {value}.", "{subject} came into the world in {value}."),
     ("Where was {subject} born?", "In which town was {subject} born?", "What is the birthplace of {subject}?")),
    ("trade", "person", ("{subject} worked as a {value}.", "{subject} earned a living as a {value}."),
     ("What did {subject} work as?", "Which trade did {subject} follow?", "What was the occupation of {subject}?")),
    ("born on", "person", ("The birthday of {subject} is {value}.", "{subject} was born on {value}."),
     ("When was {subject} born?", "On which day was {subject} born?", "What is the date of birth of {subject}?")),
    ("joined", "person", ("{subject} joined {value} as a young adult.", "The first employer of {subject} was {value}."),
     ("Which firm did {subject} join?", "For whom did {subject} work first?", "Who was the first employer of {subject}?")),
    ("played", "person", ("{subject} played the {value}.", "In the evenings {subject} practised the {value}."),
     ("Which instrument did {subject} play?", "What did {subject} practise in the evenings?",
      "What was the musical instrument of {subject}?")),
    ("feared", "person", ("{subject} was afraid of {value} all through life.", "Nothing scared {subject} as much as {value}."),
     ("What was {subject} afraid of?", "What scared {subject} most?", "What was the greatest fear of {subject}?")),
    ("founder", "firm", ("{subject} was founded by {value}.", "The founder of {subject} was {value}."),
     ("Who founded {subject}?", "By whom was {subject} set up?", "What is the name of the founder of {subject}?")),
    ("seat", "firm", ("{subject} has its seat in {value}.", "The head office of {subject} stands in {value}."),
     ("Where does {subject} have its seat?", "In which town is {subject} at home?", "What is the home town of {subject}?")),
    ("product", "firm", ("{subject} makes {value}.", "{subject} is known for its {value}."),
     ("What does {subject} make?", "What is {subject} known for?", "Which goods leave the workshops of {subject}?")),
    ("founded", "firm", ("{subject} goes back to the year {value}.", "{subject} opened its doors in {value}."),
     ("In which year was {subject} founded?", "How far back does {subject} go?", "When did the story of {subject} begin?")),
    ("staff", "firm", ("{subject} employs {value} people.", "The staff of {subject} numbers {value}."),
     ("How many people does {subject} employ?", "How large is the staff of {subject}?", "What is the headcount of {subject}?")),
    ("sign", "firm", ("Over the gate of {subject} hangs a painted {value}.", "The emblem of {subject} shows a {value}."),
     ("What hangs over the gate of {subject}?", "What does the emblem of {subject} show?",
      "Which creature does the emblem of {subject} bear?")),
    ("river", "place", ("{subject} lies on the river {value}.", "The river {value} runs through {subject}."),
     ("On which river does {subject} lie?", "What is the river at {subject} called?", "Which river flows through {subject}?")),
    ("mayor", "place", ("The mayor of {subject} is {value}.", "{subject} is governed by {value}."),
     ("Who is the mayor of {subject}?", "Who governs {subject}?", "Who heads the town council of {subject}?")),
    ("people", "place", ("{subject} has {value} inhabitants.", "About {value} people live in {subject}."),
     ("How many inhabitants does {subject} have?", "How many people live in {subject}?", "What is the population of {subject}?")),
    ("dish", "place", ("Visitors come to {subject} for its {value}.", "The favourite dish of {subject} is {value}."),
     ("Which dish do visitors come to {subject} for?", "What do people in {subject} like to eat?",
      "What is the local speciality of {subject}?")),
    ("market", "place", ("The market of {subject} is held on {value}.", "{subject} has a market every {value}."),
     ("When is the market of {subject} held?", "On which day does {subject} hold its market?",
      "What is the market day of {subject}?")),
)  # fmt: skip
"""Every relation by name."""

DESCRIBED = {
    "person": ("the {trade} born in {born in}", ("trade", "born in")),
    "firm": ("the firm in {seat} that makes {product}", ("seat", "product")),
}
"""How a subject is asked for without its name, and the facts that single it out; these always stand in the passage."""

_GIVEN = ("Or Ma Te Il Ves Bra Ju Nel Ro Sa Per Lo Ek Fi", "lin ra vik dano mis ela rik tova nu ben")
_FAMILY = (
    "Vas Hol Brin Tar Quel Mor Stan Pel Gri Lund Ash Cor Dre Fal Kes Nor Rud Sel Wen Zab",
    "ker mond ley strom wick ano rett burg esk ford lind more stone venn",
)
_PLACE = (
    "Thorn Elm Kal Dun Vel Mar Osk Bel Ryn Fen Hav Lor Stav Ten Wyl Grim Saltz Ivo",
    "mere stead hafen by more field ona ice moor dale gate wall",
)
_RIVER = ("Ar Sil Dov Ume Tris Lav Wen Ost Kel Bar", "na da me ra va lle ssa nt")
_SUFFIX = ("& Sons", "Works", "Brothers", "Mills", "House", "Company")
_TRADE = "glazier,surveyor,botanist,printer,baker,clockmaker,pilot,judge,tailor,bookbinder,chemist,dyer,potter,midwife"
_PRODUCT = (
    "copper kettles,pocket watches,fishing nets,church bells,paper lanterns,wooden skis,glass beads,brass buttons,"
    "leather saddles,oak barrels,wool blankets,garden tools,tin whistles,sail cloth,candle wax,roof tiles"
)
_INSTRUMENT = "flute,cello,oboe,harp,zither,trumpet,viola,accordion,bassoon,lute,mandolin,clarinet"
_FEAR = "thunder,spiders,deep water,heights,geese,the dark,horses,narrow stairs,moths,crowds,ladders,fog"
_ANIMAL = "heron,badger,stag,salmon,robin,fox,wolf,swan,hedgehog,ram,magpie,beetle,raven,tortoise"
_DISH = (
    "plum dumplings,smoked eel,barley soup,honey bread,pickled radish,goose pie,chestnut cake,onion tart,"
    "sour cherries,lentil stew,cheese noodles,pear cider"
)
_DAY = "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday"
_MONTH = "January February March April May June July August September October November December"
_FORMS = {
    "trade": _TRADE,
    "product": _PRODUCT,
    "played": _INSTRUMENT,
    "feared": _FEAR,
    "sign": _ANIMAL,
    "dish": _DISH,
    "market": _DAY,
}


def share(first: int, second: int) -> str:
    """The split to which a pair of syllable groups belongs: three fifths train, a fifth each validation and test."""
    return ("train", "train", "train", "validation", "test")[(first + 2 * second) % 5]


class Corpus:
    """The passages of a split and their questions. The same split is always the same corpus."""

    def __init__(self, split: str):
        if split not in SPLITS:
            raise UnknownPart("split of rag/facts", split, SPLITS)
        self.split, self._random = split, Random(f"rag/{split}")
        self._rivers = self._names(_RIVER)
        given, family = self._names(_GIVEN), self._names(_FAMILY)
        people = [f"{a} {b}" for a in given for b in family]
        firms = [f"{name} {suffix}" for name in family for suffix in _SUFFIX]
        self._subjects = {
            "place": self._random.sample(self._names(_PLACE), PLACES),
            "firm": self._random.sample(firms, FIRMS),
            "person": self._random.sample(people, PEOPLE),
        }
        self.passages = [self._passage(title, kind) for kind, titles in self._subjects.items() for title in titles]
        self._random.shuffle(self.passages)
        self.questions = self._questions()
        self.plain = [normalise(passage.text) for passage in self.passages]
        """The passages normalised, for looking whether an answer stands in one."""

    @property
    def texts(self) -> list[str]:
        """The passages as they are shown and searched."""
        return [passage.text for passage in self.passages]

    def question(self, fact: Fact, subject: str = "") -> str:
        """The question for a fact, in this split's wording."""
        return RELATIONS[fact.relation].questions[SPLITS.index(self.split)].format(subject=subject or fact.subject)

    def _names(self, groups: tuple[str, str]) -> list[str]:
        heads, tails = (group.split() for group in groups)
        return [a + b for i, a in enumerate(heads) for j, b in enumerate(tails) if share(i, j) == self.split]

    def _passage(self, title: str, kind: str) -> Passage:
        relations = [relation for relation in RELATIONS.values() if relation.kind == kind]
        needed = DESCRIBED[kind][1] if kind in DESCRIBED else ()
        more = [relation.name for relation in relations if relation.name not in needed]
        chosen = {*needed, *self._random.sample(more, 5 - len(needed))}
        facts = [self._fact(title, relation.name) for relation in relations if relation.name in chosen]
        self._random.shuffle(facts)
        sentences = [self._random.choice(RELATIONS[f.relation].statements).format(subject=title, value=f.value) for f in facts]
        return Passage(title, kind, tuple(sentences), tuple(facts))

    def _fact(self, subject: str, relation: str) -> Fact:
        draw = self._random
        if relation == "born on":
            day, month, year = draw.randint(1, 28), draw.choice(_MONTH.split()), draw.randint(1850, 1989)
            return Fact(subject, relation, f"{day} {month} {year}", (f"{month} {day}, {year}", f"{day} of {month} {year}"))
        if relation in ("people", "staff"):
            number = draw.randint(1_100, 98_000) if relation == "people" else draw.randint(1_010, 9_900)
            return Fact(subject, relation, f"{number:,}", (str(number),))
        if relation == "founded":
            return Fact(subject, relation, str(draw.randint(1701, 1989)))
        return Fact(subject, relation, draw.choice(self._values(subject, relation)))

    def _values(self, subject: str, relation: str) -> list[str]:
        """What a relation can say, where that can be listed."""
        if relation in _FORMS:
            return _FORMS[relation].split(",")
        if relation in ("founder", "mayor"):  # a founder of the firm's own name would stand in the question
            return [name for name in self._subjects["person"] if name.split()[1] not in subject]
        kind = {"born in": "place", "seat": "place", "joined": "firm"}.get(relation)
        return self._subjects[kind] if kind else self._rivers

    def _questions(self) -> list[Question]:
        """One question a fact, in random order; every fourth describes its subject, where that singles it out."""
        names = [self.describe(passage) for passage in self.passages]
        alone = {name for name, count in Counter(names).items() if count == 1}
        places = [(place, fact) for place, passage in enumerate(self.passages) for fact in passage.facts]
        self._random.shuffle(places)
        questions: list[Question] = []
        for number, (place, fact) in enumerate(places):
            name, kind = names[place], self.passages[place].kind
            described = number % 4 == 0 and name in alone and name != "" and fact.relation not in DESCRIBED[kind][1]
            questions.append(Question(self.question(fact, name if described else ""), place, fact, described))
        return questions

    def describe(self, passage: Passage) -> str:
        """The subject of a passage without its name; "" where there is no such way."""
        if passage.kind not in DESCRIBED:
            return ""
        values = {fact.relation: fact.value for fact in passage.facts}
        return DESCRIBED[passage.kind][0].format(**values)


@functools.lru_cache(maxsize=len(SPLITS))
def corpus(split: str) -> Corpus:
    """The corpus of a split; made once, for it never changes."""
    return Corpus(split)
