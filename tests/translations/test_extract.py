import ast
import re
from functools import cache

import pytest

from tests.translations.extract import ERROR, TOP, NotExtractable, Text, texts, trees

_SHOWN_BY = frozenset(
    {
        *("Note", "QAction", "QCheckBox", "QGroupBox", "QLabel", "QMenu", "QPushButton"),
        *("QRadioButton", "QToolButton", "addAction", "addButton", "addItem", "addMenu", "addRow"),
        *("addTab", "add_argument_group", "check_box", "error", "note", "say"),
        *("plain_label", "setAccessibleDescription", "setAccessibleName", "setHeaderLabels"),
        *("setInformativeText", "setItemText", "setLabelText", "setPlaceholderText", "setPrefix"),
        *("setSpecialValueText", "setStatusTip", "setSuffix", "setText", "setTitle", "setToolTip"),
        *("setWindowTitle", "set_error", "set_hint", "set_ok", "showMessage", "write"),
    }
)
"""What a person reads, or hears, of their arguments."""

_SAME_IN_ALL = re.compile(
    r"s3gui( program)?| MiB|If(-None)?-Match"  # names and units
    r"|--[a-z-]+|[A-Z]+|[A-Z]+=[A-Z]+"  # what is typed
    r"|\S*://\S*|photos-2026, s3://photos-2026/november/"  # examples
    r"|[a-z]+/[a-z]+(; charset=utf-8)?|AES256|aws:kms|attachment|gzip|max-age=\d+"  # in headers
)

_FOR_DEVELOPERS = frozenset({"s3gui/gui/self_test.py", "s3gui/gui/style.py"})
_WORDS = re.compile(r"[A-Za-z]{2,}[,;:.]? [a-z]{2,}|[A-Z][a-z]+ [A-Za-z]")
_WORD = re.compile(r"[A-Za-z]{2,}")


@cache
def _found() -> dict[Text, list[str]]:
    return texts(_trees())


@cache
def _trees() -> dict[str, ast.Module]:
    return trees(TOP)


@pytest.fixture
def source(tmp_path):
    (tmp_path / "s3gui" / "core").mkdir(parents=True)
    path = tmp_path / "s3gui" / "core" / "some.py"

    def write(code: str) -> set[Text]:
        path.write_text(code)
        return set(texts(trees(tmp_path), tables={}))

    return write


def test_marked_texts_are_found_with_their_plural(source):
    code = "print(_('Retry'), pgettext('hours', 'To'), ngettext('a file', '{count} files', 2))"
    assert source(code) == {
        Text("Retry"),
        Text("To", context="hours"),
        Text("a file", "{count} files"),
    }


@pytest.mark.parametrize("code", ["_(f'{name} is there')", "_(name)", "ngettext('a', b, 2)"])
def test_a_text_that_cannot_be_looked_up_is_refused(source, code):
    with pytest.raises(NotExtractable, match=r"some\.py:1"):
        source(code)


def test_the_sentences_of_errors_are_found_without_a_mark(source):
    code = """
class Gone(S3guiError):
    title = "It is gone"
raise Gone(f"“{path.name}” has {size:,} bytes, {visible(path.name)}.", hint="Look.", detail="x")
"""
    assert source(code) == {
        Text("It is gone", context=ERROR),
        Text("“{name}” has {size} bytes, {name2}.", context=ERROR),
        Text("Look.", context=ERROR),
    }


def _front_doors() -> dict[str, ast.Module]:
    return {
        name: tree
        for name, tree in _trees().items()
        if name.startswith(("s3gui/gui/", "s3gui/cli/", "s3gui/__main__"))
        and name not in _FOR_DEVELOPERS
    }


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _shown(call: ast.Call) -> list[ast.expr]:
    helps = [each.value for each in call.keywords if each.arg == "help"]
    return [*call.args, *helps] if _called(call) in _SHOWN_BY else helps


def _pieces(node: ast.AST) -> list[ast.Constant]:
    """The literals of which a shown text is made; what is looked up is none of them."""
    match node:
        case ast.Constant(value=str()):
            return [node]
        case ast.JoinedStr() | ast.IfExp() | ast.BinOp() | ast.BoolOp() | ast.List() | ast.Tuple():
            children = list(ast.iter_child_nodes(node))
            if isinstance(node, ast.IfExp):
                children.remove(node.test)
            return [piece for child in children for piece in _pieces(child)]
        case ast.FormattedValue(value=ast.Constant() | ast.JoinedStr() | ast.IfExp() as inner):
            return _pieces(inner)
    return []


def test_nothing_that_is_shown_is_a_text_of_one_language_only():
    escaped = [
        f"{name}:{piece.lineno}: {piece.value!r}"
        for name, tree in _front_doors().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for argument in _shown(call)
        for piece in _pieces(argument)
        if _WORD.search(str(piece.value)) and not _SAME_IN_ALL.fullmatch(str(piece.value))
    ]
    assert "\n".join(escaped) == ""


def test_no_sentence_in_a_front_door_escapes_translation():
    known = {text.id for text in _found()} | {text.plural for text in _found()}
    fragments = "\n".join(known)
    escaped = [
        f"{name}:{piece.lineno}: {piece.value!r}"
        for name, tree in _front_doors().items()
        for piece in _sentences(tree)
        if str(piece.value).strip() not in fragments and not _SAME_IN_ALL.fullmatch(piece.value)
    ]
    assert "\n".join(escaped) == ""


def _sentences(tree: ast.Module) -> list[ast.Constant]:
    """Literals of several words, but for docstrings, logs, patterns, styles and usage lines."""
    passed_over: set[int] = set()
    for node in ast.walk(tree):
        is_documentation = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_for_programs = isinstance(node, ast.Call) and (
            ast.unparse(node.func).startswith(("_log.", "re."))
            or _called(node) in {"RuntimeError", "setStyleSheet", "toString"}
        )
        is_usage = isinstance(node, ast.keyword) and node.arg == "usage"
        is_inside = isinstance(node, ast.Raise) and ast.unparse(node).startswith("raise BusError")
        if is_documentation or is_for_programs or is_usage or is_inside:
            passed_over |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(b) for b in node.bases):
            passed_over |= {id(each) for each in ast.walk(node)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in passed_over
        and _WORDS.search(node.value)
    ]


def test_no_text_is_looked_up_before_a_language_is_chosen():
    """At import: a class body, a constant, a default."""
    early = []
    for name, tree in _trees().items():
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                waiting += [*node.args.defaults, *filter(None, node.args.kw_defaults)]
                continue
            if isinstance(node, ast.Call) and _called(node) in {
                "_",
                "ngettext",
                "pgettext",
                "translated",
            }:
                early.append(f"{name}:{node.lineno}")
            waiting += ast.iter_child_nodes(node)
    assert early == []
