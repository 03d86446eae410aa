"""What may be chosen of a run that judges: which checks, what fails, and in which form."""

from __future__ import annotations

import msgspec

from envdoctor.engine.finding import Severity

FORMATS = ("text", "json", "github", "gitlab", "html", "junit", "markdown", "prometheus", "sarif")
PLACED = ("baseline", "github", "gitlab", "junit", "sarif")
"""The formats that tell places and fingerprints relative to the checkout."""


class Choices(msgspec.Struct, frozen=True):
    """What the user chose, or what counts where nothing was said.

    Attributes:
        select: codes, prefixes or slugs of the checks to run; empty for all.
        ignore: those to leave out.
        fail_on: the least severity that fails the run, by its value.
        strict: whether warnings fail it, whatever `fail_on` says.
        form: the format that is printed; None if nothing is.
        output: format and file of each further document.
        no_plugins: whether only envdoctor's own checks run.
        verbose: whether the text tells of every check.
        quiet: whether it tells of findings only.
        baseline: the file with the findings that were there before; None without one.
        share: whether what is personal is masked in every document.
        keep_hosts: whether private hosts are shown all the same.
        pseudonym_key_file: the file with the key that makes pseudonyms equal in all reports; None without one.
        show_masked: whether the terminal is told what was replaced by what.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = Severity.ERROR.value
    strict: bool = False
    form: str | None = "text"
    output: tuple[tuple[str, str], ...] = ()
    no_plugins: bool = False
    verbose: bool = False
    quiet: bool = False
    baseline: str | None = None
    share: bool = False
    keep_hosts: bool = False
    pseudonym_key_file: str | None = None
    show_masked: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """The formats of all documents that are made."""
        return (*((self.form,) if self.form else ()), *(form for form, _ in self.output))
