"""The command `efterklang`: one file a command group, loaded when it is asked for."""

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import click

from appliance.errors import EfterklangError
from appliance.settings import Settings, StorageSettings
from appliance.settings_file import find, load

_COMMANDS: Final = {
    "run": "run:run",
    "practice": "practice:practice",
    "dial": "dial:dial",
    "check": "check:check",
    "contacts": "contacts:contacts",
    "draw": "draw:draw",
    "opt-outs": "opt_outs:opt_outs",
    "dialer": "dialer:dialer",
    "questionnaires": "questionnaires:questionnaires",
    "comments": "comments:comments",
    "transcribe": "transcribe:transcribe",
    "classify": "classify:classify",
    "models": "models:models",
    "prompts": "prompts:prompts",
    "report": "report:report",
    "user": "user:user",
    "web": "web:web",
    "line": "workers:line",
    "intake": "intake:intake",
    "analyst": "workers:analyst",
    "nightly": "workers:nightly",
    "citizens": "workers:citizens",
}
_PRACTICE_STORAGE: Final = Path("var")


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(f"appliance.cli.{module}"), name)
        return command if isinstance(command, click.Command) else None


@dataclass(frozen=True)
class Invocation:
    """How we were called, to call ourselves alike."""

    config: Path | None
    storage: Path | None

    def options(self) -> list[str]:
        options = [] if self.config is None else ["--config", str(self.config)]
        return options if self.storage is None else [*options, "--storage", str(self.storage)]


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file (TOML).")
@click.option("--storage", type=click.Path(path_type=Path), help="Storage directory, instead of the configuration's.")
@click.version_option(package_name="efterklang", message="%(version)s")
@click.pass_context
def root(ctx: click.Context, config: Path | None, storage: Path | None) -> None:
    """Call-back surveys on the municipality's own premises.

    Without a configuration it is the practice municipality, with its data in ./var.
    """
    ctx.meta["efterklang.invocation"] = Invocation(config, storage)
    ctx.obj = _settings(config, storage)


def _settings(config: Path | None, storage: Path | None) -> Settings:
    path = find(config)
    settings = load(path) if path else Settings(storage=StorageSettings(directory=_PRACTICE_STORAGE))
    if storage is None:
        return settings
    return settings.model_copy(update={"storage": settings.storage.model_copy(update={"directory": storage})})


def invocation() -> Invocation:
    """How the running command was called."""
    found = click.get_current_context().meta["efterklang.invocation"]
    assert isinstance(found, Invocation)
    return found


def main() -> None:
    """Run the command line; an expected error is one line on stderr and its exit code."""
    try:
        sys.exit(root(prog_name="efterklang", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        see = f" (see {error.ctx.command_path} --help)" if isinstance(error, click.UsageError) and error.ctx else ""
        _end(error.format_message() + see, error.exit_code)
    except click.Abort:
        _end("stopped", 1)
    except EfterklangError as error:
        _end(str(error), error.exit_code)


def _end(message: str, exit_code: int) -> NoReturn:
    print("efterklang:", *message.split(), file=sys.stderr)  # noqa: T201 -- stderr is where it belongs
    sys.exit(exit_code)
