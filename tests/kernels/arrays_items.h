/* Hostile items of every type, and what their powers must be, worked out by another road than the
 * library's: by division. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_TEST_ARRAYS_ITEMS_H
#define CW_TEST_ARRAYS_ITEMS_H

#include "cw_test.h"

#include "kernels/arrays/elementwise.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const cw_number integers[] = {CW_NUMBER_I32, CW_NUMBER_I64, CW_NUMBER_U32, CW_NUMBER_U64};
static const cw_power powers[] = {CW_POWER_SQUARE, CW_POWER_CUBE};
static const cw_overflow overflows[] = {CW_OVERFLOW_ERROR, CW_OVERFLOW_WRAP, CW_OVERFLOW_SATURATE};

/* An integer taken apart: any type's. */
typedef struct integer {
    uint64_t magnitude;
    bool negative;
} integer;

static inline int type_bits(cw_number type)
{
    return (int)cw_number_bytes(type) * 8;
}

static inline bool is_signed(cw_number type)
{
    return type == CW_NUMBER_I32 || type == CW_NUMBER_I64;
}

/* Floats are compared by their bits: -0 is not 0 here, and a NaN is itself. */
static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The greatest magnitude that the type has on that side of zero. */
static inline uint64_t limit_of(cw_number type, bool negative)
{
    const uint64_t all = UINT64_MAX >> (64 - type_bits(type));
    return !is_signed(type) ? all : (all >> 1) + negative;
}

static inline integer integer_at(cw_number type, const void *items, size_t i)
{
    int64_t value;
    switch (type) {
    case CW_NUMBER_I32:
        value = ((const int32_t *)items)[i];
        break;
    case CW_NUMBER_I64:
        value = ((const int64_t *)items)[i];
        break;
    case CW_NUMBER_U32:
        return (integer){((const uint32_t *)items)[i], false};
    default:
        return (integer){((const uint64_t *)items)[i], false};
    }
    return (integer){value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0};
}

/* The low bits of the value, whatever the type. */
static inline void put_integer(cw_number type, void *items, size_t i, integer value)
{
    const uint64_t bits = value.negative ? -value.magnitude : value.magnitude;
    if (cw_number_bytes(type) == 4)
        ((uint32_t *)items)[i] = (uint32_t)bits;
    else
        ((uint64_t *)items)[i] = bits;
}

/* floor(limit / m / m) >= m is m * m * m <= limit. */
static inline bool power_fits(cw_power power, cw_number type, integer x)
{
    const uint64_t m = x.magnitude;
    const bool negative = x.negative && power == CW_POWER_CUBE;
    if (m == 0)
        return true;
    const uint64_t quotient = limit_of(type, negative) / m;
    return (power == CW_POWER_CUBE ? quotient / m : quotient) >= m;
}

static inline integer power_of(cw_power power, cw_number type, integer x, cw_overflow overflow)
{
    const bool negative = x.negative && power == CW_POWER_CUBE;
    if (overflow == CW_OVERFLOW_SATURATE && !power_fits(power, type, x))
        return (integer){limit_of(type, negative), negative};
    const uint64_t m = x.magnitude;
    return (integer){power == CW_POWER_CUBE ? m * m * m : m * m, negative};
}

/* The greatest magnitude whose power fits, by bisection. */
static inline uint64_t greatest_fitting(cw_power power, cw_number type, bool negative)
{
    uint64_t low = 0, high = limit_of(type, negative);
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2 + 1;
        if (power_fits(power, type, (integer){middle, negative}))
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Any bits, or small, or an extreme, or within 2 of where a power begins to overflow. */
static inline integer random_integer(cw_number type)
{
    const bool negative = is_signed(type) && cw_test_below(2);
    const uint64_t limit = limit_of(type, negative);
    uint64_t magnitude = cw_test_random();
    switch (cw_test_below(5)) {
    case 0:
        magnitude = greatest_fitting(powers[cw_test_below(2)], type, negative) + magnitude % 5 - 2;
        break;
    case 1:
        magnitude %= 4;
        break;
    case 2:
        magnitude = limit - magnitude % 3;
        break;
    default:
        magnitude = (magnitude & limit) >> cw_test_below((uint64_t)type_bits(type));
        break;
    }
    return (integer){magnitude, negative && magnitude != 0};
}

/* One whose power fits, as far as the bound. */
static inline integer fitting_integer(cw_power power, cw_number type)
{
    const bool negative = is_signed(type) && cw_test_below(2);
    const uint64_t greatest = greatest_fitting(power, type, negative);
    const uint64_t random = cw_test_random();
    const uint64_t magnitude = random % 4 == 0 ? greatest : random % (greatest + 1);
    return (integer){magnitude, negative && magnitude != 0};
}

/* One whose power does not, often only just. */
static inline integer overflowing_integer(cw_power power, cw_number type)
{
    const bool negative = is_signed(type) && cw_test_below(2);
    const uint64_t least = greatest_fitting(power, type, negative) + 1;
    const uint64_t limit = limit_of(type, negative);
    return (integer){cw_test_below(2) ? least : least + cw_test_random() % (limit - least + 1),
                     negative};
}

/* Bit patterns that floating-point code gets wrong: zeros, denormals, infinities, NaN, limits. */
static inline void put_random_float(cw_number type, void *items, size_t i)
{
    static const uint64_t odd64[] = {0,
                                     UINT64_C(1) << 63,
                                     1,
                                     UINT64_C(0x000fffffffffffff),
                                     UINT64_C(0x0010000000000000),
                                     UINT64_C(0x7fefffffffffffff),
                                     UINT64_C(0xffefffffffffffff),
                                     UINT64_C(0x7ff0000000000000),
                                     UINT64_C(0xfff0000000000000),
                                     UINT64_C(0x7ff8000000000123),
                                     UINT64_C(0x5fefffffffffffff),
                                     UINT64_C(0x5ff0000000000000),
                                     UINT64_C(0x1e60000000000001),
                                     UINT64_C(0x3ff0000000000001)};
    static const uint32_t odd32[] = {0,          0x80000000, 1,          0x007fffff, 0x00800000,
                                     0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00123,
                                     0x5f7fffff, 0x5f800000, 0x1a000001, 0x3f800001};
    const bool odd = cw_test_below(4) == 0;
    const uint64_t bits = cw_test_random();
    const uint32_t narrow = odd ? odd32[bits % COUNT(odd32)] : (uint32_t)bits;
    const uint64_t wide = odd ? odd64[bits % COUNT(odd64)] : bits;
    const size_t bytes = cw_number_bytes(type);
    memcpy((char *)items + i * bytes, type == CW_NUMBER_F32 ? (const void *)&narrow : &wide, bytes);
}

#endif
