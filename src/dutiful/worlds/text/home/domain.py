"""The household as a planning domain, and the words for its actions."""

from __future__ import annotations

import functools

from dutiful.kit.strips import Domain, Phrases, parse_domain

PDDL = """
(define (domain home)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types room place thing lamp)
  (:predicates
    (in ?r - room) (of ?p - place ?r - room) (stands ?l - lamp ?r - room)          ; where you, places and lamps are
    (door ?p - place) (open ?p - place) (receives ?p - place) (hollow ?p - place)  ; places without a door are open
    (washes ?p - place) (heats ?p - place) (cools ?p - place)
    (washable ?t - thing) (heatable ?t - thing) (coolable ?t - thing) (showable ?t - thing)
    (at ?t - thing ?p - place) (holding ?t - thing) (free)
    (clean ?t - thing) (hot ?t - thing) (cold ?t - thing)
    (lit ?l - lamp) (seen ?t - thing ?l - lamp))
  (:action take
    :parameters (?r - room ?p - place ?t - thing)
    :precondition (and (free) (in ?r) (of ?p ?r) (receives ?p) (open ?p) (at ?t ?p))
    :effect (and (holding ?t) (not (free)) (not (at ?t ?p))))
  (:action clean
    :parameters (?r - room ?p - place ?t - thing)
    :precondition (and (in ?r) (of ?p ?r) (washes ?p) (washable ?t) (holding ?t) (not (clean ?t)))
    :effect (clean ?t))
  (:action heat
    :parameters (?r - room ?p - place ?t - thing)
    :precondition (and (in ?r) (of ?p ?r) (heats ?p) (heatable ?t) (holding ?t) (not (hot ?t)))
    :effect (and (hot ?t) (not (cold ?t))))
  (:action cool
    :parameters (?r - room ?p - place ?t - thing)
    :precondition (and (in ?r) (of ?p ?r) (cools ?p) (coolable ?t) (holding ?t) (not (cold ?t)))
    :effect (and (cold ?t) (not (hot ?t))))
  (:action put-in
    :parameters (?r - room ?p - place ?t - thing)
    :precondition (and (in ?r) (of ?p ?r) (receives ?p) (hollow ?p) (open ?p) (holding ?t))
    :effect (and (at ?t ?p) (free) (not (holding ?t))))
  (:action put-on
    :parameters (?r - room ?p - place ?t - thing)
    :precondition (and (in ?r) (of ?p ?r) (receives ?p) (not (hollow ?p)) (open ?p) (holding ?t))
    :effect (and (at ?t ?p) (free) (not (holding ?t))))
  (:action light
    :parameters (?r - room ?l - lamp)
    :precondition (and (in ?r) (stands ?l ?r) (not (lit ?l)))
    :effect (lit ?l))
  (:action look
    :parameters (?r - room ?l - lamp ?t - thing)
    :precondition (and (in ?r) (stands ?l ?r) (lit ?l) (showable ?t) (holding ?t))
    :effect (seen ?t ?l))
  (:action open
    :parameters (?r - room ?p - place)
    :precondition (and (in ?r) (of ?p ?r) (door ?p) (not (open ?p)))
    :effect (open ?p))
  (:action close
    :parameters (?r - room ?p - place)
    :precondition (and (in ?r) (of ?p ?r) (door ?p) (open ?p))
    :effect (not (open ?p)))
  (:action go
    :parameters (?a - room ?b - room)
    :precondition (and (in ?a) (not (= ?a ?b)))
    :effect (and (in ?b) (not (in ?a)))))
"""

PHRASES = Phrases(
    actions={
        "take": "take {2}",
        "clean": "clean {2}",
        "heat": "heat {2}",
        "cool": "cool {2}",
        "put-in": "put {2} in {1}",
        "put-on": "put {2} on {1}",
        "light": "turn on {1}",
        "look": "look at {2}",
        "open": "open {1}",
        "close": "close {1}",
        "go": "go to {1}",
    }
)

ABLE = {"wash": "washable", "heat": "heatable", "cool": "coolable", "look": "showable"}
DOES = {"wash": "washes", "heat": "heats", "cool": "cools"}


@functools.cache
def domain() -> Domain:
    """The parsed domain, once a process."""
    return parse_domain(PDDL)
