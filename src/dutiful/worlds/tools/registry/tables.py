"""The records of the register: six linked tables, made anew from a random number generator; splits share no name in them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from dutiful.worlds.tools.language import Row, Tables
from dutiful.worlds.tools.values import CITIES, SPLITS, names, part, words

FIRST = words("Amber Birch Cobalt Delta Ember Falcon Granite Harbour Indigo Juniper Kestrel Lantern Maple Northern Opal")
SECOND = words("Bridge Canal Forge Gate Hill Key Mill Oak Point Quay Ridge Star Tower Vale Wharf")
FORMS = ("limited company", "stock company", "partnership", "cooperative")
INDUSTRIES = ("shipping", "textiles", "printing", "timber", "software", "glass")
COURTS = ("District Court", "Regional Court", "Commercial Court")
PROFESSIONS = ("notary", "engineer", "surveyor", "baker", "teacher", "pilot", "chemist")
SUBJECTS = ("unpaid rent", "late delivery", "a patent", "a trade mark", "a broken lease", "a faulty machine")
OUTCOMES = ("granted", "dismissed", "settled", "withdrawn")
FIRMS = ("Ash & Partners", "Bell & Co", "Crane Law", "Dove Chambers", "Elm Advocates", "Finch & Sons")
COMPANIES, PEOPLE, CASES, LAWYERS, FILINGS = 30, 60, 90, 30, 140


def build(random: Random, split: str) -> Tables:
    """The tables of a split."""
    cities = part(CITIES, split)
    firms = part([f"{a} {b}" for a in FIRST for b in SECOND], split)
    companies = random.sample(firms, COMPANIES)
    named = random.sample(names(split), PEOPLE + LAWYERS)
    people, lawyers = named[:PEOPLE], named[PEOPLE:]
    courts = [f"{city} {kind}" for city in cities[:5] for kind in COURTS]
    numbers = _numbers(random, split)
    cases = [f"K-{next(numbers)}" for _ in range(CASES)]
    filings = [f"F-{next(numbers)}" for _ in range(FILINGS)]

    def other(values: Sequence[str], than: str) -> str:
        return random.choice([value for value in values if value != than])

    def day(low: int, high: int) -> str:
        return f"{random.randint(low, high)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"

    def phone() -> str:
        return f"+00 {next(numbers)}"

    roles = {role: random.sample(people, COMPANIES) for role in ("director", "owner", "secretary", "founder")}
    made: dict[str, list[Row]] = {
        "companies": [
            {
                "company_name": name,
                "registration_number": f"R-{next(numbers)}",
                "tax_number": f"T-{next(numbers)}",
                "form": random.choice(FORMS),
                "industry": random.choice(INDUSTRIES),
                "seat": random.choice(cities),
                "origin": random.choice(cities),
                "capital": random.randint(20, 9000) * 1000,
                "turnover": random.randint(20, 9000) * 1000,
                "founded": random.randint(1900, 1990),
                "entered": random.randint(1991, 2020),
                "phone": phone(),
                **{role: holders[place] for role, holders in roles.items()},
                "parent": other(companies[: COMPANIES // 3], name),
                "auditor": other(companies, name),
                "house": random.choice(lawyers),
                "trial": random.choice(lawyers),
            }
            for place, name in enumerate(companies)
        ],
        "people": [
            {
                "person_name": name,
                "born": random.randint(1930, 2000),
                "birthplace": random.choice(cities),
                "home": random.choice(cities),
                "phone": phone(),
                "profession": random.choice(PROFESSIONS),
                "spouse": other(people, name),
                "heir": other(people, name),
                "employer": random.choice(companies),
                "former": random.choice(companies),
                "lawyer": random.choice(lawyers),
            }
            for name in people
        ],
        "cases": [
            {
                "case_number": name,
                **dict(zip(("plaintiff", "defendant", "intervener"), random.sample(companies, 3), strict=True)),
                **dict(zip(("judge", "clerk", "expert"), random.sample(people, 3), strict=True)),
                **dict(zip(("trial_court", "appeal_court"), random.sample(courts, 2), strict=True)),
                **dict(zip(("plaintiff_lawyer", "defendant_lawyer"), random.sample(lawyers, 2), strict=True)),
                "filed": day(1995, 2010),
                "decided": day(2011, 2020),
                "claimed": random.randint(10, 900) * 1000,
                "awarded": random.randint(10, 900) * 1000,
                "subject": random.choice(SUBJECTS),
                "outcome": random.choice(OUTCOMES),
            }
            for name in cases
        ],
        "courts": [
            {
                "court_name": name,
                **dict(zip(("president", "registrar"), random.sample(people, 2), strict=True)),
                "city": random.choice(cities),
                "phone": phone(),
                "founded": random.randint(1800, 1990),
                "superior": other(courts, name),
            }
            for name in courts
        ],
        "lawyers": [
            {
                "lawyer_name": name,
                "firm": random.choice(FIRMS),
                "admitted": random.randint(1970, 2015),
                "city": random.choice(cities),
                "phone": phone(),
                "mentor": other(lawyers, name),
                "bar_number": f"B-{next(numbers)}",
            }
            for name in lawyers
        ],
        "filings": [
            {
                "filing_number": name,
                "case": random.choice(cases),
                "author": random.choice(lawyers),
                "fee": random.randint(2, 400) * 5,
                "filed": day(1995, 2020),
            }
            for name in filings
        ],
    }
    return {table: {str(next(iter(row.values()))): row for row in rows} for table, rows in made.items()}


def _numbers(random: Random, split: str) -> Any:
    """Numbers of four and five figures, none twice; the remainder by three is the split's."""
    every = range(3000 + SPLITS.index(split), 60_000, 3)
    return iter(random.sample(every, 2000))
