/* Squares an array and sums it, through chunkwise as a subproject. */
/* SPDX-License-Identifier: MIT */
#include <chunkwise/chunkwise.h>

int main(void)
{
    enum { N = 1000 };
    int64_t x[N];
    int64_t sum = 0;
    for (int i = 0; i < N; i++)
        x[i] = i;
    if (cw_square_i64(x, x, N, CW_OVERFLOW_ERROR, NULL, NULL) != CW_OK ||
        cw_sum_i64(x, N, NULL, &sum, NULL) != CW_OK)
        return 1;
    return sum != 332833500;
}
