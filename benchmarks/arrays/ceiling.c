/* What memory allows: each thread copies or reads its share in one go. */
/* SPDX-License-Identifier: MIT */
#include "workload.h"

#include "kernels/arrays/leaf.h"

/* Share number i of `threads`, cut at cache lines. */
static size_t cut(size_t bytes, int i, int threads)
{
    return i == threads ? bytes : bytes / 64 * (size_t)i / (size_t)threads * 64;
}

static void copy_share(const workload *work, int i, bool stream)
{
    const cw_leaf_ops *ops = cw_leaf_ops_for(cw_isa_detect());
    const size_t bytes = work->n * cw_number_bytes(work->type);
    const size_t begin = cut(bytes, i, work->threads), end = cut(bytes, i + 1, work->threads);
    ops->copy((const char *)work->x + begin, (char *)work->y + begin, end - begin, stream);
    ops->fence();
}

static uint64_t read_share(const workload *work, int i)
{
    const size_t bytes = work->n * cw_number_bytes(work->type);
    const size_t begin = cut(bytes, i, work->threads), end = cut(bytes, i + 1, work->threads);
    return cw_leaf_ops_for(cw_isa_detect())->read((const char *)work->x + begin, end - begin);
}

/* One thread enters no region, which would cost as much as a small array. */
static void copy(const workload *work, bool stream)
{
    if (work->threads == 1) {
        copy_share(work, 0, stream);
        return;
    }
#pragma omp parallel for num_threads(work->threads) schedule(static, 1) default(none)              \
    shared(work, stream)
    for (int i = 0; i < work->threads; i++)
        copy_share(work, i, stream);
}

void run_copy(const workload *work)
{
    copy(work, false);
}

void run_streamed_copy(const workload *work)
{
    copy(work, true);
}

void run_read(const workload *work)
{
    uint64_t all = 0;
    if (work->threads == 1) {
        all = read_share(work, 0);
    } else {
#pragma omp parallel for num_threads(work->threads) schedule(static, 1) default(none)             \
    shared(work) reduction(^ : all)
        for (int i = 0; i < work->threads; i++)
            all ^= read_share(work, i);
    }
    sink += (double)all;
}
