"""PKG: packages that have written over each other's files."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.owners import FileOwners, SharedFiles
from envdoctor_checks.common.installing import uninstalled
from envdoctor_checks.packages._fixes import Means

SHOWN = 5


@check("PKG005", severity=Severity.WARNING, since="0.1", where=("FileOwners.environments.shared",))
def files_with_two_owners(owners: FileOwners, builders: Builders) -> Iterator[Finding]:
    """Two packages have installed the same files with different content.

    Packages that are known to exclude each other are compared always, all others with `envdoctor check --deep`.

    ## Why it matters
    What is imported is a mixture, or the one that was installed last. To uninstall either takes the files of both:
    `import jwt` then succeeds with an empty module.

    ## How to fix
    Uninstall both packages, and install the one that is meant.

    ## Not a problem when
    The content is the same: families of packages share files on purpose, and that is never reported.
    """
    for environment in owners.environments:
        means = Means(environment.target, builders, environment.has_pip)
        for shared in environment.shared:
            names = " and ".join(f"{name} {version}" for name, version in shared.packages)
            files = f"{shared.count} files" if shared.count > 1 else "a file"
            yield Finding(
                f"{names} in {environment.target.root} have written over each other: {files} with different content",
                _one_of(shared, means),
                environment.target.root,
                tuple(Evidence("is listed by both, with different content", path) for path in shared.files[:SHOWN]),
                Severity.ERROR if shared.different else None,
            )


def _one_of(shared: SharedFiles, means: Means) -> Fix:
    """Uninstall all of them, which takes the shared files along, and install one."""
    target = means.target
    names = tuple(name for name, _ in shared.packages)
    if target.externally_managed or not target.owns(shared.record):
        text = f"Uninstall {' and '.join(names)}, and install the one that you want"
        return Fix("Keep one of the packages", Manual(text))
    versions = dict(shared.packages)
    kept = names[-1]
    if shared.required:
        kept = next((name for name in reversed(names) if name in shared.required), kept)
    if len(shared.required) > 1:
        text = f"{' and '.join(shared.required)} are all required: install the one that you want last, with --no-deps"
        return Fix("Choose one of the packages", Manual(text))
    gone = uninstalled(target.python, *names, with_uv=means.with_uv, has_pip=means.has_pip)
    steps: tuple[Run, ...] = (*gone, *means.install(f"{kept}=={versions[kept]}"))
    return Fix(f"Uninstall the packages, and install {kept}", *steps, safety=Safety.CHANGES_STATE)
