/* The array loops of every level: powers against division, sums and copies against the plain loops,
 * with guards around what they write. */
/* SPDX-License-Identifier: MIT */
#include "arrays_items.h"

#include "kernels/arrays/leaf.h"

#include <math.h>

enum { GUARD = 256, ITEMS_MOST = 8193, BYTES_MOST = GUARD + 8 * (ITEMS_MOST + 16) + GUARD };
enum { POISON = 0xa5 };

static const size_t sizes[] = {0,  1,  2,  3,  4,  5,   7,   8,   9,   15,  16,  17,   31,   32,
                               33, 47, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1001, 8192, 8193};

/* Room for one array, aligned to more than any vector. */
typedef struct room {
    _Alignas(128) unsigned char bytes[BYTES_MOST];
} room;

static room x_room, y_room, before;

/* The items of a room begin `shift` items past the alignment. */
static unsigned char *items_of(room *r, cw_number type, size_t shift)
{
    return r->bytes + GUARD + shift * cw_number_bytes(type);
}

static void poison(room *r)
{
    memset(r->bytes, POISON, sizeof r->bytes);
}

/* What a message calls the present case. */
static struct {
    cw_isa isa;
    cw_power power;
    cw_number type;
    cw_overflow overflow;
    size_t n, x_shift, y_shift;
    bool in_place, stream;
} now;

static void fail_at(const char *what, size_t i)
{
    fail_msg("%s at item %zu: %s %s of %s, overflow %d, n %zu, shifts %zu and %zu%s%s", what, i,
             cw_isa_name(now.isa), now.power == CW_POWER_CUBE ? "cube" : "square",
             cw_number_name(now.type), (int)now.overflow, now.n, now.x_shift, now.y_shift,
             now.in_place ? ", in place" : "", now.stream ? ", streamed" : "");
}

/* Nothing outside the items [0, n) of y may differ from what was there before. */
static void check_around(const unsigned char *y, size_t n)
{
    const size_t begin = (size_t)(y - y_room.bytes), end = begin + n * cw_number_bytes(now.type);
    if (memcmp(y_room.bytes, before.bytes, begin) != 0)
        fail_at("written below the array", 0);
    if (memcmp(y_room.bytes + end, before.bytes + end, sizeof y_room.bytes - end) != 0)
        fail_at("written past what was done", n);
}

/* Run the present case on the x that is filled in; returns how far it got. */
static size_t run_power(const void *x, unsigned char *y)
{
    const cw_leaf_ops *ops = cw_leaf_ops_for(now.isa);
    memcpy(before.bytes, y_room.bytes, sizeof before.bytes);
    const size_t done = ops->power[now.power][now.type][now.overflow](x, y, now.n, now.stream);
    ops->fence();
    check_around(y, done);
    return done;
}

/* x for the present case: in x_room, and where the loop is to read it. */
static const void *place_x(unsigned char *y)
{
    const void *x = items_of(&x_room, now.type, now.x_shift);
    if (!now.in_place)
        return x;
    memcpy(y, x, now.n * cw_number_bytes(now.type));
    return y;
}

static void integer_case(void)
{
    void *x = items_of(&x_room, now.type, now.x_shift);
    unsigned char *y = items_of(&y_room, now.type, now.y_shift);
    const bool error = now.overflow == CW_OVERFLOW_ERROR;
    poison(&y_room);
    for (size_t i = 0; i < now.n; i++)
        put_integer(now.type, x, i,
                    error ? fitting_integer(now.power, now.type) : random_integer(now.type));
    /* Up to two items that overflow, so that the lowest has to be found. */
    for (uint64_t k = error && now.n > 0 ? cw_test_below(3) : 0; k > 0; k--)
        put_integer(now.type, x, cw_test_below(now.n), overflowing_integer(now.power, now.type));
    const size_t done = run_power(place_x(y), y);
    for (size_t i = 0; i < now.n; i++) {
        const integer item = integer_at(now.type, x, i);
        const bool stop = error && !power_fits(now.power, now.type, item);
        if (stop != (i == done))
            fail_at(stop ? "overflow not seen" : "stopped for nothing", i);
        if (stop)
            return;
        uint64_t want;
        put_integer(now.type, &want, 0, power_of(now.power, now.type, item, now.overflow));
        const size_t bytes = cw_number_bytes(now.type);
        if (memcmp(y + i * bytes, &want, bytes) != 0)
            fail_at("wrong result", i);
    }
    assert_int_equal(done, now.n);
}

static void float_case(void)
{
    void *x = items_of(&x_room, now.type, now.x_shift);
    unsigned char *y = items_of(&y_room, now.type, now.y_shift);
    poison(&y_room);
    for (size_t i = 0; i < now.n; i++)
        put_random_float(now.type, x, i);
    assert_int_equal(run_power(place_x(y), y), now.n);
    for (size_t i = 0; i < now.n; i++) {
        volatile float single = 0;
        volatile double twice = 0;
        const size_t bytes = cw_number_bytes(now.type);
        if (now.type == CW_NUMBER_F32) {
            const float item = ((const float *)x)[i];
            single = item * item;
            if (now.power == CW_POWER_CUBE)
                single = single * item;
        } else {
            const double item = ((const double *)x)[i];
            twice = item * item;
            if (now.power == CW_POWER_CUBE)
                twice = twice * item;
        }
        const float want32 = single;
        const double want64 = twice;
        const void *want = now.type == CW_NUMBER_F32 ? (const void *)&want32 : &want64;
        if (memcmp(y + i * bytes, want, bytes) != 0)
            fail_at("wrong result", i);
    }
}

/* Every size, alignment and way of storing of one loop. */
static void each_shape(void (*one_case)(void))
{
    for (size_t s = 0; s < COUNT(sizes); s++) {
        for (size_t shifts = 0; shifts < 8; shifts++) {
            now.n = sizes[s];
            now.x_shift = shifts % 2;
            now.y_shift = shifts % 4;
            now.in_place = shifts >= 4;
            now.stream = false;
            one_case();
            now.stream = true;
            if (!now.in_place)
                one_case();
        }
    }
}

static void test_integer_powers(void **state)
{
    (void)state;
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        for (size_t t = 0; t < COUNT(integers); t++) {
            for (size_t p = 0; p < COUNT(powers); p++) {
                for (size_t o = 0; o < COUNT(overflows); o++) {
                    now.type = integers[t];
                    now.power = powers[p];
                    now.overflow = overflows[o];
                    each_shape(integer_case);
                }
            }
        }
    }
}

static void test_float_powers(void **state)
{
    (void)state;
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        for (size_t p = 0; p < COUNT(powers); p++) {
            now.power = powers[p];
            now.overflow = overflows[p];
            now.type = CW_NUMBER_F32;
            each_shape(float_case);
            now.type = CW_NUMBER_F64;
            each_shape(float_case);
        }
    }
}

/* Each place where an overflow can be, on its own: in a vector, between vectors, in the ends. */
static void test_every_failing_index(void **state)
{
    (void)state;
    now.overflow = CW_OVERFLOW_ERROR;
    now.n = 150;
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        for (size_t t = 0; t < COUNT(integers); t++) {
            now.type = integers[t];
            now.power = powers[t % 2];
            now.y_shift = 1;
            void *x = items_of(&x_room, now.type, 0);
            unsigned char *y = items_of(&y_room, now.type, now.y_shift);
            for (size_t i = 0; i < now.n; i++)
                put_integer(now.type, x, i, fitting_integer(now.power, now.type));
            for (size_t i = 0; i < now.n; i++) {
                const integer kept = integer_at(now.type, x, i);
                put_integer(now.type, x, i, overflowing_integer(now.power, now.type));
                poison(&y_room);
                if (run_power(x, y) != i)
                    fail_at("overflow not seen", i);
                put_integer(now.type, x, i, kept);
            }
        }
    }
}

/* The bounds in the header are those that division finds. */
static void test_bounds(void **state)
{
    (void)state;
    const struct {
        cw_power power;
        cw_number type;
        uint64_t least, most; /* magnitudes */
    } bounds[] = {
        {CW_POWER_SQUARE, CW_NUMBER_I32, -CW_SQUARE_LEAST_i32, CW_SQUARE_MOST_i32},
        {CW_POWER_SQUARE, CW_NUMBER_I64, -CW_SQUARE_LEAST_i64, CW_SQUARE_MOST_i64},
        {CW_POWER_SQUARE, CW_NUMBER_U32, CW_SQUARE_LEAST_u32, CW_SQUARE_MOST_u32},
        {CW_POWER_SQUARE, CW_NUMBER_U64, CW_SQUARE_LEAST_u64, CW_SQUARE_MOST_u64},
        {CW_POWER_CUBE, CW_NUMBER_I32, -CW_CUBE_LEAST_i32, CW_CUBE_MOST_i32},
        {CW_POWER_CUBE, CW_NUMBER_I64, -CW_CUBE_LEAST_i64, CW_CUBE_MOST_i64},
        {CW_POWER_CUBE, CW_NUMBER_U32, CW_CUBE_LEAST_u32, CW_CUBE_MOST_u32},
        {CW_POWER_CUBE, CW_NUMBER_U64, CW_CUBE_LEAST_u64, CW_CUBE_MOST_u64},
    };
    for (size_t b = 0; b < COUNT(bounds); b++) {
        const cw_power power = bounds[b].power;
        const cw_number type = bounds[b].type;
        assert_true(greatest_fitting(power, type, false) == bounds[b].most);
        if (is_signed(type))
            assert_true(greatest_fitting(power, type, true) == bounds[b].least);
    }
}

static void check_integer_sum(cw_number type, const void *x, size_t n)
{
    cw_sum_partial want, got;
    cw_leaf_ops_ref.sum[type](x, n, &want);
    cw_leaf_ops_for(now.isa)->sum[type](x, n, &got);
    if (want.integer.low != got.integer.low || want.integer.high != got.integer.high)
        fail_msg("%s sum of %zu %s", cw_isa_name(now.isa), n, cw_number_name(type));
}

static void test_integer_sums(void **state)
{
    (void)state;
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        for (size_t t = 0; t < COUNT(integers); t++) {
            for (size_t s = 0; s < COUNT(sizes); s++) {
                const cw_number type = integers[t];
                void *x = items_of(&x_room, type, s % 3);
                for (size_t i = 0; i < sizes[s]; i++)
                    put_integer(type, x, i, random_integer(type));
                check_integer_sum(type, x, sizes[s]);
            }
        }
    }
}

/* A whole block of the extremes, the most that the sums inside have to hold. */
static void test_extreme_sums(void **state)
{
    (void)state;
    static uint64_t x[CW_SUM_BLOCK];
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        const cw_leaf_ops *ops = cw_leaf_ops_for(now.isa);
        cw_sum_partial sum;
        memset(x, 0xff, sizeof x);
        ops->sum[CW_NUMBER_U64](x, CW_SUM_BLOCK, &sum); /* 2^15 (2^64 - 1) */
        assert_true(sum.integer.high == 32767 && sum.integer.low == -UINT64_C(32768));
        ops->sum[CW_NUMBER_U32](x, CW_SUM_BLOCK, &sum); /* 2^15 (2^32 - 1) */
        assert_true(sum.integer.high == 0 && sum.integer.low == UINT64_C(0x7fffffff8000));
        ops->sum[CW_NUMBER_I64](x, CW_SUM_BLOCK, &sum);
        assert_true(sum.integer.high == -1 && sum.integer.low == -UINT64_C(32768));
        for (size_t i = 0; i < CW_SUM_BLOCK; i++)
            x[i] = UINT64_C(1) << 63;
        ops->sum[CW_NUMBER_I64](x, CW_SUM_BLOCK, &sum); /* -2^78 */
        assert_true(sum.integer.high == -16384 && sum.integer.low == 0);
        for (size_t i = 0; i < CW_SUM_BLOCK; i++)
            x[i] = UINT64_C(0x8000000080000000);
        ops->sum[CW_NUMBER_I32](x, CW_SUM_BLOCK, &sum); /* -2^46 */
        assert_true(sum.integer.high == -1 && sum.integer.low == -(UINT64_C(1) << 46));
    }
}

/* Which NaN is left depends on the compiler, so all count as one. */
static bool same_float(double a, double b)
{
    return (isnan(a) && isnan(b)) || bits_of(a) == bits_of(b);
}

static void check_float_sum(cw_number type, const void *x, size_t n)
{
    cw_sum_partial want, got;
    cw_leaf_ops_ref.sum[type](x, n, &want);
    cw_leaf_ops_for(now.isa)->sum[type](x, n, &got);
    if (!same_float(want.real.sum, got.real.sum) || !same_float(want.real.rest, got.real.rest) ||
        got.real.scaled)
        fail_msg("%s sum of %zu %s: %a + %a, not %a + %a", cw_isa_name(now.isa), n,
                 cw_number_name(type), got.real.sum, got.real.rest, want.real.sum, want.real.rest);
}

static void test_float_sums(void **state)
{
    (void)state;
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        for (size_t s = 0; s < COUNT(sizes); s++) {
            for (size_t shift = 0; shift < 3; shift++) {
                const size_t n = sizes[s];
                float *x32 = (void *)items_of(&x_room, CW_NUMBER_F32, shift);
                for (size_t i = 0; i < n; i++)
                    put_random_float(CW_NUMBER_F32, x32, i);
                check_float_sum(CW_NUMBER_F32, x32, n);
                for (size_t i = 0; i < n; i++)
                    x32[i] = ldexpf((float)cw_test_random(), (int)cw_test_below(80) - 100);
                check_float_sum(CW_NUMBER_F32, x32, n);
                double *x64 = (void *)items_of(&x_room, CW_NUMBER_F64, shift);
                for (size_t i = 0; i < n; i++)
                    put_random_float(CW_NUMBER_F64, x64, i);
                check_float_sum(CW_NUMBER_F64, x64, n);
                for (size_t i = 0; i < n; i++)
                    x64[i] = ldexp((double)(int64_t)cw_test_random(), (int)cw_test_below(200));
                check_float_sum(CW_NUMBER_F64, x64, n);
            }
        }
    }
}

/* Bits that must not change, with any compiler, or results do from one release to the next. */
static void test_float_sum_bits(void **state)
{
    (void)state;
    double *x = (void *)items_of(&x_room, CW_NUMBER_F64, 0);
    uint64_t bits = 1;
    for (size_t i = 0; i < ITEMS_MOST; i++) {
        bits = bits * UINT64_C(6364136223846793005) + 1;
        x[i] = ldexp((double)(int64_t)bits, (int)(bits >> 40 & 127));
    }
    cw_sum_partial sum;
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        cw_leaf_ops_for(now.isa)->sum[CW_NUMBER_F64](x, ITEMS_MOST, &sum);
        if (sum.real.sum != -0x1.bd146dc45059fp+191 || sum.real.rest != -0x1.1174ed9ba4a34p+139)
            fail_msg("%s: %a + %a", cw_isa_name(now.isa), sum.real.sum, sum.real.rest);
    }
}

static void test_copy_and_read(void **state)
{
    (void)state;
    now.type = CW_NUMBER_I32; /* of which a byte count is made */
    for (now.isa = CW_ISA_REFERENCE; now.isa <= cw_isa_detect(); now.isa++) {
        const cw_leaf_ops *ops = cw_leaf_ops_for(now.isa);
        for (size_t s = 0; s < COUNT(sizes); s++) {
            for (size_t shift = 0; shift < 4; shift++) {
                now.n = sizes[s];
                const unsigned char *x = items_of(&x_room, now.type, shift % 3);
                unsigned char *y = items_of(&y_room, now.type, shift);
                for (size_t i = 0; i < sizeof x_room.bytes; i++)
                    x_room.bytes[i] = (unsigned char)cw_test_random();
                assert_true(ops->read(x, now.n * 4) == cw_leaf_ops_ref.read(x, now.n * 4));
                for (int stream = 0; stream < 2; stream++) {
                    poison(&y_room);
                    memcpy(before.bytes, y_room.bytes, sizeof before.bytes);
                    ops->copy(x, y, now.n * 4, stream);
                    ops->fence();
                    check_around(y, now.n);
                    assert_memory_equal(x, y, now.n * 4);
                }
            }
        }
    }
}

int main(int argc, char **argv)
{
    cw_test_seed(argc, argv, 20260101);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),        cmocka_unit_test(test_integer_powers),
        cmocka_unit_test(test_float_powers),  cmocka_unit_test(test_every_failing_index),
        cmocka_unit_test(test_integer_sums),  cmocka_unit_test(test_extreme_sums),
        cmocka_unit_test(test_float_sums),    cmocka_unit_test(test_float_sum_bits),
        cmocka_unit_test(test_copy_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
