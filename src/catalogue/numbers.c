/* Loads numbers, or makes them up with the threads that will work on them. */
/* SPDX-License-Identifier: MIT */
#include "catalogue/numbers.h"

#include "base/quote.h"

#include <chunkwise/loop.h>

cw_status cw_numbers_load(cw_numbers *numbers, const char *path, unsigned types,
                          cw_number text_type, cw_error *error)
{
    *numbers = (cw_numbers){0};
    const cw_status status = cw_array_load(path, types, text_type, &numbers->file, error);
    if (status != CW_OK)
        return status;
    numbers->layout = numbers->file.layout;
    numbers->data = numbers->file.data;
    return CW_OK;
}

/* SplitMix: G. Steele, D. Lea, C. Flood, OOPSLA 2014. */
static uint64_t scattered_number(uint64_t i)
{
    uint64_t value = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

static int64_t small_number(uint64_t i)
{
    return (int64_t)(i % 1291 * 7919 % 1291);
}

/* One body for each type. */
#define FILL(name, type, expression)                                                               \
    static cw_status name(void *context, const cw_span *span)                                      \
    {                                                                                              \
        type *made = context;                                                                      \
        for (uint64_t i = span->begin; i < span->end; i++)                                         \
            made[i] = (type)(expression);                                                          \
        return CW_OK;                                                                              \
    }

FILL(fill_i32, int32_t, small_number(i) - 645)
FILL(fill_i64, int64_t, small_number(i) - 645)
FILL(fill_u32, uint32_t, small_number(i))
FILL(fill_u64, uint64_t, small_number(i))
FILL(fill_f32, float, (double)(small_number(i) - 645) / 1000)
FILL(fill_f64, double, (double)(small_number(i) - 645) / 1000)
FILL(fill_scattered, uint64_t, scattered_number(i))

static cw_status no_room(cw_status status, uint64_t count, cw_number type, cw_error *error)
{
    return cw_error_set(error, status, CW_NO_INDEX, NULL, "%llu numbers of type %s: %s",
                        (unsigned long long)count, cw_number_name(type), cw_status_text(status));
}

static cw_status make(cw_numbers *numbers, uint64_t count, cw_number type, cw_for_body *fill,
                      const cw_plan *plan, cw_error *error)
{
    /* Where addresses have 32 bits, more can be asked for than they tell apart. */
    if ((size_t)count != count)
        return no_room(CW_ERR_NO_MEMORY, count, type, error);
    *numbers = (cw_numbers){
        .layout = {.type = type, .dimensions = 1, .shape = {(size_t)count}, .count = (size_t)count},
    };
    /* How they are made is no part of what is measured. */
    const cw_plan quiet = {.threads = plan->threads, .serial = plan->serial};
    cw_status status =
        cw_array_create((size_t)count, cw_number_bytes(type), &quiet, &numbers->made);
    if (status != CW_OK)
        return no_room(status, count, type, error);
    numbers->data = numbers->made;
    status = cw_for(count, fill, numbers->made, &quiet, error);
    if (status != CW_OK)
        cw_numbers_finish(numbers);
    return status;
}

cw_status cw_numbers_make(cw_numbers *numbers, uint64_t count, cw_number type, const cw_plan *plan,
                          cw_error *error)
{
    static cw_for_body *const fills[] = {
        [CW_NUMBER_I32] = fill_i32, [CW_NUMBER_I64] = fill_i64, [CW_NUMBER_U32] = fill_u32,
        [CW_NUMBER_U64] = fill_u64, [CW_NUMBER_F32] = fill_f32, [CW_NUMBER_F64] = fill_f64,
    };
    return make(numbers, count, type, fills[type], plan, error);
}

cw_status cw_numbers_make_scattered(cw_numbers *numbers, uint64_t count, const cw_plan *plan,
                                    cw_error *error)
{
    return make(numbers, count, CW_NUMBER_U64, fill_scattered, plan, error);
}

cw_status cw_numbers_take(cw_numbers *numbers, const char *kernel, const cw_numbers_source *source,
                          const cw_plan *plan, cw_error *error)
{
    const cw_number type = (cw_number)source->type->number;
    if (source->input->present == source->items->present)
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, NULL,
                            "%s needs IN (a file) or --items N; %s", kernel,
                            source->input->present ? "both were given" : "neither was given");
    if (source->items->present)
        return cw_numbers_make(numbers, source->items->number, type, plan, error);
    const char *path = source->input->text;
    cw_status status = cw_numbers_load(numbers, path, CW_NUMBERS_ALL, type, error);
    if (status != CW_OK || !source->type->given || numbers->layout.type == type)
        return status;
    status = cw_error_set(error, CW_ERR_FORMAT, CW_NO_INDEX, NULL,
                          "%s holds %s, not %s as --type says; leave --type out",
                          cw_quote_path(path).text, cw_number_name(numbers->layout.type),
                          cw_number_name(type));
    cw_numbers_finish(numbers);
    return status;
}

cw_status cw_numbers_write(cw_output *output, cw_number type, const void *values, size_t count,
                           const cw_cancel *cancel, cw_error *error)
{
    enum { PIECE = 1 << 16 };
    const char *at = values;
    while (count > 0) {
        if (cancel != NULL && cw_cancel_raised(cancel))
            return cw_error_set(error, CW_ERR_CANCELLED, CW_NO_INDEX, NULL,
                                "cancelled while writing");
        const size_t piece = count < PIECE ? count : PIECE;
        const cw_status status = cw_output_numbers(output, type, at, piece, error);
        if (status != CW_OK)
            return status;
        at += piece * cw_number_bytes(type);
        count -= piece;
    }
    return CW_OK;
}

void cw_numbers_finish(cw_numbers *numbers)
{
    cw_array_finish(&numbers->file);
    cw_array_destroy(numbers->made);
    *numbers = (cw_numbers){0};
}
