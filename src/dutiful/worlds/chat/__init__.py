"""Chat: the user asks in words, and code checks every requirement of the answer. One file a family of dialogues."""

from dutiful.worlds.chat.codi import Codi
from dutiful.worlds.chat.edits import Edits
from dutiful.worlds.chat.entangled import Entangled
from dutiful.worlds.chat.exam import Exam
from dutiful.worlds.chat.rules import Rules
from dutiful.worlds.chat.standing import Standing
from dutiful.worlds.chat.verbalizer import Verbalizer
from dutiful.worlds.chat.wordings import InWords

__all__ = ["Codi", "Edits", "Entangled", "Exam", "InWords", "Rules", "Standing", "Verbalizer"]
