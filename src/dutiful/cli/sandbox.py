"""`dutiful sandbox`: is the box that foreign code runs in tight on this machine?"""

from __future__ import annotations

import sys

import click

from dutiful.cli.shared import NOT_FOLLOWED


@click.command()
@click.option("--using", type=click.Choice(["bwrap", "nsjail"]), help="the backend [default: the one in use]")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def sandbox(using: str | None, as_json: bool) -> None:
    """Attacks the box that an agent's programs run in, and shows what is stopped.

    Some seventy hostile programs try to read and write the host, to reach the network, to gain rights, to outlive the box and to
    use up memory, disk, processes and output. Takes about ten seconds. Exit code: 0 all is stopped that should be,
    1 something is open, 2 no box can be built here.

    \b
    Examples:
      dutiful sandbox
      dutiful sandbox --using nsjail --json
    """
    from dutiful.kit.box import backend, hostile, proof

    name = backend(using or "")
    results = proof.prove(name)
    counts = {came: sum(result.came == came for result in results) for came in ("stopped", "by design", "OPEN", "not tried")}
    if as_json:
        import msgspec

        report = {"backend": name, "walls": proof.walls(name), "counts": counts, "attacks": [one._asdict() for one in results]}
        click.echo(msgspec.json.encode({**report, "stays_open": hostile.STAYS_OPEN}).decode())
    else:
        from tabulate import tabulate

        click.echo("\n".join(proof.walls(name)) + "\n")
        click.echo(tabulate(results, headers=("attack", "came of it", "how"), maxcolwidths=[None, None, 70]))
        click.echo("\n" + ", ".join(f"{count} {came}" for came, count in counts.items() if count))
        click.echo("\nWhat no such box stops:\n" + "\n".join(f"- {line}" for line in hostile.STAYS_OPEN))
    if counts["OPEN"] or counts["not tried"]:
        sys.exit(NOT_FOLLOWED)
