"""An episode as a person would read it; also step by step, while it is going on."""

from __future__ import annotations

import math
from collections.abc import Callable

from dutiful.core.records import Episode, Failure, Step, Task, Usage, Verdict
from dutiful.lab.progress import short

WIDTH = 100
"""Characters of a line of an observation that are shown; the store has all of them."""


def render(episode: Episode, colour: bool = False, width: int = WIDTH) -> str:
    """The whole episode: what was asked, each step, and the verdict with its evidence, or the error."""
    lines = [render_header(episode.task, episode.agent, episode.model, episode.seed, colour)]
    lines += [render_step(i, step, colour, width) for i, step in enumerate(episode.steps, 1)]
    if episode.final is not None and episode.verdict is not None:
        refused = episode.final.info.get("refused")
        lines += [f"     {_shown(episode.final.text, width)}"]
        lines += [_style(colour)(f"     refused: {refused}", "yellow")] if refused else []
    lines.append(render_verdict(episode.verdict, episode.error, episode.ended, colour))
    lines.append(f"     {len(episode.steps)} steps, {_spent(episode.usage, episode.seconds)}")
    return "\n".join(lines)


def render_header(task: Task, agent: str, model: str = "", seed: int = 0, colour: bool = False) -> str:
    """What is asked, of whom, where."""
    style = _style(colour)
    who = f"{agent} with {model}" if model else agent
    lines = [style(f'"{task.instruction.text}"', "bold"), f"{task.world}, task {task.id} ({task.split}); {who}; seed {seed}"]
    if task.instruction.images:
        lines.append(f"with {len(task.instruction.images)} pictures")
    return "\n".join(lines) + "\n"


def render_step(i: int, step: Step, colour: bool = False, width: int = WIDTH) -> str:
    """One step: where it is, what it could do, what it thought and chose, what that took. `i` counts from 1."""
    style = _style(colour)
    observation, action = step.observation, step.action
    lines = [f"{i:3}. {_shown(observation.text or observation.said, width)}"]
    if observation.text and observation.said:
        lines.append(style(f"     user: {_shown(observation.said, width)}", "bold"))
    if refused := observation.info.get("refused"):
        lines.append(style(f"     refused: {refused}", "yellow"))
    if observation.image is not None:
        lines.append(f"     picture {'x'.join(map(str, observation.image.shape))}")
    if action.thought:
        lines.append(style(f"     thinks: {_shown(action.thought, width)}", "cyan"))
    chosen = action.text or f"{action.tool}({action.arguments})"
    lines.append("  -> " + style(chosen, "bold") + f"   {_how(step)}".rstrip())
    if step.format_failures:
        lines.append(style(f"     words that were no action: {step.format_failures}", "yellow"))
    if step.calls:
        lines.append(style(f"     {_spent(step.usage, step.seconds)}", "dim"))
    return "\n".join(lines)


def render_verdict(verdict: Verdict | None, error: Failure | None = None, ended: str = "done", colour: bool = False) -> str:
    """The verdict with the evidence of every criterion, or the error that left none."""
    style = _style(colour)
    if verdict is None:
        kind, message = (error.kind, error.message) if error else ("", "no verdict")
        return style(f"ERROR {kind}: {message}", "magenta")
    end = {"done": "", "limit:steps": ", out of steps"}.get(ended, f", {ended.replace(':', ' of ')} reached")
    head = f"{'PASSED' if verdict.passed else 'FAILED'}  score {verdict.score:.2f}{end}"
    lines = [style(head, "green" if verdict.passed else "red")]
    lines += [f"     {'yes' if c.passed else 'no ':3} {c.name}: {c.evidence}" for c in verdict.criteria]
    return "\n".join(lines)


def _how(step: Step) -> str:
    """Of how many actions this one was chosen, and with which probability where the scores tell."""
    known = len(step.observation.choices)
    notes = [f"one of {known}"] if known else []
    call = step.calls[-1] if step.calls else None
    if call and call.scores and call.verb == "choose" and len(call.scores) == known and call.text in step.observation.choices:
        top = max(call.scores)
        weights = [math.exp(score - top) for score in call.scores]
        chance = weights[step.observation.choices.index(call.text)] / sum(weights)
        notes.append(f"p = {chance:.2f}")
    return f"({', '.join(notes)})" if notes else ""


def _spent(usage: Usage, seconds: float) -> str:
    parts = [f"{seconds:.2f} s"]
    if usage.calls:
        read = usage.prompt_tokens - usage.cached_tokens
        parts.append(f"tokens {short(read)} read, {short(usage.cached_tokens)} reused, {short(usage.completion_tokens)} written")
    if usage.cost:
        parts.append(f"${usage.cost:.4f}")
    return ", ".join(parts)


def _shown(text: str, width: int) -> str:
    """Lines cut to the width, the later ones indented under the first."""
    lines = [line if len(line) <= width else line[: width - 3] + "..." for line in text.strip().splitlines()]
    return "\n     ".join(lines) or "(nothing to read)"


def _style(colour: bool) -> Callable[[str, str], str]:
    def plain(text: str, kind: str) -> str:
        return text

    def styled(text: str, kind: str) -> str:
        import click

        return click.style(text, fg=kind if kind not in ("bold", "dim") else None, bold=kind == "bold", dim=kind == "dim")

    return styled if colour else plain
