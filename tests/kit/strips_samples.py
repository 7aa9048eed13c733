"""Two classic domains that the tests of the STRIPS engine play with."""

from dutiful.kit.strips import Phrases, ground, parse_domain, parse_problem

BLOCKS = """
(define (domain blocks)                    ; a comment (with parentheses
  (:requirements :strips :typing)
  (:types block)
  (:predicates (on ?x - block ?y - block) (table ?x - block) (clear ?x - block) (held ?x - block) (free))
  (:action lift :parameters (?x - block)
    :precondition (and (clear ?x) (table ?x) (free))
    :effect (and (held ?x) (not (table ?x)) (not (clear ?x)) (not (free))))
  (:action lower :parameters (?x - block)
    :precondition (held ?x)
    :effect (and (table ?x) (clear ?x) (free) (not (held ?x))))
  (:action stack :parameters (?x ?y - block)
    :precondition (and (held ?x) (clear ?y))
    :effect (and (on ?x ?y) (clear ?x) (free) (not (held ?x)) (not (clear ?y))))
  (:action unstack :parameters (?x ?y - block)
    :precondition (and (on ?x ?y) (clear ?x) (free))
    :effect (and (held ?x) (clear ?y) (not (on ?x ?y)) (not (clear ?x)) (not (free)))))
"""
SUSSMAN = """
(define (problem sussman) (:domain blocks) (:objects a b c - block)
  (:init (table a) (table b) (on c a) (clear b) (clear c) (free))
  (:goal (and (on a b) (on b c))))
"""
BLOCK_PHRASES = Phrases(
    {"lift": "lift {0}", "lower": "put {0} down", "stack": "stack {0} on {1}", "unstack": "unstack {0} from {1}"},
    {"on": "{0} is on {1}", "clear": "{0} is clear"},
    {"clear": "something is on {0}"},
)
GRIPPER = """
(define (domain gripper)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types thing room hand - object ball - thing)
  (:constants left right - hand)
  (:predicates (here ?r - room) (at ?b - ball ?r - room) (full ?h - hand) (carry ?b - ball ?h - hand))
  (:action move :parameters (?a ?b - room) :precondition (and (here ?a) (not (= ?a ?b))) :effect (and (here ?b) (not (here ?a))))
  (:action grab :parameters (?r - room ?b - ball ?h - hand)
    :precondition (and (here ?r) (at ?b ?r) (not (full ?h))) :effect (and (carry ?b ?h) (full ?h) (not (at ?b ?r))))
  (:action drop :parameters (?r - room ?b - ball ?h - hand)
    :precondition (and (here ?r) (carry ?b ?h)) :effect (and (at ?b ?r) (not (carry ?b ?h)) (not (full ?h)))))
"""
GRIPPER_PROBLEM = """
(define (problem four) (:domain gripper) (:objects one two three four - ball here-room there-room - room)
  (:init (here here-room) (at one here-room) (at two here-room) (at three here-room) (at four here-room))
  (:goal (and (at one there-room) (at two there-room) (at three there-room) (at four there-room))))
"""


def blocks(problem=SUSSMAN):
    domain = parse_domain(BLOCKS)
    return ground(domain, parse_problem(problem, domain))


def gripper():
    domain = parse_domain(GRIPPER)
    return ground(domain, parse_problem(GRIPPER_PROBLEM, domain))


GRIPPER_PHRASES = Phrases(
    {"move": "go from {0} to {1}", "grab": "in {0}, take {1} with {2}", "drop": "drop {1} in {0}, from {2}"}
)
