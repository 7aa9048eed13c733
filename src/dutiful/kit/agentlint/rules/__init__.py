"""One rule a defect: `check(project) -> findings`, over the subjects and the flow of a project's words."""

from dutiful.kit.agentlint.rules import adal, als, epdd, itei, lard, lpe, mnft, tre

RULES = {
    "ADAL": adal.check,
    "LARD": lard.check,
    "LPE": lpe.check,
    "MNFT": mnft.check,
    "ITEI": itei.check,
    "TRE": tre.check,
    "ALS": als.check,
    "EPDD": epdd.check,
}

__all__ = ["RULES"]
