"""Which words of a start-up file may be shown: any other may be a secret."""

from __future__ import annotations

from collections.abc import Iterable

from envdoctor.facts.shell.expansion import (
    unquoted,
)
from envdoctor.text.patterns import pattern

SHORT_OPTION = pattern(r"-[A-Za-z]?")


PATH = pattern(r"(?:[/~.]|\$\{?[A-Z_]+\}?/)[\w./~+-]{0,200}|\$\{?[A-Za-z_]+\}?|\$@|\"\$@\"")


# what is written behind the tools that set up a shell, and behind a Python or a pip in an alias
ARGUMENTS = frozenset(
    (
        *(
            "init",
            "virtualenv-init",
            "activate",
            "env",
            "shell",
            "shellenv",
            "hook",
            "completion",
            "completions",
            "generate",
        ),
        *("generate-shell-completion", "run", "exec", "bash", "zsh", "fish", "sh", "posix", "dash", "shell.bash"),
        *("shell.zsh", "shell.fish", "--path", "--no-rehash", "--no-push-path", "--shims", "--shell", "--quiet"),
        *(
            "python",
            "python2",
            "python3",
            "pip",
            "pip3",
            "uv",
            "ipython",
            "venv",
            "install",
            "tool",
            "base",
            "--active",
        ),
        *(
            "--system",
            "--user",
            "--upgrade",
            "--isolated",
            "--python",
            "3",
            "2",
            "&&",
            "|",
            ">/dev/null",
            "2>/dev/null",
        ),
    )
)


CONDITIONS = frozenset(
    (
        *("if", "case", "in", "[", "[[", "]", "]]", "!", "test", "not", "status", "=", "==", "!=", "=~", "-z", "-n"),
        *("$-", '"$-"', "${-}", "*i*", "*i*)", "*)", "-t", "0", "1", "&&", "||", "-o", "interactive", "is-interactive"),
        *(
            "--is-interactive",
            "-q",
            "-a",
            "and",
            "or",
            "(*i*)",
            "i",
            ";",
            "then",
            '"$PS1"',
            "$PS1",
            '"${PS1-}"',
            '"${PS1:-}"',
        ),
    )
)


INTERACTIVE = pattern(r"\$\{?-|\bPS1\b|-o interactive|is-interactive")


def is_harmless(word: str) -> bool:
    """Whether an argument is a word that is the same for everybody, a path or a variable: any other may be a secret."""
    plain = unquoted(word)
    return plain in ARGUMENTS or SHORT_OPTION.fullmatch(plain) is not None or PATH.fullmatch(plain) is not None


def are_harmless(words: Iterable[str]) -> bool:
    """Whether all of these words are."""
    return all(map(is_harmless, words))


def without_words(head: str) -> str:
    """A condition that asks whether the shell is interactive, without what else it may compare."""
    words = head.split()
    return " ".join(word if word in CONDITIONS or INTERACTIVE.fullmatch(word.strip("\"'")) else "…" for word in words)
