"""Which commands does a shell script consist of, and where does each stand? Nothing is run or expanded."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

import msgspec

from envdoctor.facts.shell.tokenizer import Broken, Token, tokens
from envdoctor.text import limits

# POSIX.1-2024, Shell Command Language, 2.4 Reserved Words; `select`, `noglob` and `not` are bash's, zsh's and fish's
CLOSES = {"fi": "if", "esac": "case", "done": "loop", "}": "{"}
LOOPS = ("while", "until", "for", "select")
PASSED_OVER = ("then", "do", "else", "!", "time", "builtin", "command", "noglob", "not")
UNREAL = ("for", "select", "case")  # their words are no command
JOINS = ("&&", "||", "|", "|&")
CASE_ENDS = (";;", ";&", ";;&")


class Place(enum.Enum):
    """Where in a script a command stands, and so whether it is run when the script is."""

    TOP = "always"
    CONDITION = "under a condition"
    FUNCTION = "inside a function"


class Command(msgspec.Struct, frozen=True):
    """One simple command of a script.

    Attributes:
        words: its words, verbatim, with their quotes; `("function", NAME)` for a function's definition.
        line: the line that it begins in.
        place: where it stands.
        when: what it depends on, verbatim: the heads of the `if`, `case` and loops around it, and what stands before it
            and `&&` or `||`.
        piped: whether it reads what the command before it prints.
        is_alone: whether it stands in no compound command, and is not joined to the command before it.
    """

    words: tuple[str, ...]
    line: int
    place: Place = Place.TOP
    when: tuple[str, ...] = ()
    piped: bool = False
    is_alone: bool = False


class Frame:
    """A compound command that is still open. Each command inside names its head, so it is put together once.

    Attributes:
        kind: `if`, `case`, `loop`, `{`, `(` or `function`; any of fish's blocks that ends with `end`.
        in_head: whether the condition is still being read.
    """

    def __init__(self, kind: str, head: tuple[str, ...] = (), *, in_head: bool = False) -> None:
        self.kind = kind
        self.in_head = in_head
        self._words = list(head)
        self._head: str | None = None

    def add(self, words: Iterable[str]) -> None:
        """Take more words into the head."""
        self._words.extend(words)
        self._head = None

    @property
    def head(self) -> str:
        """The words of the condition."""
        if self._head is None:
            self._head = " ".join(self._words)
        return self._head


def commands(text: str, *, fish: bool = False) -> Iterator[Command]:
    """The simple commands of a script, in order. Raises `shell_syntax.Broken` where it cannot be read any further."""
    parser = _FishParser() if fish else _Parser()
    for token in tokens(text, fish=fish):
        yield from parser.feed(token)
    yield from parser.end_command("\n")


class _Parser:
    """Follows the compound commands of bash and zsh."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.words: list[str] = []
        self.line = 0
        self.joined_by = "\n"
        self.before: tuple[str, ...] = ()
        self.in_pattern = False
        self.parenthesis_follows_name = False
        self.function_follows = False

    def feed(self, token: Token) -> Iterator[Command]:
        """Take the next token; the command that it completes, if any, comes out. Raises Broken at a depth of 100."""
        if self.in_pattern:
            self._pass_pattern(token)
        elif self.words[:1] == ["[["] and self.words[-1] != "]]":
            self.words.append(token.text)
        elif self.parenthesis_follows_name:
            yield from self._take_after_name(token)
        elif token.is_word:
            yield from self._take_word(token)
        elif token.text == "(" and self.words:
            self.parenthesis_follows_name = True
        elif token.text == "(":
            self._open(Frame("("))
        else:
            yield from self.end_command(token.text)
            if token.text == ")":
                self._close("(")

    def end_command(self, operator: str) -> Iterator[Command]:
        """Complete the command whose words have been collected."""
        words, self.words = tuple(self.words), []
        if words and self.frames and self.frames[-1].in_head:
            self.frames[-1].add(words)
        if words and words[0] not in UNREAL:
            piped, joined = self.joined_by in ("|", "|&"), self.joined_by in JOINS
            yield Command(words, self.line, self._place(), self._when(), piped, not (self.frames or joined))
        if words or operator not in ("\n", ")"):  # a line may end after `&&`, and the command goes on in the next
            self.joined_by, self.before = operator, words or self.before
        if operator in CASE_ENDS and self.frames and self.frames[-1].kind == "case":
            self.in_pattern = True

    def _take_word(self, token: Token) -> Iterator[Command]:
        word = token.text
        if not self.words:
            self.line = token.line
            if self._is_keyword(word):
                return
        elif word == "{" and self.words[0] == "function":
            yield from self._define()
            self._open(Frame("function"))
            return
        elif word == "in" and self.words[0] == "case":
            self._open(Frame("case", tuple(self.words[1:])))
            self.words, self.in_pattern = [], True
            return
        self.words.append(word)

    def _is_keyword(self, word: str) -> bool:
        """Whether the word only gives the script its shape; the frames follow it."""
        if word in LOOPS:
            self._open(Frame("loop", in_head=True))
            return word in ("while", "until")
        if word == "if":
            self._open(Frame("if", in_head=True))
        elif word == "elif":
            self._reopen_head()
        elif word == "{":
            self._open(Frame("function" if self.function_follows else "{"))
            self.function_follows = False
        elif word in CLOSES:
            self._close(CLOSES[word])
        elif word in PASSED_OVER:
            if word in ("then", "do", "else") and self.frames:
                self.frames[-1].in_head = False
        else:
            return False
        return True

    def _reopen_head(self) -> None:
        if self.frames:
            self.frames[-1].in_head = True

    def _take_after_name(self, token: Token) -> Iterator[Command]:
        """After `name(`: a closing parenthesis makes it the definition of a function."""
        self.parenthesis_follows_name = False
        if token.text == ")" and not token.is_word:
            self.words = ["function", self.words[-1]]
            yield from self._define()
            self.function_follows = True
        else:
            self._open(Frame("("))
            yield from self.feed(token)

    def _define(self) -> Iterator[Command]:
        self.words = self.words[:2]
        yield from self.end_command("\n")

    def _pass_pattern(self, token: Token) -> None:
        """Between `in` or `;;` and `)` stand patterns, or `esac`."""
        if token.text == ")" and not token.is_word:
            self.in_pattern = False
        elif token.text == "esac":
            self.in_pattern = False
            self._close("case")

    def _open(self, frame: Frame) -> None:
        if len(self.frames) == limits.BLOCKS:
            raise Broken(f"it is nested more than {limits.BLOCKS} deep at line {self.line}")
        self.frames.append(frame)

    def _close(self, kind: str) -> None:
        """Leave the innermost frame of a kind; a script that is not well-formed may have left others open in it."""
        kinds = ("{", "function") if kind == "{" else (kind,)
        for index in range(len(self.frames) - 1, -1, -1):
            if self.frames[index].kind in kinds:
                del self.frames[index:]
                return

    def _place(self) -> Place:
        kinds = {frame.kind for frame in self.frames}
        if "function" in kinds:
            return Place.FUNCTION
        return Place.CONDITION if kinds - {"{"} or self.joined_by in ("&&", "||") else Place.TOP

    def _when(self) -> tuple[str, ...]:
        heads = [frame.head for frame in self.frames if frame.head]
        if self.joined_by in ("&&", "||"):
            heads.append(" ".join(self.before))
        return tuple(heads)


class _FishParser(_Parser):
    """Follows the blocks of fish, which all end with `end`."""

    after_else = False

    def _take_word(self, token: Token) -> Iterator[Command]:
        word = token.text
        if self.words:
            self.words.append(word)
            return
        self.line = token.line
        match word:
            case "if" if self.after_else:
                self._reopen_head()
            case "if" | "while":
                self._open(Frame("if", in_head=True))
            case "for" | "switch":
                self._open(Frame("loop", in_head=True))
                self.words.append("for")
            case "begin":
                self._open(Frame("{"))
            case "end":
                del self.frames[-1:]
            case "and" | "or":
                self.joined_by = "&&" if word == "and" else "||"
            case "else":
                self.after_else = True
            case _:
                self.words += [] if word in PASSED_OVER else [word]
        yield from ()

    def end_command(self, operator: str) -> Iterator[Command]:
        """Complete the command; a head ends with its line, and a definition opens its function."""
        defines = self.words[:1] == ["function"]
        yield from super().end_command(operator)
        self.after_else = False
        if defines:
            self._open(Frame("function"))
        elif operator in ("\n", ";") and self.frames:
            self.frames[-1].in_head = False
