"""111: the corpus injects what it says where it says, and the claim is a claim. Rules are tried on development agents here."""

import ast

from dutiful.claims.agentable.baselines import Hit, grep
from dutiful.claims.agentable.claim import hits, within
from dutiful.claims.agentable.corpus import agents, programs
from dutiful.claims.measuring import RESULTS
from dutiful.kit.agentlint import DEFECTS, check
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("agentable", RESULTS)


def test_every_agent_has_a_mutant_and_a_harmless_edit_of_each_defect():
    names = {split: {agent.name for agent in agents(split)} for split in ("dev", "heldout")}
    assert not names["dev"] & names["heldout"]
    for split in names:  # noqa: PLC0206
        made = list(programs(split))
        assert len(names[split]) == 12 and len(made) == 12 * (1 + 2 * len(DEFECTS))
        for program in made:
            for path, text in program.sources.items():
                if path.endswith(".py"):
                    ast.parse(text)
            if program.edit:
                assert 1 <= program.line <= len(program.sources[program.file].splitlines()), program.name
        clean = {p.agent: p.sources for p in made if p.name.endswith("/clean")}
        assert all(p.sources != clean[p.agent] for p in made if p.edit)


def test_on_development_agents_the_lines_are_the_injected_ones():
    made = [p for p in programs("dev") if p.agent in ("weather", "notes", "gardener")]
    for program in made:
        report = check(program.sources)
        shown = [Hit(f.defect, f.file, f.line) for f in report.findings]
        seconds = [(f.defect, f.also) for f in report.findings]
        if program.defect:
            line = Hit(program.defect, program.file, program.line)
            assert line in shown or (program.defect, f"{program.file}:{program.line}") in seconds, program.name
        else:
            assert not shown, program.name


def test_patterns_find_some_and_flag_clean_ones():
    made = list(programs("dev"))
    found = [hits(p, grep(p.sources)) for p in made if p.defect]
    false = [hit for p in made for hit in grep(p.sources) if not within(p, hit)]
    assert sum(found) > len(found) / 3 and false
