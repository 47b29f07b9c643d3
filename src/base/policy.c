/* The names of policies, and OMP_SCHEDULE's grammar. */
/* SPDX-License-Identifier: MIT */
#include "base/policy.h"

#include "base/quote.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

const char *const cw_policy_names[] = {"auto", "static", "dynamic", "guided", NULL};
enum { POLICIES = sizeof cw_policy_names / sizeof *cw_policy_names - 1 };

const char *cw_policy_name(cw_policy policy)
{
    return (int)policy >= 0 && (int)policy < POLICIES ? cw_policy_names[policy] : "unknown";
}

/* If `*text` begins with the word, in any case, step over it and the blanks behind it. */
static bool take_word(const char **text, const char *word)
{
    const size_t length = strlen(word);
    if (strncasecmp(*text, word, length) != 0)
        return false;
    *text += length;
    while (isspace((unsigned char)**text))
        (*text)++;
    return true;
}

static bool take_policy(const char **text, cw_policy *policy)
{
    for (int i = 0; i < POLICIES; i++) {
        if (take_word(text, cw_policy_names[i])) {
            *policy = (cw_policy)i;
            return true;
        }
    }
    return false;
}

/* Digits to the end of the text, blanks allowed behind: at least 1. */
static bool take_chunk(const char **text, uint64_t *chunk)
{
    *chunk = 0;
    for (; isdigit((unsigned char)**text); (*text)++) {
        const uint64_t digit = (uint64_t)(**text - '0');
        if (*chunk > (UINT64_MAX - digit) / 10)
            return false;
        *chunk = *chunk * 10 + digit;
    }
    while (isspace((unsigned char)**text))
        (*text)++;
    return *chunk > 0;
}

cw_status cw_schedule_parse(const char *text, cw_policy *policy, uint64_t *chunk, cw_error *error)
{
    const char *rest = text;
    cw_policy kind = CW_POLICY_AUTO;
    uint64_t size = 0;
    while (isspace((unsigned char)*rest))
        rest++;
    bool fine = true;
    if (take_word(&rest, "monotonic") || take_word(&rest, "nonmonotonic"))
        fine = take_word(&rest, ":");
    fine = fine && take_policy(&rest, &kind);
    if (fine && take_word(&rest, ","))
        fine = take_chunk(&rest, &size) && kind != CW_POLICY_AUTO;
    if (!fine || *rest != '\0')
        return cw_error_set(error, CW_ERR_ARGUMENT, CW_NO_INDEX, cw_quote_text(text).text,
                            "schedule '%s' is not POLICY[,CHUNK]: a policy is auto, static, "
                            "dynamic or guided; a chunk is a whole number from 1 (none with auto)",
                            cw_quote_text(text).text);
    *policy = kind;
    *chunk = size;
    return CW_OK;
}
