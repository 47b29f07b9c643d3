/* Names for functions that a template file defines once for each type: NAME(sum) is sum_i32 where
 * SUFFIX is i32. The file that includes a template defines SUFFIX, ITEM and what else it names. */
/* SPDX-License-Identifier: MIT */
#ifndef CW_KERNELS_ARRAYS_TEMPLATE_H
#define CW_KERNELS_ARRAYS_TEMPLATE_H

#define JOIN_TEXT(a, b) a##_##b
#define JOIN(a, b)      JOIN_TEXT(a, b)
#define NAME(function)  JOIN(function, SUFFIX)

/* One loop that is told by constants what to do is as many loops, without branches, as it is called
 * from places. */
#define INLINE static inline __attribute__((always_inline))

/* The rows of a table of powers, in the order of cw_overflow and of cw_number. */
#define INTEGER_ROW(power, suffix)                                                                 \
    {                                                                                              \
        power##_error_##suffix, power##_wrap_##suffix, power##_saturate_##suffix                   \
    }
#define FLOAT_ROW(power, suffix)                                                                   \
    {                                                                                              \
        power##_##suffix, power##_##suffix, power##_##suffix                                       \
    }
#define POWER_ROWS(power)                                                                          \
    {                                                                                              \
        INTEGER_ROW(power, i32), INTEGER_ROW(power, i64), INTEGER_ROW(power, u32),                 \
            INTEGER_ROW(power, u64), FLOAT_ROW(power, f32), FLOAT_ROW(power, f64)                  \
    }

#endif
