"""Reads R expressions as far as the golden set writes them: everything is a call, as in R."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_TOKENS = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<name>`[^`]*`|[A-Za-z.][A-Za-z0-9._]*)
    |(?P<sign>%in%|<=|>=|==|!=|[-+*/^~$:&|!<>=(),\[\]]))""",
    re.VERBOSE,
)
_BINDS = {"~": 1, "|": 2, "&": 3, "%in%": 6, "+": 7, "-": 7, "*": 8, "/": 8, ":": 9, "^": 11}
_BINDS |= dict.fromkeys(("==", "!=", "<", ">", "<=", ">="), 5) | {"$": 12}
_PREFIX = {"~": 1, "!": 4, "-": 10, "+": 10}


@dataclass(frozen=True)
class Name:
    """A variable, or TRUE and FALSE."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True)
class Missing:
    """An empty argument, as in `x[-31,]`."""


@dataclass(frozen=True)
class Call:
    """A function or operator with its arguments, each with a name or none."""

    function: str
    arguments: tuple[tuple[str | None, Node], ...]

    def positional(self) -> list[Node]:
        """Return the arguments without a name."""
        return [node for name, node in self.arguments if name is None]

    def named(self) -> dict[str, Node]:
        """Return the arguments with a name."""
        return {name: node for name, node in self.arguments if name is not None}


Node = Name | Number | Text | Missing | Call


def parse(text: str) -> Node:
    """Read one expression; anything beyond the vocabulary is a `ValueError`."""
    parser = _Parser(list(_tokens(text)))
    node = parser.expression(0)
    if parser.peek() != ("end", ""):
        raise ValueError(f"cannot read {text!r} from {parser.peek()[1]!r} on")
    return node


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text.rstrip()):
        found = _TOKENS.match(text, position)
        if found is None:
            raise ValueError(f"cannot read {text!r} at {position}")
        position = found.end()
        kind = str(found.lastgroup)
        yield kind, found[kind]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.position = tokens, 0

    def peek(self) -> tuple[str, str]:
        done = self.position >= len(self.tokens)
        return ("end", "") if done else self.tokens[self.position]

    def next(self) -> tuple[str, str]:
        token = self.peek()
        self.position += 1
        return token

    def expression(self, least: int) -> Node:
        left = self.prefix()
        while True:
            kind, sign = self.peek()
            if kind == "sign" and sign == "[":
                self.next()
                left = Call("[", ((None, left), *self.arguments("]")))
            elif kind == "sign" and _BINDS.get(sign, -1) >= max(least, 1):
                self.next()
                right = self.expression(_BINDS[sign] + 1)
                left = Call(sign, ((None, left), (None, right)))
            else:
                return left

    def prefix(self) -> Node:
        kind, token = self.next()
        if kind == "number":
            return Number(float(token))
        if kind == "text":
            return Text(token[1:-1])
        if kind == "name":
            if self.peek() == ("sign", "("):
                self.next()
                return Call(token, tuple(self.arguments(")")))
            return Name(token.strip("`"))
        if token == "(":
            inner = self.expression(0)
            if self.next() != ("sign", ")"):
                raise ValueError("a bracket is not closed")
            return inner
        if token in _PREFIX:
            return Call(token, ((None, self.expression(_PREFIX[token])),))
        raise ValueError(f"unexpected {token!r}")

    def arguments(self, closing: str) -> list[tuple[str | None, Node]]:
        found: list[tuple[str | None, Node]] = []
        while self.peek() != ("sign", closing):
            if self.peek() == ("sign", ","):
                self.next()
                if self.peek() == ("sign", closing):
                    found.append((None, Missing()))
                continue
            name = None
            following = self.tokens[self.position + 1 : self.position + 2]
            if self.peek()[0] == "name" and following == [("sign", "=")]:
                name = self.next()[1].strip("`")
                self.next()
            found.append((name, self.expression(0)))
        self.next()
        return found


def terms(formula: Node) -> list[Node]:
    """Return the terms of a one-sided formula: `~a+b` is a, b; `~1` is none."""
    if not isinstance(formula, Call) or formula.function != "~":
        raise ValueError("expected a formula")
    found: list[Node] = []
    waiting = [formula.positional()[-1]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and node.function == "+" and len(node.arguments) == 2:
            waiting += list(reversed(node.positional()))
        elif node not in {Number(0.0), Number(1.0)}:
            found.append(node)
    return found


_LOGICAL = {"==", "!=", "<", ">", "<=", ">=", "&", "|", "!", "%in%"}
_SPELT = {"==": "=", "!=": "<>", "&": "and", "|": "or"}


def is_logical(node: Node) -> bool:
    """Tell whether an expression is a condition."""
    if isinstance(node, Call) and node.function in {"I", "factor"}:
        return is_logical(node.positional()[0])
    return isinstance(node, Call) and node.function in _LOGICAL


def to_sql(node: Node, known: Mapping[str, tuple[float, ...]] | None = None) -> str:
    """Write an R expression as the SQL scalar our functions take; `known` holds R variables."""
    values = known or {}
    match node:
        case Number(value=value):
            return repr(value)
        case Text(value=text):
            return "'" + text.replace("'", "''") + "'"
        case Name(text=("TRUE" | "FALSE") as truth):
            return truth.lower()
        case Name(text=text):
            return f'"{text}"'
        case Call(function="$"):
            return to_sql(node.positional()[1], values)
        case Call(function="I" | "factor"):
            return to_sql(node.positional()[0], values)
        case Call(function="ifelse"):
            test, yes, no = (to_sql(part, values) for part in node.positional())
            return f"(case when {test} then {yes} else {no} end)"
        case Call(function="%in%"):
            left, right = node.positional()
            listed = values[right.text] if isinstance(right, Name) else numbers(right)
            return f"({to_sql(left, values)} in ({', '.join(repr(v) for v in listed)}))"
        case Call(function="!"):
            return f"(not {to_sql(node.positional()[0], values)})"
        case Call(function=sign) if sign in _BINDS:
            return _operation(node, lambda part: to_sql(part, values))
    raise ValueError(f"no SQL for {node}")


def _operation(node: Call, write: Callable[[Node], str]) -> str:
    arithmetic = node.function not in _LOGICAL
    parts = [
        f"cast({write(part)} as integer)" if arithmetic and is_logical(part) else write(part)
        for part in node.positional()
    ]
    sign = _SPELT.get(node.function, node.function)
    return f"({sign}{parts[0]})" if len(parts) == 1 else f"({parts[0]} {sign} {parts[1]})"


def to_text(node: Node) -> str:
    """Write an expression as R names a term: `I(api00 - api99)`."""
    match node:
        case Name(text=text):
            return text
        case Number(value=value):
            return f"{value:g}"
        case Text(value=value):
            return f'"{value}"'
        case Call(function=sign) if sign in _BINDS:
            parts = [to_text(part) for part in node.positional()]
            return f"{sign}{parts[0]}" if len(parts) == 1 else f" {sign} ".join(parts)
        case Call(function=function):
            return f"{function}({', '.join(to_text(part) for part in node.positional())})"
    raise ValueError(f"no text for {node}")


def numbers(node: Node) -> tuple[float, ...]:
    """Return the numbers of `c(…)`, `rep(x, n)`, `a:b`, or of one number."""
    match node:
        case Number(value=value):
            return (value,)
        case Call(function="-", arguments=((None, one),)):
            return tuple(-value for value in numbers(one))
        case Call(function="c"):
            return tuple(value for _, part in node.arguments for value in numbers(part))
        case Call(function="rep"):
            value, times = node.positional()
            return numbers(value) * int(numbers(times)[0])
        case Call(function=":"):
            first, last = (int(numbers(part)[0]) for part in node.positional())
            return tuple(float(value) for value in range(first, last + 1))
    raise ValueError(f"no numbers in {node}")


def texts(node: Node) -> tuple[str, ...]:
    """Return the strings of `c('…', …)`, or of one string."""
    if isinstance(node, Text):
        return (node.value,)
    if isinstance(node, Call) and node.function == "c":
        return tuple(value for _, part in node.arguments for value in texts(part))
    raise ValueError(f"no texts in {node}")
