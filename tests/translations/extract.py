"""The texts of the program that people read, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]
ERROR = "error"
"""The context of texts that are made in English and translated where they are shown."""

_TABLES = {
    "adapters/s3_errors.py": (
        "_CHECK_AWS_PROFILE",
        "_GATEWAY_GOT_NO_ANSWER",
        "_LIST_OF_BUCKETS",
        "_REFUSED",
        "_SENTENCES",
        "_SET_REGION",
        "_no_answer",
    ),
    "adapters/s3_cut.py": ("_SENTENCES",),
    "adapters/s3_unreachable.py": (
        "_CERTIFICATE_REASONS",
        "_REASONS_BY_ERRNO",
        "_REASONS_BY_KIND",
        "_REASONS_BY_TUNNEL_STATUS",
        "_reason",
        "unreachable",
    ),
    "core/provider.py": ("GENERIC", "PRACTICE"),
    "core/object_options.py": ("check_metadata",),
    "core/transfer.py": ("UploadOptions.check",),
    "engine/archive_members.py": ("_needs_tar",),
    "engine/leftovers.py": ("Leftovers.find",),
    "engine/opening.py": ("LINK_BELOW", "LINK_BELOW_HINT"),
    "engine/proof.py": ("_compared", "_why_not"),
}
"""Names of modules, below s3gui/, whose strings of several words become part of an error."""

_TELLING = ("Proof", "self.notes.append", "self.problems.append")
"""How a comparison and a probe tell what they found."""

_OF_ARGPARSE = (
    "argument %(argument_name)s: %(message)s",
    "expected at least one argument",
    "expected one argument",
    "ignored explicit argument %r",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "not allowed with argument %s",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
)
"""What it may say of our options; it looks them up itself."""

_FOR_PROGRAMS = ("driver", "practice")
"""What Libcloud's callers and the practice server's clients get is English."""


@dataclass(frozen=True, slots=True, order=True)
class Text:
    id: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str | tuple[str, str]:
        return (self.id, self.plural) if self.plural else self.id


class NotExtractable(Exception):
    """A text that no catalogue can hold, with its place."""


def trees(top: Path = TOP) -> dict[str, ast.Module]:
    """The program's files by their path below `top`."""
    return {
        path.relative_to(top).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((top / "s3gui").rglob("*.py"))
    }


def texts(
    trees: Mapping[str, ast.Module], tables: Mapping[str, Sequence[str]] = _TABLES
) -> dict[Text, list[str]]:
    """Each text with the files that hold it. Raises NotExtractable."""
    nodes = {name: list(ast.walk(tree)) for name, tree in trees.items()}
    errors = _error_names([node for each in nodes.values() for node in each])
    found: dict[Text, list[str]] = {}
    for name, tree in trees.items():
        inner = name.removeprefix("s3gui/")
        calls = [node for node in nodes[name] if isinstance(node, ast.Call)]
        marked = [] if inner == "i18n.py" else list(_marked(name, calls))
        if not inner.startswith(_FOR_PROGRAMS):
            marked += _of_errors(nodes[name], calls, errors)
        if inner == "cli/parser.py":
            marked += map(Text, _OF_ARGPARSE)
        for place in tables.get(inner, ()):
            marked += _of_table(name, tree, place)
        for text in marked:
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def _marked(name: str, calls: Iterable[ast.Call]) -> Iterator[Text]:
    """What is given to `_`, `ngettext` and `pgettext`: literals only."""
    for call in calls:
        function = _name(call.func)
        if function not in {"_", "ngettext", "pgettext"}:
            continue
        count = 1 if function == "_" else 2
        literals = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        words = [literal for literal in literals[:count] if isinstance(literal, str)]
        if len(words) != count:
            raise NotExtractable(f"{name}:{call.lineno}: {function}() takes plain texts")
        yield Text(words[1], context=words[0]) if function == "pgettext" else Text(*words)


def _of_errors(
    nodes: Iterable[ast.AST], calls: Iterable[ast.Call], errors: set[str]
) -> Iterator[Text]:
    """What errors say: their title, their hint, and the sentence they are raised with."""
    for node in nodes:
        if isinstance(node, ast.ClassDef) and node.name in errors:
            for line in node.body:
                name = _assigned(line)
                value = getattr(line, "value", None)
                if name in {"title", "hint"} and value is not None:
                    yield from _templates(value)
    for call in calls:
        if _name(call.func) in errors:
            hints = [each.value for each in call.keywords if each.arg == "hint"]
            for said in [*call.args[:1], *hints]:
                yield from _templates(said)
        elif _name(call.func) in {"Proof", "append"} and ast.unparse(call.func) in _TELLING:
            for said in call.args:
                yield from _templates(said)


def _of_table(name: str, tree: ast.Module, place: str) -> Iterator[Text]:
    node = _found(tree.body, place.split("."))
    if node is None:
        raise NotExtractable(f"{name} has no {place}")
    documentation = {id(each.value) for each in ast.walk(node) if isinstance(each, ast.Expr)}
    inner = {
        id(piece)
        for each in ast.walk(node)
        if isinstance(each, ast.JoinedStr)
        for piece in ast.walk(each)
        if piece is not each
    }
    for each in ast.walk(node):
        if id(each) not in documentation | inner and isinstance(each, ast.Constant | ast.JoinedStr):
            yield from (text for text in _templates(each) if " " in text.id)


def _found(body: list[ast.stmt], names: list[str]) -> ast.stmt | None:
    for node in body:
        if names[0] in {_assigned(node), getattr(node, "name", None)}:
            return node if len(names) == 1 else _found(getattr(node, "body", []), names[1:])
    return None


def _templates(said: ast.expr) -> Iterator[Text]:
    """A literal as it is; an f-string with its expressions as placeholders."""
    match said:
        case ast.Constant(value=str(text)) if text:
            yield Text(text, context=ERROR)
        case ast.JoinedStr():
            yield Text(_template(said), context=ERROR)
        case ast.IfExp():
            yield from _templates(said.body)
            yield from _templates(said.orelse)
        case _:
            pass


def _template(said: ast.JoinedStr) -> str:
    text, names = "", dict[str, str]()
    for piece in said.values:
        if isinstance(piece, ast.Constant):
            text += str(piece.value)
            continue
        assert isinstance(piece, ast.FormattedValue)
        source = ast.unparse(piece.value)
        if source not in names:
            name = _placeholder(piece.value)
            taken = sum(known.rstrip("0123456789") == name for known in names.values())
            names[source] = f"{name}{taken + 1}" if taken else name
        text += f"{{{names[source]}}}"
    return text


def _placeholder(value: ast.expr) -> str:
    """What a translator may call it: the last name in the expression."""
    words = [each.id for each in ast.walk(value) if isinstance(each, ast.Name)]
    words += [each.attr for each in ast.walk(value) if isinstance(each, ast.Attribute)]
    plain = {"visible", "str", "len", "strip", "min", "max", "self", "ast"}
    named = [word for word in words if word not in plain]
    return named[-1].strip("_").lower() if named else "value"


def _error_names(nodes: Iterable[ast.AST]) -> set[str]:
    """S3guiError, and all classes that are made of it."""
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    names, before = {"S3guiError"}, 0
    while len(names) > before:
        before = len(names)
        names |= {each.name for each in classes if names & {_name(base) for base in each.bases}}
    return names


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def _assigned(node: ast.AST) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""
