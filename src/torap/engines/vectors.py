"""Values of LANES trials at once in compiled code: whole numbers, reals and truth values, with operators.

Numba has no type of a vector and leaves it to LLVM to find some in loops. Here a row of 64 trials is one
value: it is loaded, reckoned with by `+`, `<` and the functions below, and stored; LLVM cuts it into the
registers of the processor. All is done lane by lane, so it is the same on every machine. Only `picked` asks
the processor for an instruction by name, and writes the same out in single steps where it is missing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

from torap.engines.lanes import LANES

WORD, REAL, BIT, LONG = ir.IntType(32), ir.FloatType(), ir.IntType(1), ir.IntType(64)
PERMUTED = 16  # lanes of the instruction that looks up in a register


class Lanes(types.Type):
    """A value of LANES elements; `one`: the type of what fills it, `code`: LLVM's type."""

    def __init__(self, name: str, one: Any, code: Any) -> None:
        super().__init__(name=f"Lanes({name})")
        self.one, self.code = one, code


WHOLES = Lanes("int32", types.int32, ir.VectorType(WORD, LANES))
REALS = Lanes("float32", types.float32, ir.VectorType(REAL, LANES))
FLAGS = Lanes("bool", types.boolean, ir.VectorType(BIT, LANES))


class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, kind.code)


register_model(Lanes)(_Model)


def _constant(kind: Any, value: Any) -> Any:
    """A constant in every lane."""
    return ir.Constant(kind, [value] * kind.count)


def spread(builder: Any, value: Any, count: int = LANES) -> Any:
    """`value` in each of `count` lanes."""
    empty = ir.Constant(ir.VectorType(value.type, count), ir.Undefined)
    one = builder.insert_element(empty, value, ir.Constant(WORD, 0))
    return builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(WORD, count), [0] * count))


def _binary(key: Any, whole: str, real: str | None, compares: str | None = None) -> None:
    """Let the operator `key` work on two values, or a value and a number: LLVM's instruction for each
    type.
    """

    class Typed(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            kinds = [kind for kind in args if isinstance(kind, Lanes)]
            if len(args) != 2 or not kinds or any(kind != kinds[0] for kind in kinds):
                return None
            own = [kind if isinstance(kind, Lanes) else kinds[0].one for kind in args]
            return signature(FLAGS if compares else kinds[0], *own)

    infer_global(key)(Typed)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        both = [
            value
            if isinstance(kind, Lanes)
            else spread(builder, context.get_value_as_data(builder, kind, value))
            for kind, value in zip(sig.args, args, strict=True)
        ]
        kind = next(kind for kind in sig.args if isinstance(kind, Lanes))
        name = real if kind == REALS and real else whole
        if compares:
            return getattr(builder, name)(compares, *both)
        return getattr(builder, name)(*both)

    for pair in ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes)):
        lower_builtin(key, *pair)(code)


for _key, _whole, _real in (
    (operator.add, "add", "fadd"),
    (operator.sub, "sub", "fsub"),
    (operator.mul, "mul", "fmul"),
    (operator.truediv, "sdiv", "fdiv"),
    (operator.and_, "and_", None),
    (operator.or_, "or_", None),
    (operator.xor, "xor", None),
    (operator.rshift, "ashr", None),
    (operator.lshift, "shl", None),
):
    _binary(_key, _whole, _real)
for _key, _sign in ((operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.eq, "==")):
    _binary(_key, "icmp_signed", "fcmp_ordered", _sign)


def _unary(result: Any, kind: Any, body: Callable[[Any, Any], Any]) -> Any:
    """A function of one value."""

    def typed(typing: Any, a: Any) -> Any:
        return result(kind), lambda _c, builder, _s, args: body(builder, args[0])

    return intrinsic(typed)


def _vector(builder: Any, pointer: Any, kind: Any) -> Any:
    return builder.bitcast(pointer, kind.code.as_pointer())


def _loaded(typing: Any, pointer: Any) -> Any:
    """The row a pointer to int32, uint32 or float32 points to."""
    kind = REALS if pointer.dtype == types.float32 else WHOLES

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_vector(builder, args[0], kind), align=4)

    return kind(pointer), code


def _stored(typing: Any, pointer: Any, value: Any) -> Any:
    """Put a value into the row a pointer points to."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[1], _vector(builder, args[0], value), align=4)
        return context.get_dummy_value()

    return types.none(pointer, value), code


def _packed(typing: Any, pointer: Any, value: Any) -> Any:
    """Put the low 16 bits of each lane into a row of uint16."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.VectorType(ir.IntType(16), LANES)
        builder.store(builder.trunc(args[1], kind), builder.bitcast(args[0], kind.as_pointer()), align=2)
        return context.get_dummy_value()

    return types.none(pointer, value), code


def _chosen(typing: Any, flags: Any, a: Any, b: Any) -> Any:
    """`a` where `flags` are true, else `b`."""
    return a(FLAGS, a, a), lambda _c, builder, _s, args: builder.select(*args)


def _ordered(sign: str) -> Callable[..., Any]:
    def typed(typing: Any, a: Any, b: Any) -> Any:
        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            compare = builder.fcmp_ordered if a == REALS else builder.icmp_signed
            return builder.select(compare(sign, *args), *args)

        return a(a, a), code

    return typed


def _mixed(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, rounded once."""
    return REALS(REALS, REALS, REALS), lambda _c, builder, _s, args: _call(
        builder, f"llvm.fma.v{LANES}f32", REALS.code, *args
    )


def _call(builder: Any, name: str, result: Any, *values: Any) -> Any:
    """Call a function that LLVM knows by name."""
    kind = ir.FunctionType(result, [value.type for value in values])
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    return builder.call(function, values)


def _rooted(builder: Any, a: Any) -> Any:
    return _call(builder, f"llvm.sqrt.v{LANES}f32", a.type, a)


def _counted(builder: Any, flags: Any) -> Any:
    """In how many lanes a flag is true."""
    word = ir.IntType(LANES)
    return builder.zext(_call(builder, f"llvm.ctpop.i{LANES}", word, builder.bitcast(flags, word)), LONG)


def _bits(builder: Any, flags: Any) -> Any:
    """The flags as the bits of a number, that of the first lane the least."""
    return builder.bitcast(flags, ir.IntType(LANES))


def _halves(builder: Any, value: Any) -> tuple[Any, Any]:
    """The even and the odd lanes as int64: two to each lane of 64 bits, so nothing moves between
    registers.
    """
    pairs = builder.bitcast(value, ir.VectorType(LONG, LANES // 2))
    by = _constant(pairs.type, 32)
    return builder.ashr(builder.shl(pairs, by), by), builder.ashr(pairs, by)


def _folded(builder: Any, value: Any) -> Any:
    """The sum of all lanes of a vector of int64."""
    count = value.type.count
    while count > 1:
        count //= 2
        picks = [ir.Constant(ir.VectorType(WORD, count), list(range(k, k + count))) for k in (0, count)]
        low, high = (builder.shuffle_vector(value, value, pick) for pick in picks)
        value = builder.add(low, high)
    return builder.extract_element(value, ir.Constant(WORD, 0))


def _summed(builder: Any, a: Any) -> Any:
    """The sum of all lanes, int64."""
    even, odd = _halves(builder, a)
    return _folded(builder, builder.add(even, odd))


def _dotted(builder: Any, a: Any, b: Any) -> Any:
    """The sum of the products of all lanes, int64."""
    products = [builder.mul(x, y) for x, y in zip(_halves(builder, a), _halves(builder, b), strict=True)]
    return _folded(builder, builder.add(*products))


def _outermost(sign: str) -> Callable[..., Any]:
    def body(builder: Any, value: Any) -> Any:
        count = LANES
        while count > 1:
            count //= 2
            picks = [ir.Constant(ir.VectorType(WORD, count), list(range(k, k + count))) for k in (0, count)]
            low, high = (builder.shuffle_vector(value, value, pick) for pick in picks)
            value = builder.select(builder.icmp_signed(sign, low, high), low, high)
        return builder.extract_element(value, ir.Constant(WORD, 0))

    return body


def _permutes() -> bool:
    """The processor looks up in a register of sixteen words."""
    return bool(binding.get_host_cpu_features().get("avx512f"))


def _parts(builder: Any, value: Any) -> list[Any]:
    """The lanes of a value, sixteen at a time."""
    return [
        builder.shuffle_vector(
            value, value, ir.Constant(ir.VectorType(WORD, PERMUTED), list(range(k, k + PERMUTED)))
        )
        for k in range(0, LANES, PERMUTED)
    ]


def joined(builder: Any, parts: list[Any]) -> Any:
    """The parts one behind the other."""
    while len(parts) > 1:
        count = 2 * parts[0].type.count
        order = ir.Constant(ir.VectorType(WORD, count), list(range(count)))
        parts = [builder.shuffle_vector(a, b, order) for a, b in zip(parts[::2], parts[1::2], strict=True)]
    return parts[0]


def _picked(entries: int) -> Callable[..., Any]:
    """An intrinsic that looks up in a table of so many float32 or int32: the element whose number the last
    bits of each lane are.
    """

    def typed(typing: Any, table: Any, places: Any) -> Any:
        kind = REALS if table.dtype == types.float32 else WHOLES

        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            look = _by_register if _permutes() else _by_steps
            reals = builder.bitcast(args[0], REAL.as_pointer())  # bits are only moved
            found = [look(builder, reals, part, entries) for part in _parts(builder, args[1])]
            return builder.bitcast(joined(builder, found), kind.code)

        return kind(table, WHOLES), code

    return typed


def _by_register(builder: Any, table: Any, places: Any, entries: int) -> Any:
    reals = ir.VectorType(REAL, PERMUTED)
    pieces = [
        builder.load(builder.bitcast(builder.gep(table, [ir.Constant(LONG, k)]), reals.as_pointer()), align=4)
        for k in range(0, entries, PERMUTED)
    ]
    if entries == PERMUTED:
        return _call(builder, "llvm.x86.avx512.permvar.sf.512", reals, pieces[0], places)
    return _call(builder, "llvm.x86.avx512.vpermi2var.ps.512", reals, pieces[0], places, pieces[1])


def _by_steps(builder: Any, table: Any, places: Any, entries: int) -> Any:
    found = ir.Constant(ir.VectorType(REAL, PERMUTED), ir.Undefined)
    for k in range(PERMUTED):
        lane = ir.Constant(WORD, k)
        place = builder.and_(builder.extract_element(places, lane), ir.Constant(WORD, entries - 1))
        value = builder.load(builder.gep(table, [builder.zext(place, LONG)]))
        found = builder.insert_element(found, value, lane)
    return found


def _gathered(typing: Any, table: Any, places: Any) -> Any:
    """The elements of a table of int32 at such places."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return joined(builder, [_gather(builder, args[0], part) for part in _parts(builder, args[1])])

    return WHOLES(table, WHOLES), code


def _gather(builder: Any, table: Any, places: Any) -> Any:
    """One part of `_gathered`, lane by lane where the processor has no instruction for it."""
    words = ir.VectorType(WORD, PERMUTED)
    found = ir.Constant(words, ir.Undefined)
    if _permutes():
        bits = _constant(ir.VectorType(BIT, PERMUTED), 1)
        base = builder.bitcast(table, ir.IntType(8).as_pointer())
        name, four = "llvm.x86.avx512.mask.gather.dpi.512", ir.Constant(WORD, 4)
        return _call(builder, name, words, found, base, places, bits, four)
    for k in range(PERMUTED):
        lane = ir.Constant(WORD, k)
        place = builder.sext(builder.extract_element(places, lane), LONG)
        found = builder.insert_element(found, builder.load(builder.gep(table, [place])), lane)
    return found


def _shared_out(typing: Any, a: Any, share: Any) -> Any:
    """How often the reciprocal of `share` goes into each whole number, as float64 tells it."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wide_one = ir.VectorType(ir.DoubleType(), LANES)
        each = builder.fadd(builder.sitofp(args[0], wide_one), _constant(wide_one, 0.5))
        return builder.fptosi(builder.fmul(each, spread(builder, args[1])), WHOLES.code)

    return WHOLES(WHOLES, types.float64), code


def _dotting(typing: Any, a: Any, b: Any) -> Any:
    """The sum of the products of all lanes, int64."""
    return types.int64(WHOLES, WHOLES), lambda _c, builder, _s, args: _dotted(builder, *args)


load: Any = intrinsic(_loaded)
store: Any = intrinsic(_stored)
pack: Any = intrinsic(_packed)
choose: Any = intrinsic(_chosen)
least: Any = intrinsic(_ordered("<"))
most: Any = intrinsic(_ordered(">"))
mixed: Any = intrinsic(_mixed)
gathered: Any = intrinsic(_gathered)
shared_out: Any = intrinsic(_shared_out)
dotted: Any = intrinsic(_dotting)
picked16: Any = intrinsic(_picked(16))
picked32: Any = intrinsic(_picked(32))
wholes = _unary(WHOLES, types.int32, spread)  # a number in every lane
reals = _unary(REALS, types.float32, spread)
real_of = _unary(REALS, WHOLES, lambda builder, a: builder.sitofp(a, REALS.code))
whole_of = _unary(WHOLES, REALS, lambda builder, a: builder.fptosi(a, WHOLES.code))  # towards zero
bits_of = _unary(WHOLES, REALS, lambda builder, a: builder.bitcast(a, WHOLES.code))
real_with = _unary(REALS, WHOLES, lambda builder, a: builder.bitcast(a, REALS.code))
rooted = _unary(REALS, REALS, _rooted)
counted = _unary(types.int64, FLAGS, _counted)
bits_in = _unary(types.uint64, FLAGS, _bits)
summed = _unary(types.int64, WHOLES, _summed)
smallest = _unary(types.int32, WHOLES, _outermost("<"))
largest = _unary(types.int32, WHOLES, _outermost(">"))

__all__ = [
    "FLAGS",
    "LONG",
    "REALS",
    "WHOLES",
    "WORD",
    "Lanes",
    "bits_in",
    "bits_of",
    "choose",
    "counted",
    "dotted",
    "largest",
    "least",
    "load",
    "mixed",
    "most",
    "pack",
    "picked16",
    "gathered",
    "joined",
    "picked32",
    "real_of",
    "real_with",
    "reals",
    "rooted",
    "shared_out",
    "smallest",
    "spread",
    "store",
    "summed",
    "whole_of",
    "wholes",
]
