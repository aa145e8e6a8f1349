"""What kernels need beyond Numba's own: pointers, bits of a float, fused products, wide vectors.

A kernel works on rows of LANES trials. Loops over a fixed number of lanes become a few vector instructions. A
pointer is one word where an array is seven and counts its owners, so passing it on costs nothing, nor does
compiling it; the caller keeps the array alive.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

LANES = 64  # trials of a block


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


as_float: Any = intrinsic(_as_float)
as_bits: Any = intrinsic(_as_bits)
fused: Any = intrinsic(_fused)
at: Any = intrinsic(_at)
flat: Any = intrinsic(_flat)
row: Any = intrinsic(_row)
wide: Any = intrinsic(_wide)

__all__ = ["LANES", "as_bits", "as_float", "at", "flat", "fused", "row", "wide"]
