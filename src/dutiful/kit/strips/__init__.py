"""A STRIPS engine: PDDL in, states as bit masks, plans out, and words for both.

domain = parse_domain(text)
task = ground(domain, parse_problem(text, domain))
plan = search(task, task.init, task.goals)            # action numbers, or None
task.apply(task.init, plan[0]), task.applicable(task.init)
Words(task, phrases).say(plan[0])                      # "put red mug in cabinet"
"""

from dutiful.kit.strips.domain import Atom, Domain, Literals, Problem, Schema
from dutiful.kit.strips.ground import Goal, GroundAction, GroundTask, ground
from dutiful.kit.strips.pddl import PddlError, parse_domain, parse_problem
from dutiful.kit.strips.search import SearchLimit, search, validate
from dutiful.kit.strips.words import Phrases, Words, normal

__all__ = [
    "Atom",
    "Domain",
    "Goal",
    "GroundAction",
    "GroundTask",
    "Literals",
    "PddlError",
    "Phrases",
    "Problem",
    "Schema",
    "SearchLimit",
    "Words",
    "ground",
    "normal",
    "parse_domain",
    "parse_problem",
    "search",
    "validate",
]
