"""How is a YAML file read so that a finding can name the line? Into its nodes, which know where they stand.

Nothing is made of the nodes: an anchor stays a reference, so that a few lines cannot fill the memory.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.plain import plain

if TYPE_CHECKING:
    import yaml


class NotYaml(Unreadable):
    """A file is not YAML.

    Attributes:
        line: where, from 1; None if that is not known.
    """

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        super().__init__(path if line is None else f"{path}:{line}", plain(reason))
        self.line = line
        note(self.path, self.reason)


def read_yaml(path: str, limit: int = limits.YAML) -> yaml.Node | None:
    """The top node of a YAML file; None if there is nothing in it. Raises Unreadable."""
    return parse_yaml(path, read_text(path, limit))


def parse_yaml(path: str, text: str) -> yaml.Node | None:
    """The top node of a text. Raises NotYaml in the name of the file that it comes from."""
    import yaml

    try:
        return yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(path, error.problem or "is no YAML", mark.line + 1 if mark else None) from error
    except yaml.YAMLError as error:
        raise NotYaml(path, str(error).partition("\n")[0] or "is no YAML") from error
    except RecursionError as error:
        raise NotYaml(path, "nested too deeply") from error
    except (
        ValueError,
        OverflowError,
    ) as error:  # an escape beyond the last character; a huge number
        raise NotYaml(path, str(error).split(";")[0]) from error


@cache
def _loader() -> type[yaml.SafeLoader]:
    """A loader that ends at brackets in brackets in brackets: PyYAML looks at all open ones at each further one."""
    import yaml

    class Shallow(yaml.SafeLoader):
        def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
            if self.flow_level >= limits.YAML_DEPTH:
                raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=self.get_mark())
            super().fetch_flow_collection_start(token)

    return Shallow
