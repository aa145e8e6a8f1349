"""What kernels need beyond Numba's own: pointers, bits of a float, fused products, wide vectors.

A kernel works on rows of LANES trials. Loops over a fixed number of lanes become a few vector instructions. A
pointer is one word where an array is seven and counts its owners, so passing it on costs nothing, nor does
compiling it; the caller keeps the array alive.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

LANES = 64  # trials of a block
LINE = 64  # bytes of a line of the cache


def _flat(typing: Any, array: Any) -> Any:
    """A pointer to the first element of a C-contiguous array; of truth values as uint8. TypeError for other
    arrays.
    """
    if array.layout != "C":
        raise TypeError("rows of such an array do not follow one another")
    dtype = types.uint8 if array.dtype == types.boolean else array.dtype

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        view = make_array(signature.args[0])(context, builder, args[0])
        return builder.bitcast(view.data, context.get_value_type(signature.return_type))

    return types.CPointer(dtype)(array), code


def _bare(kind: Any) -> Any:
    """The type of `kind` with a pointer for every array in it."""
    if isinstance(kind, types.Array):
        if kind.layout != "C":
            raise TypeError("rows of such an array do not follow one another")
        return types.CPointer(types.uint8 if kind.dtype == types.boolean else kind.dtype)
    if isinstance(kind, types.NamedTuple):
        return types.NamedTuple([_bare(one) for one in kind.types], kind.instance_class)
    return kind


def _bared(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """A value of type `kind` as one of `_bare(kind)`."""
    if isinstance(kind, types.Array):
        view = make_array(kind)(context, builder, value)
        return builder.bitcast(view.data, context.get_value_type(_bare(kind)))
    if isinstance(kind, types.NamedTuple):
        parts = [
            _bared(context, builder, one, builder.extract_value(value, k)) for k, one in enumerate(kind.types)
        ]
        return context.make_tuple(builder, _bare(kind), parts)
    return value


def _flats(typing: Any, arrays: Any) -> Any:
    """The same named tuple with pointers in place of its arrays, those of tuples in it too: a function it
    is handed to counts no owners.
    """
    return _bare(arrays)(arrays), lambda context, builder, _s, args: _bared(context, builder, arrays, args[0])


def _row(typing: Any, pointer: Any, n: Any) -> Any:
    """The pointer to row `n` of an array whose rows have LANES elements."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        lanes = context.get_constant(types.int64, LANES)
        return builder.gep(args[0], [builder.mul(args[1], lanes)])

    return pointer(pointer, types.int64), code


def _at(typing: Any, pointer: Any, n: Any) -> Any:
    """The pointer to element `n`."""
    return pointer(pointer, types.int64), lambda _c, builder, _s, args: builder.gep(args[0], [args[1]])


def _as_float(typing: Any, x: Any) -> Any:
    """The float32 whose bits are those of an int32."""
    return types.float32(types.int32), lambda _c, builder, _s, args: builder.bitcast(args[0], ir.FloatType())


def _as_bits(typing: Any, x: Any) -> Any:
    """The bits of a float32 as int32."""
    return types.int32(types.float32), lambda _c, builder, _s, args: builder.bitcast(args[0], ir.IntType(32))


def _fused(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c in float32, rounded once: named, so that it is the same on every machine."""
    one = types.float32
    return one(one, one, one), lambda _c, builder, _s, args: builder.fma(*args)


def _wide(typing: Any) -> Any:
    """Let the function that calls it use the widest vectors there are; LLVM is shy of them on some
    processors.

    What is computed does not change. The attribute is LLVM's; llvmlite's own set knows only names without
    values.
    """

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.none(), code


def _within(typing: Any) -> Any:
    """Put the function that calls it into each that calls that one: handing on a hundred pointers costs more
    than a row of trials.
    """

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.function.attributes.add("alwaysinline")
        return context.get_dummy_value()

    return types.none(), code


def aligned(shape: tuple[int, ...], dtype: Any = np.int32) -> np.ndarray:
    """Zeros that begin where a line of the cache does, so that no vector lies across two. C-contiguous.

    Pages that nothing touches take no memory.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    room = np.zeros(size + LINE, np.uint8)
    first = -room.ctypes.data % LINE
    found: np.ndarray = room[first : first + size].view(dtype).reshape(shape)
    return found


as_float: Any = intrinsic(_as_float)
as_bits: Any = intrinsic(_as_bits)
fused: Any = intrinsic(_fused)
at: Any = intrinsic(_at)
flat: Any = intrinsic(_flat)
flats: Any = intrinsic(_flats)
row: Any = intrinsic(_row)
wide: Any = intrinsic(_wide)
within: Any = intrinsic(_within)

__all__ = [
    "LANES",
    "aligned",
    "as_bits",
    "as_float",
    "at",
    "flat",
    "flats",
    "fused",
    "row",
    "wide",
    "within",
]
