/* SPDX-License-Identifier: MIT */
/* The principal axis of a cloud of colors. */
#include "color/cluster.h"

/* Scales a matrix so that its largest entry has so many bits; returns by which power of two. */
static int scale(int64_t m[6], int bits)
{
    uint64_t all = 1;
    for (unsigned i = 0; i < 6; i++)
        all |= (uint64_t)(m[i] < 0 ? -m[i] : m[i]);
    int shift = bits - (64 - __builtin_clzll(all));
    for (unsigned i = 0; i < 6; i++)
        m[i] = shift < 0 ? m[i] >> -shift : m[i] * (INT64_C(1) << shift);
    return shift;
}

uint64_t principal_axis(const struct moments *moments, int32_t axis[3])
{
    int64_t m[6], p[6];
    for (unsigned i = 0; i < 6; i++)
        m[i] = moments->of[i];
    int shift = scale(m, 28);
    for (unsigned i = 0; i < 6; i++)
        p[i] = m[i];

    /* the matrix squared time and again tends to the axis times itself: the power method with
     * 2^6 steps */
    for (unsigned step = 0; step < 6; step++) {
        int64_t q[6] = {
            p[0] * p[0] + p[1] * p[1] + p[2] * p[2], p[0] * p[1] + p[1] * p[3] + p[2] * p[4],
            p[0] * p[2] + p[1] * p[4] + p[2] * p[5], p[1] * p[1] + p[3] * p[3] + p[4] * p[4],
            p[1] * p[2] + p[3] * p[4] + p[4] * p[5], p[2] * p[2] + p[4] * p[4] + p[5] * p[5],
        };
        scale(q, 28);
        for (unsigned i = 0; i < 6; i++)
            p[i] = q[i];
    }

    /* its longest column is the best known */
    int64_t v[3] = {p[0], p[1], p[2]};
    if (p[3] > p[0] && p[3] >= p[5])
        v[0] = p[1], v[1] = p[3], v[2] = p[4];
    else if (p[5] > p[0])
        v[0] = p[2], v[1] = p[4], v[2] = p[5];
    int64_t length = square_root((uint64_t)(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
    for (unsigned i = 0; i < 3; i++)
        axis[i] = length == 0 ? 0 : (int32_t)(v[i] * AXIS_ONE / length);

    int64_t x = axis[0], y = axis[1], z = axis[2];
    int64_t scatter = (m[0] * x + m[1] * y + m[2] * z) / AXIS_ONE * x +
                      (m[1] * x + m[3] * y + m[4] * z) / AXIS_ONE * y +
                      (m[2] * x + m[4] * y + m[5] * z) / AXIS_ONE * z;
    if (scatter <= 0)
        return 0;
    return shift < 0 ? (uint64_t)scatter / AXIS_ONE << -shift
                     : (uint64_t)scatter / AXIS_ONE >> shift;
}
