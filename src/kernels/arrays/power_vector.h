/* Template: powers of arrays in vectors, from `raise` and `all_fit` of one vector's type. */
/* SPDX-License-Identifier: MIT */
/* No include guard: included once for each type. */

/*
 * The plain loop does what is left over: items up to where whole vectors can be stored, those after
 * the last group, and a group with an item that overflows, to find which. In groups: all items of
 * one are loaded and checked before any is stored, so that in place none is lost.
 */
INLINE size_t NAME(raise_all)(const void *from, void *to, size_t n, bool stream, cw_power power,
                              cw_overflow overflow)
{
    cw_leaf_power *const plain = cw_leaf_ops_ref.power[power][TYPE][overflow];
    const size_t per_vector = VECTOR_BYTES / sizeof(ITEM);
    const ITEM *x = from;
    ITEM *y = to;
    size_t i = bytes_to_boundary(to) / sizeof(ITEM);
    if (i >= n)
        return plain(x, y, n, false);
    const size_t done = plain(x, y, i, false);
    if (done < i)
        return done;
    for (; n - i >= GROUP * per_vector; i += GROUP * per_vector) {
        NAME(vector) items[GROUP];
        for (size_t k = 0; k < GROUP; k++)
            memcpy(&items[k], x + i + k * per_vector, sizeof items[k]);
        if (overflow == CW_OVERFLOW_ERROR && !NAME(all_fit)(items, power))
            break;
        for (size_t k = 0; k < GROUP; k++) {
            const NAME(vector) product = NAME(raise)(items[k], power, overflow);
            store_vector(y + i + k * per_vector, (words)product, stream);
        }
    }
    return i + plain(x + i, y + i, n - i, false);
}

/* All but the arrays is constant in each copy of the loop. */
#undef POWER_FUNCTION
#define POWER_FUNCTION(name, power, overflow)                                                      \
    static size_t NAME(name)(const void *x, void *y, size_t n, bool stream)                        \
    {                                                                                              \
        return stream ? NAME(raise_all)(x, y, n, true, power, overflow)                            \
                      : NAME(raise_all)(x, y, n, false, power, overflow);                          \
    }
