"""Judges: one file a method or protocol."""

from dutiful.judges.asked import Asked
from dutiful.judges.cascade import Cascade
from dutiful.judges.codi import CodiJudge
from dutiful.judges.correctness import Correctness
from dutiful.judges.entangled import EntangledReport
from dutiful.judges.faithfulness import Faithfulness
from dutiful.judges.followrag import FollowRag
from dutiful.judges.injection import Robustness
from dutiful.judges.muldimif import MulDimIF
from dutiful.judges.outcome import Outcome
from dutiful.judges.pif import Pif
from dutiful.judges.pipa import Pipa
from dutiful.judges.resq import ResQ
from dutiful.judges.robustness import WordingRobustness
from dutiful.judges.rules import Rules
from dutiful.judges.sliced import Sliced
from dutiful.judges.structured import Structured
from dutiful.judges.taskeval import TaskEval
from dutiful.judges.tooleval import ToolEval
from dutiful.judges.user import User
from dutiful.judges.verbalizer import Verbalizers

__all__ = [
    "Asked",
    "Cascade",
    "CodiJudge",
    "Correctness",
    "EntangledReport",
    "Faithfulness",
    "FollowRag",
    "MulDimIF",
    "Outcome",
    "Pif",
    "Pipa",
    "ResQ",
    "Robustness",
    "Rules",
    "Sliced",
    "Structured",
    "TaskEval",
    "ToolEval",
    "User",
    "Verbalizers",
    "WordingRobustness",
]
