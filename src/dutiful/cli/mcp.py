"""mcp: a world as an MCP server."""

from __future__ import annotations

import click

from dutiful.cli.shared import limit_options, limits_of, names


@click.command()
@click.argument("world", shell_complete=names("world"))
@click.option("--split", default="test", show_default=True)
@click.option("--task", default=0, show_default=True, help="which task of the split")
@click.option("--episode", type=click.Path(), help="where the episode is written when the other side hangs up (JSON)")
@limit_options
def mcp(world: str, split: str, task: int, episode: str | None, **given: object) -> None:
    """Serves a task of a world over the Model Context Protocol, on standard input and output.

    The tools are the world's; the instruction stands in the server's instructions. When the other side hangs up, the verdict
    goes to standard error.

    \b
    Examples:
      dutiful mcp tools --task 3
      dutiful mcp text/home --episode what-it-did.json
    """
    from pathlib import Path

    import msgspec

    import dutiful
    from dutiful.core.episode import Recorder
    from dutiful.core.records import Episode
    from dutiful.kit.mcp import serve

    place = dutiful.world(world)
    try:
        wanted = place.tasks(split)[task]
        recorder = Recorder(wanted, limits=limits_of(given))
        recorder.reset(place)
        serve(place, recorder)
        verdict = place.verdict()
    finally:
        place.close()
    click.echo(f"{wanted.id}: {'followed' if verdict.passed else 'not followed'}, {len(recorder.steps)} steps", err=True)
    for each in verdict.criteria:
        click.echo(f"  {'+' if each.passed else '-'} {each.name}: {each.evidence}", err=True)
    if episode:
        final = recorder.observation if recorder.steps else None
        kept = Episode(wanted, "mcp", "", 0, tuple(recorder.steps), final, verdict, recorder.usage)
        Path(episode).write_bytes(msgspec.json.encode(kept))
