/* Numbers and texts as JSON can hold them. */
/* SPDX-License-Identifier: MIT */
#include "report/value.h"

#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

json_t *cw_json_u64(uint64_t value)
{
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    return json_sprintf("%" PRIu64, value);
}

json_t *cw_json_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *ascii_of(const char *text)
{
    const size_t length = strlen(text);
    char *plain = cw_memory_alloc(length, 1);
    if (plain == NULL)
        return NULL;
    for (size_t i = 0; i < length; i++)
        plain[i] = (char)((unsigned char)text[i] < 0x80 ? text[i] : '?');
    json_t *value = json_stringn(plain, length);
    cw_memory_free(plain);
    return value;
}

json_t *cw_json_text(const char *text)
{
    if (text == NULL)
        return json_null();
    json_t *value = json_string(text);
    return value != NULL ? value : ascii_of(text);
}
