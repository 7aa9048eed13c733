"""compare, show: what came out."""

from __future__ import annotations

import click

from dutiful.cli.shared import store_option


@click.command()
@click.argument("runs", nargs=-1)
@store_option
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def compare(runs: tuple[str, ...], store: str, as_json: bool) -> None:
    """Sets agents side by side, paired by task: interval, McNemar, correction for several looks, power.

    Without arguments the last run. A winner is named only when the interval does not cross zero.

    \b
    Examples:
      dutiful compare
      dutiful compare plain taught --store dutiful.db
    """
    from dutiful import lab

    with lab.Store(store, create=False) as kept:
        comparison = lab.compare_runs(kept, runs)
    click.echo(comparison.to_json() if as_json else str(comparison))


@click.command()
@click.argument("what", required=False)
@store_option
@click.option("--prompts", is_flag=True, help="also the words that went to the model, each with its source")
def show(what: str | None, store: str, prompts: bool) -> None:
    """Prints an episode as a person would read it; without a number, the runs; with a run's name, its episodes.

    \b
    Examples:
      dutiful show
      dutiful show my-run
      dutiful show 17
    """
    from dutiful import lab

    with lab.Store(store, create=False) as kept:
        if what is None:
            click.echo(lab.list_runs(kept))
        elif what.isdigit():
            click.echo(lab.render(kept.episode(int(what)), prompts=prompts))
        else:
            click.echo(lab.list_episodes(kept, what))
