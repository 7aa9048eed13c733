"""Claims: one file a system; `results/` holds what was measured."""

from dutiful.claims.agentable import AgentableClaim
from dutiful.claims.codeact import CodeActClaim
from dutiful.claims.codi import CodiClaim
from dutiful.claims.decrim import DecrimClaim
from dutiful.claims.followrag import FollowRagClaim
from dutiful.claims.hiagent import HiAgentClaim
from dutiful.claims.injection import InjectionClaim
from dutiful.claims.instructqa import InstructQA
from dutiful.claims.ltl import LtlClaim
from dutiful.claims.mmmtif import StandingClaim
from dutiful.claims.muldimif import LevelsClaim
from dutiful.claims.multiturn import MultiTurn
from dutiful.claims.pipa import PipaClaim
from dutiful.claims.poact import PoActClaim
from dutiful.claims.rci import RciClaim
from dutiful.claims.resq import ResQClaim
from dutiful.claims.robustness import RobustToWording
from dutiful.claims.sciriff import SciRIFFClaim
from dutiful.claims.sliced import SlicedClaim
from dutiful.claims.taskbench import TaskBenchClaim
from dutiful.claims.tme import TmeClaim
from dutiful.claims.toolllm import ToolLLMClaim
from dutiful.claims.verbalizer import Verbalizing
from dutiful.claims.workflows import WorkflowsClaim

__all__ = [
    "AgentableClaim",
    "CodeActClaim",
    "CodiClaim",
    "DecrimClaim",
    "FollowRagClaim",
    "HiAgentClaim",
    "InjectionClaim",
    "InstructQA",
    "LevelsClaim",
    "LtlClaim",
    "MultiTurn",
    "PipaClaim",
    "PoActClaim",
    "RciClaim",
    "ResQClaim",
    "RobustToWording",
    "SciRIFFClaim",
    "SlicedClaim",
    "StandingClaim",
    "TaskBenchClaim",
    "TmeClaim",
    "ToolLLMClaim",
    "Verbalizing",
    "WorkflowsClaim",
]
