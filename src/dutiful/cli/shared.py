"""What the commands share: options, exit codes, completion of part names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

NOT_FOLLOWED, WRONG_COMMAND, FAILED = 1, 2, 3
STORE = "dutiful.db"


def names(*kinds: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Shell completion over the names of parts."""

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        from dutiful.core.parts import registry

        found = (
            f"{name}/{variant}" if variant else name
            for kind in kinds
            for name, part in registry(kind).items()
            for variant in ("", *part.card.variants)
        )
        return [name for name in found if name.startswith(incomplete)]

    return complete


def in_store(store: str) -> str:
    """The option that a next command needs, when the store is not the usual one."""
    return "" if store == STORE else f" --store {store}"


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--steps --tokens --calls --seconds --cost, handed over as `limits`."""
    for flag, kind, text in (
        ("--cost", float, "US dollars an episode may cost"),
        ("--seconds", float, "seconds an episode may take"),
        ("--calls", int, "questions to the model an episode may ask"),
        ("--tokens", int, "tokens an episode may read anew and write"),
        ("--steps", int, "actions an episode may take [default: 100]"),
    ):
        command = click.option(flag, type=kind, help=text)(command)
    return command


def limits_of(given: dict[str, Any]) -> Any:
    """Takes the limit options out of a command's arguments."""
    from dutiful.core.limits import Limits

    found = {name: given.pop(name) for name in ("steps", "tokens", "calls", "seconds", "cost")}
    return Limits(
        **{name: value for name, value in found.items() if value is not None} | ({} if found["steps"] else {"steps": 100})
    )


agent_option = click.option(
    "--agent",
    "-a",
    default="act",
    show_default=True,
    shell_complete=names("agent"),
    help="an agent with its slots: act+window?k=3",
)
model_option = click.option("--model", "-m", shell_complete=names("model"), help="a model: embedded, openai/NAME?base_url=...")
store_option = click.option(
    "--store", default=STORE, show_default=True, type=click.Path(), help="the file that keeps the episodes"
)
