"""Small faults for a file of Python, one at a time: what `make mutants` plants.

On the syntax tree, so that every line keeps its number. Words are left alone, and so are types,
decorators, and what is only written to the log: no test ought to fail over them.
"""

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

CHECKOUT = Path(__file__).resolve().parents[2]

_OTHER_SIGN: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_OTHER_NAME = {"any": "all", "all": "any", "min": "max", "max": "min"}
# Calls that narrow, order or even out: each is left out, and each condition of the first ones.
_CONDITIONS = {"filter", "exclude", "get", "Q", "update"}
_LEFT_OUT = {"filter", "exclude", "distinct", "order_by", "strip", "lower", "casefold"}
_UNTOUCHED = {"annotation", "returns", "decorator_list", "bases", "format_spec", "cause"}

_Change = tuple[str, str, ast.AST]  # what is shown of it before and after, and what takes its place


@dataclass(frozen=True)
class Mutant:
    """One fault. `lines` are those of its statement, by which its tests are found."""

    path: str
    line: int
    lines: range
    function: str
    is_outside: bool  # of functions: it takes effect when the file is imported
    before: str
    after: str
    _tree: ast.Module = field(repr=False)
    _place: tuple[ast.AST, str] = field(repr=False)
    _value: object = field(repr=False)

    @property
    def key(self) -> str:
        """Says which fault of the file it is, whatever line it has by now."""
        return " | ".join((self.path, self.function, self.before, self.after))

    def code(self) -> CodeType:
        """The whole file with the fault in it."""
        holder, name = self._place
        before = getattr(holder, name)
        setattr(holder, name, self._value)
        try:
            return _compiled(ast.fix_missing_locations(self._tree), self.path)
        finally:
            setattr(holder, name, before)


def mutants_of(path: str) -> list[Mutant]:
    """Every fault for a file, in the order of its lines; `path` is below the checkout."""
    tree = _tree_of(path)
    return list(_mutants(path, tree, _Around(tree, "", is_outside=True), tree))


def original(path: str) -> CodeType:
    return _compiled(_tree_of(path), path)


def _tree_of(path: str) -> ast.Module:
    return ast.parse(CHECKOUT.joinpath(path).read_text(encoding="utf-8"))


def _compiled(tree: ast.Module, path: str) -> CodeType:
    return compile(tree, str(CHECKOUT / path), "exec", dont_inherit=True)


@dataclass(frozen=True)
class _Around:
    """What a node stands in."""

    statement: ast.AST
    function: str
    is_outside: bool
    returns: str = ""

    def within(self, node: ast.AST, name: str) -> "_Around":
        """What the children of `node` stand in that its field `name` holds."""
        if name != "body" or not isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        ):
            return self
        inside = f"{self.function}.{getattr(node, 'name', '<lambda>')}".lstrip(".")
        is_class = isinstance(node, ast.ClassDef)
        returns = getattr(node, "returns", None)
        return _Around(
            self.statement,
            inside,
            self.is_outside and is_class,
            ast.unparse(returns) if returns else "",
        )


def _mutants(path: str, node: ast.AST, around: _Around, tree: ast.Module) -> Iterator[Mutant]:
    for name, value in ast.iter_fields(node):
        if name in _UNTOUCHED or (name == "keywords" and isinstance(node, ast.ClassDef)):
            continue
        place = around.within(node, name)
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_left_alone(child, node):
                continue
            if isinstance(child, ast.stmt):
                place = _Around(child, place.function, place.is_outside, place.returns)
            for before, after, new in _changes(child, node, place):
                whole = [*children[:index], new, *children[index + 1 :]]
                yield Mutant(
                    path=path,
                    line=getattr(child, "lineno", getattr(place.statement, "lineno", 0)),
                    lines=_lines(place.statement),
                    function=place.function,
                    is_outside=place.is_outside,
                    before=before,
                    after=after,
                    _tree=tree,
                    _place=(node, name),
                    _value=whole if isinstance(value, list) else new,
                )
            yield from _mutants(path, child, place, tree)


def _lines(statement: ast.AST) -> range:
    """Of a statement with others in it, only those of its head."""
    first, last = getattr(statement, "lineno", 0), getattr(statement, "end_lineno", 0)
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        last = max(first, body[0].lineno - 1)
    return range(first, last + 1)


def _is_left_alone(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        text = ast.unparse(node)
        return isinstance(node.value, ast.Constant) or text.startswith("log.")
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    is_all = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    # What is filled into words.
    is_filling = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod)
    is_filling = is_filling and isinstance(node, ast.Dict | ast.Tuple)
    is_type = isinstance(node, ast.Call) and ast.unparse(node.func) in {"TypeVar", "cast"}
    return is_all or is_filling or is_type or isinstance(node, ast.Assert | ast.Import)


def _changes(node: ast.AST, parent: ast.AST, around: _Around) -> Iterator[_Change]:
    for new in (*_of_expression(node), *_of_test(node, parent)):
        yield ast.unparse(node), ast.unparse(new), new
    for gone, new in _without_parts(node, parent):
        yield ast.unparse(gone), "", new
    if isinstance(node, ast.stmt) and _is_worth_leaving_out(node):
        yield ast.unparse(node), "pass", ast.Pass()
    if isinstance(node, ast.Return):
        for value in _other_results(node, around.returns):
            other = ast.Return(ast.Constant(value))
            yield ast.unparse(node), ast.unparse(other), other


def _of_expression(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, sign in enumerate(node.ops):
            signs = [*node.ops[:place], _OTHER_SIGN[type(sign)](), *node.ops[place + 1 :]]
            yield _with(node, ops=signs)
    elif isinstance(node, ast.BoolOp):
        for place in range(len(node.values)):
            left = [*node.values[:place], *node.values[place + 1 :]]
            yield _with(node, values=left) if len(left) > 1 else left[0]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.BinOp) and not (_is_text(node.left) or _is_text(node.right)):
        if other := _OTHER_SIGN.get(type(node.op)):
            yield _with(node, op=other())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        is_truth = isinstance(node.value, bool)
        yield ast.Constant(not node.value if is_truth else node.value + 1)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)


def _of_test(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    is_test = node is getattr(parent, "test", None)
    if is_test and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
        yield ast.UnaryOp(ast.Not(), node)


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    called = node.func
    if isinstance(called, ast.Name) and called.id in _OTHER_NAME:
        yield _with(node, func=ast.Name(_OTHER_NAME[called.id], ast.Load()))
    # `order_by()` alone only spares the sorting.
    is_sparing = ast.unparse(node).endswith(".order_by()")
    if isinstance(called, ast.Attribute) and called.attr in _LEFT_OUT and not is_sparing:
        yield called.value


def _without_parts(node: ast.AST, parent: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """(part, the whole without it) for what holds several."""
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield test, _with(node, ifs=[other for other in node.ifs if other is not test])
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name in _CONDITIONS and len(node.args) + len(node.keywords) > 1:
            for word in node.keywords:
                yield word, _with(node, keywords=[one for one in node.keywords if one is not word])
    elif isinstance(node, ast.Dict):
        for place, key in enumerate(node.keys):
            yield (
                key or node.values[place],
                _with(
                    node,
                    keys=[*node.keys[:place], *node.keys[place + 1 :]],
                    values=[*node.values[:place], *node.values[place + 1 :]],
                ),
            )
    elif isinstance(node, ast.Tuple | ast.List | ast.Set) and _is_list_of_things(node, parent):
        for part in node.elts:
            left = [other for other in node.elts if other is not part]
            is_set = isinstance(node, ast.Set) and not left
            yield part, ast.parse("set()", mode="eval").body if is_set else _with(node, elts=left)


def _is_list_of_things(node: ast.Tuple | ast.List | ast.Set, parent: ast.AST) -> bool:
    """Not what is taken apart, or put side by side, as in `first, last = …` and `(a, b) != …`."""
    if not isinstance(node, ast.Tuple):
        return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if isinstance(parent, ast.Compare):
        return isinstance(parent.ops[0], ast.In | ast.NotIn)
    pairs = (
        ast.Return,
        ast.Yield,
        ast.Subscript,
        ast.comprehension,
        ast.For,
        ast.GeneratorExp,
        ast.ListComp,
        ast.SetComp,
        ast.DictComp,
    )
    is_unpacked = isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple)
    return isinstance(node.ctx, ast.Load) and not isinstance(parent, pairs) and not is_unpacked


def _is_worth_leaving_out(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return isinstance(target, ast.Attribute | ast.Subscript)
    if isinstance(node, ast.Return):
        return node.value is None
    return isinstance(
        node, ast.Expr | ast.Raise | ast.AugAssign | ast.Continue | ast.Break | ast.Delete
    )


def _other_results(node: ast.Return, returns: str) -> tuple[bool | None, ...]:
    if node.value is None or isinstance(
        node.value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant
    ):
        return ()
    return (True, False) if returns == "bool" else (None,)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of a node with other fields."""
    new = copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
