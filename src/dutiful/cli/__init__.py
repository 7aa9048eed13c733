"""The command line: thin, each command a few calls into the library.

Exit codes: 0 it went well (with `run`: the instruction was followed); 1 it was not followed; 2 something in the command
is wrong, and the message says what to type next; 3 episodes ended in error; 130 interrupted, to be resumed.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from dutiful.cli.attacking import attack
from dutiful.cli.check import check
from dutiful.cli.claiming import claims, judge
from dutiful.cli.fit import fit
from dutiful.cli.lint import lint_agent
from dutiful.cli.mcp import mcp
from dutiful.cli.parts import models, parts, worlds
from dutiful.cli.reading import compare, show
from dutiful.cli.running import demo, evaluate, run
from dutiful.cli.sandbox import sandbox
from dutiful.cli.shared import FAILED
from dutiful.core.errors import DutifulError, EpisodeEvent


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of use, not of the alphabet

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            sys.exit(130)
        except (DutifulError, ValueError) as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(FAILED if isinstance(error, EpisodeEvent) else 2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="dutiful")
def main() -> None:
    """A laboratory for agents that follow natural-language instructions.

    \b
    Examples:
      dutiful demo
      dutiful run text/home "put the red mug on the table" --model "embedded?adapter=home"
      dutiful eval text/home --agent act --agent random --model embedded --tasks 20 --seeds 5
      dutiful compare
    """


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Prints the shell's completion script.

    \b
    Example:
      dutiful completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "dutiful", "_DUTIFUL_COMPLETE").source())


for command in (
    demo,
    run,
    evaluate,
    compare,
    judge,
    attack,
    show,
    worlds,
    models,
    parts,
    fit,
    claims,
    check,
    lint_agent,
    sandbox,
    mcp,
    completion,
):
    main.add_command(command)
