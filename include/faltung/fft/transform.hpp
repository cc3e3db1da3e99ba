// faltung/fft/transform.hpp -- a transform made for convolution, in tree order, in place
#pragma once

#include <numeric>
#include <vector>

#include "engine.hpp"
#include "length.hpp"
#include "passes.hpp"
#include "roots_of_unity.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// The inner loops for one precision and instruction set.
struct transform_loops {
    int lanes, bytes;  // of a vector; of a real number
    versions<level_pass<float>>::function pass;
    versions<tail_pass<float>>::function tail;
    versions<spectrum_product<float>>::function product;
    versions<double_split<float>>::function split_twice;

    template <class T>
    static transform_loops of(instruction_set i) {
        const int bytes = bytes_of_vector(i);
        return {bytes / static_cast<int>(sizeof(T)),  sizeof(T),
                versions<level_pass<T>>::of(i),       versions<tail_pass<T>>::of(i),
                versions<spectrum_product<T>>::of(i), versions<double_split<T>>::of(i)};
    }
};

/// A product of polynomials. Along every axis the data is a polynomial modulo z^n - e^(2 pi i a), a in turns; a pass
/// with radix r reduces it modulo the r factors z^(n/r) - e^(2 pi i (a + q) / r), side by side in the place of the
/// whole, and so on down to n = 1: decimation in frequency, without any reordering. Complex data starts from a = 0 and
/// is cyclic. Real data of 2n samples is modulo z^2n + 1 = (z^n - i)(z^n + i), whose factors' results are conjugate:
/// its two halves are the real and the imaginary part of n complex numbers, a = 1/4, and its product is negacyclic
/// along the outermost axis (as in Bernstein, Multidigit multiplication for mathematicians, 2001, section 8).
///
/// Axes follow one another in the same passes, the outermost first. The last radices, inside of vectors, are the tail.
/// A subtree is finished, forwards, product and backwards, while it is in the first-level cache.
class transform {
    struct level {
        int radix, axis;
        index_t stride, period, twiddles;  // legs apart; blocks until the twiddles repeat; byte of the first of them
    };
    struct step {
        level first;
        int next;        // the radix of the level that is done in the same pass, or 1
        index_t stride;  // legs of the pass apart
        void const *twiddles, *next_twiddles;
        int factor() const { return first.radix * next; }
    };

    static constexpr index_t cached = index_t{16} * 1024;  // bytes of a subtree that are finished before the next one
    static constexpr index_t far = index_t{1} << 20;       // bytes that no second-level cache is taken to hold

    transform_loops loops_;
    shape n_;
    std::vector<level> levels_;
    std::vector<step> steps_;  // the passes over the data
    index_t count_ = 1;        // complex numbers
    buffer<std::byte> twiddles_;
    std::shared_ptr<buffer<std::byte> const> tail_twiddles_;
    index_t tail_period_ = 1;
    void const* tail_radix_4_ = nullptr;  // of the last level, where it is

public:
    /// Extents of complex numbers: 2^a 3^b 5^c, and so that whole groups of vectors fill the last axis. For real
    /// samples, modulo z^n - i along the first axis; everything else is cyclic. Twiddles of the last of several axes
    /// are taken from `other`, a transform with the same loops and that extent.
    transform(transform_loops const& loops, shape const& n, number_kind kind, transform const* other = nullptr)
        : loops_(loops), n_(n), count_(checked::product(n, "samples of a transform")) {
        checked::multiply(count_, 64, "bytes of a transform");  // more than its twiddles may need
        index_t bytes = 0;
        for (int pass = 0; pass < 2; ++pass) {  // the levels first, then room for their twiddles
            if (pass == 1) twiddles_ = buffer<std::byte>(bytes);
            std::size_t at = 0;
            index_t inner = count_;
            for (int a = 0; a < n.rank(); ++a) {
                const bool last = a + 1 == n.rank();
                const index_t length = last ? n[a] / loops_.lanes : n[a];
                inner /= n[a];
                if (pass == 0) {
                    append_levels(a, length, last ? loops_.lanes : inner, bytes);
                    continue;
                }
                if (other && last && a > 0) {
                    share_last_axis(*other, at, bytes);
                    continue;
                }
                const roots_of_unity root(turn(a));
                std::vector<index_t> angles{whole_angle(kind, a)};
                at = fill_axis(at, length, root, angles);
                if (last) fill_tail(root, angles);
            }
        }
        append_steps();
    }

    index_t count() const { return count_; }
    int lanes() const { return loops_.lanes; }

    /// The windows are those of a transform_plan; of the first axis they are not looked at.
    void run(void* re, void* im, void* spectrum, tail what, array_window const& held = {},
             array_window const& wanted = {}) const noexcept {
        call c{*this, static_cast<std::byte*>(re), static_cast<std::byte*>(im), static_cast<std::byte*>(spectrum), what,
               {}};
        c.set_columns(way::forward, held);
        c.set_columns(way::backward, wanted);
        c.subtrees(0, 0, 1, count_);
    }

    /// Appends, for every complex number of the spectrum in its order, its frequency along each axis: the number is the
    /// polynomial's value at e^(2 pi i frequency / turn(axis)).
    void append_frequencies(number_kind kind, std::vector<index_t>& to) const {
        std::vector<std::vector<index_t>>
            of_axis;  // frequencies of its blocks; of the last axis still of whole vectors
        std::size_t at = 0;
        for (int a = 0; a < n_.rank(); ++a) {
            std::vector<index_t> angles{whole_angle(kind, a)};
            for (; at < levels_.size() && levels_[at].axis == a; ++at) angles = next_angles(levels_[at], angles);
            of_axis.push_back(std::move(angles));
        }
        std::vector<index_t> const& vectors = of_axis.back();
        const index_t blocks = static_cast<index_t>(vectors.size());
        for (index_t first = 0; first < count_ / loops_.lanes; first += 4) {
            index_t angle[4][16], row[4][16];
            for (index_t r = 0; r < 4; ++r) {
                std::fill_n(angle[r], loops_.lanes, vectors[static_cast<std::size_t>((first + r) % blocks)]);
                std::fill_n(row[r], loops_.lanes, (first + r) / blocks);
            }
            for (int s = 0; s < 2; ++s) {
                const tail_stage stage = tail_stages_of(loops_.lanes)[s];
                if (stage.radix == 1) break;
                change_places(angle, stage);
                change_places(row, stage);
                next_angles(angle, stage);
            }
            for (int r = 0; r < 4; ++r)
                for (int k = 0; k < loops_.lanes; ++k) {
                    const std::size_t end = to.size() + of_axis.size();
                    to.resize(end);
                    to[end - 1] = angle[r][k];
                    for (std::size_t a = of_axis.size() - 1; a-- > 0;) {
                        const index_t n = n_[static_cast<int>(a)];
                        to[end - of_axis.size() + a] = of_axis[a][static_cast<std::size_t>(row[r][k] % n)];
                        row[r][k] /= n;
                    }
                }
        }
    }

    /// The units of an angle along an axis.
    index_t turn(int a) const { return 4 * n_[a]; }

private:
    index_t whole_angle(number_kind kind, int a) const { return kind == number_kind::real && a == 0 ? n_[a] : 0; }

    // Fours come last, and one last of all, which the tail may do. With vectors that are taken through two levels at a
    // time, eights come first: what follows then has strides with fewer factors of 2.
    void append_levels(int a, index_t length, index_t inner, index_t& bytes) {
        auto append = [&, done = index_t{1}](int radix) mutable {
            levels_.push_back({radix, a, length / (done * radix) * inner, done, bytes});
            bytes += index_t{2} * (radix - 1) * done * loops_.bytes;
            done *= radix;
        };
        const auto exponent = [](index_t n, index_t factor) {
            int count = 0;
            for (; n % factor == 0; n /= factor) ++count;
            return count;
        };
        int twos = exponent(length, 2);
        const bool has_tail = a + 1 == n_.rank() && twos >= 2;
        if (has_tail) twos -= 2;
        for (index_t done = 8; twos == 3 || twos > 4; done *= 8, twos -= 3) {
            if (!makes_one_pass(2, 4, length / done * inner)) break;
            append(2);
            append(4);
        }
        for (int k = exponent(length, 5); k > 0; --k) append(5);
        for (int k = exponent(length, 3); k > 0; --k) append(3);
        if (twos % 2 == 1) append(2);
        for (; twos > 1; twos -= 2) append(4);
        if (has_tail) append(4);
    }

    // The last level's blocks are groups of the tail where its radix is 4, with the same period.
    void append_steps() {
        std::size_t passes = levels_.size();
        if (passes > 0 && levels_.back().radix == 4 && levels_.back().axis + 1 == n_.rank())
            tail_radix_4_ = twiddles_.data() + levels_[--passes].twiddles;
        for (std::size_t d = 0; d < passes; ++d) {
            level const& l = levels_[d];
            step s{l, 1, l.stride, twiddles_.data() + l.twiddles, nullptr};
            if (d + 1 < passes && l.axis == levels_[d + 1].axis &&
                makes_one_pass(l.radix, levels_[d + 1].radix, levels_[d + 1].stride)) {
                level const& next = levels_[++d];
                s.next = next.radix;
                s.stride = next.stride;
                s.next_twiddles = twiddles_.data() + next.twiddles;
            }
            steps_.push_back(s);
        }
    }

    // Two levels, of which the second one has legs `stride` apart. Planes a multiple of 4 KiB apart meet in a few of
    // the first-level cache's sets, of 8 lines each; only where all have to come from beyond the second-level cache a
    // pass less gains even so.
    bool makes_one_pass(int radix, int next, index_t stride) const {
        if (!makes_pair(loops_.lanes * loops_.bytes, radix, next)) return false;
        const index_t planes = index_t{2} * radix * next, bytes = stride * loops_.bytes;
        return planes <= 9 * (4096 / std::gcd(bytes, index_t{4096})) || planes * bytes > far;
    }

    void put(buffer<std::byte> const& to, index_t at, long double value) const {
        if (loops_.bytes == sizeof(float))
            reinterpret_cast<float*>(to.data())[at] = static_cast<float>(value);
        else
            reinterpret_cast<double*>(to.data())[at] = static_cast<double>(value);
    }

    // The twiddles of an axis, from level `at` on, for `length` of it; `angles` goes from that of the whole to those of
    // its last blocks. They are integers, in units of 1 / turn.
    std::size_t fill_axis(std::size_t at, index_t length, roots_of_unity const& root, std::vector<index_t>& angles) {
        for (; length > 1; ++at) {
            level const& l = levels_[at];
            index_t to = l.twiddles / loops_.bytes;
            for (index_t angle : angles)
                for (index_t q = 1; q < l.radix; ++q) {
                    const auto w = root[q * (angle / l.radix)];
                    put(twiddles_, to++, w.re);
                    put(twiddles_, to++, w.im);
                }
            angles = next_angles(l, angles);
            length /= l.radix;
        }
        return at;
    }

    // The levels from number `at` on, with all twiddles up to `bytes`.
    void share_last_axis(transform const& other, std::size_t at, index_t bytes) {
        tail_twiddles_ = other.tail_twiddles_;
        tail_period_ = other.tail_period_;
        if (at == levels_.size()) return;
        const index_t first = levels_[at].twiddles,
                      from = other.levels_[other.levels_.size() - (levels_.size() - at)].twiddles;
        std::memcpy(twiddles_.data() + first, other.twiddles_.data() + from, static_cast<std::size_t>(bytes - first));
    }

    std::vector<index_t> next_angles(level const& l, std::vector<index_t> const& angles) const {
        std::vector<index_t> next;
        for (index_t angle : angles)
            for (index_t q = 0; q < l.radix; ++q) next.push_back((angle + q * turn(l.axis)) / l.radix);
        return next;
    }

    void next_angles(index_t (&angle)[4][16], tail_stage s) const {
        for (index_t r = 0; r < 4; ++r)
            for (int k = 0; k < loops_.lanes; ++k)
                angle[r][k] = (angle[r][k] + (s.radix == 4 ? r : r / 2) * turn(n_.rank() - 1)) / s.radix;
    }

    // What tail_pass does with data is done with the angles of the blocks that the data belongs to.
    void fill_tail(roots_of_unity const& root, std::vector<index_t> const& angles) {
        const index_t blocks = static_cast<index_t>(angles.size());
        tail_period_ = blocks % 4 == 0 ? blocks / 4 : blocks % 2 == 0 ? blocks / 2 : blocks;
        auto const* stages = tail_stages_of(loops_.lanes);
        const auto made = std::make_shared<buffer<std::byte>>(
            tail_period_ * (tail_twiddles(stages[0]) + tail_twiddles(stages[1])) * 2 * loops_.lanes * loops_.bytes);
        tail_twiddles_ = made;
        index_t to = 0, angle[4][16] = {};
        for (index_t g = 0; g < tail_period_; ++g) {
            for (index_t r = 0; r < 4; ++r)
                std::fill_n(angle[r], loops_.lanes, angles[static_cast<std::size_t>((4 * g + r) % blocks)]);
            for (int s = 0; s < 2 && stages[s].radix > 1; ++s) {
                change_places(angle, stages[s]);
                const index_t radix = stages[s].radix;
                for (index_t q = 1; q <= tail_twiddles(stages[s]); ++q, to += index_t{2} * loops_.lanes)
                    for (int k = 0; k < loops_.lanes; ++k) {  // radix 2: of its two pairs
                        const auto w = root[radix == 4 ? q * (angle[0][k] / 4) : angle[q - 1][k] / 2];
                        put(*made, to + k, w.re);
                        put(*made, to + loops_.lanes + k, w.im);
                    }
                next_angles(angle, stages[s]);
            }
        }
    }

    void exchange(index_t* a, index_t* b, int weight) const {
        for (int k = 0; k < loops_.lanes; ++k)
            if (k & weight) std::swap(a[k], b[k - weight]);
    }
    void change_places(index_t (&x)[4][16], tail_stage s) const {
        const int high = s.radix == 4 ? 2 * s.weight : s.weight;
        exchange(x[0], x[2], high);
        exchange(x[1], x[3], high);
        if (s.radix == 4) {
            exchange(x[0], x[1], s.weight);
            exchange(x[2], x[3], s.weight);
        }
    }

    // A division of 64 bits takes up to 90 cycles, one of 32 bits a third: small transforms are many of them.
    static index_t quotient(index_t a, index_t b) {
        if (((a | b) >> 32) != 0) return a / b;
        return static_cast<index_t>(static_cast<std::uint32_t>(a) / static_cast<std::uint32_t>(b));
    }
    static index_t remainder(index_t a, index_t b) { return a < b ? a : a - quotient(a, b) * b; }

    // A row is what stands at one index of a level's axis; only the columns from `first` to `last` of it matter.
    struct columns {
        index_t row = 0, first = 0, last = 0;
    };

    struct call {
        transform const& t;
        std::byte *re, *im, *spectrum;
        tail what;
        columns of[2][max_rank];  // of a way and an axis; none where all of a row matters

        void set_columns(way w, array_window const& window) noexcept {
            const int leading = window.first.rank() - t.n_.rank();  // axes that were left out
            index_t unit = 1;                                       // of the axis after `a`
            for (int a = t.n_.rank() - 1; leading >= 0 && a-- > 0; unit *= t.n_[a + 1]) {
                const index_t lanes = t.loops_.lanes, first = window.first[leading + a + 1] * unit / lanes * lanes,
                              last = checked::ceil_divide(window.last[leading + a + 1] * unit, lanes) * lanes;
                if (last - first < t.n_[a + 1] * unit) of[static_cast<int>(w)][a] = {t.n_[a + 1] * unit, first, last};
            }
        }

        void pass(step const& s, way w, index_t at, index_t block, index_t blocks) const noexcept {
            columns const& c = of[static_cast<int>(w)][s.first.axis];
            const index_t row = c.row > 0 ? c.row : s.stride, count = c.row > 0 ? c.last - c.first : s.stride;
            for (index_t from = at + c.first; from < at + s.stride; from += row) {
                const index_t bytes = from * t.loops_.bytes;
                t.loops_.pass({re + bytes, im + bytes, s.stride, count, blocks, s.twiddles,
                               remainder(block, s.first.period), s.first.period, s.first.radix, w, s.next,
                               s.next_twiddles});
            }
        }

        // `blocks` blocks from number `block` on, each of `length` complex numbers, before step `depth`: step by step
        // once they stay in the cache, else one of their parts after the other.
        void subtrees(std::size_t depth, index_t block, index_t blocks, index_t length) const noexcept {
            const index_t bytes = 2 * length * t.loops_.bytes;
            const bool whole = depth == t.steps_.size() || bytes <= cached ||
                               t.steps_[depth].stride % (index_t{4} * t.loops_.lanes) != 0;
            const index_t some = whole ? std::max<index_t>(quotient(cached, bytes), 1) : 1;
            if (blocks > some) {
                for (index_t b = 0; b < blocks; b += some)
                    subtrees(depth, block + b, std::min(some, blocks - b), length);
                return;
            }
            if (whole) return steps_at_once(depth, block, blocks, length);
            step const& s = t.steps_[depth];
            if (what != tail::from_spectrum) pass(s, way::forward, block * length, block, 1);
            subtrees(depth + 1, block * s.factor(), s.factor(), s.stride);
            if (what != tail::to_spectrum) pass(s, way::backward, block * length, block, 1);
        }

        void steps_at_once(std::size_t depth, index_t block, index_t blocks, index_t length) const noexcept {
            const index_t at = block * length;
            index_t parts[64] = {1};  // of a block, before each step; there are fewer steps than bits of a count
            index_t* of_step = parts;
            for (std::size_t d = depth; d < t.steps_.size(); ++d, ++of_step) {
                if (what != tail::from_spectrum)
                    pass(t.steps_[d], way::forward, at, block * *of_step, blocks * *of_step);
                of_step[1] = *of_step * t.steps_[d].factor();
            }
            const index_t group = index_t{4} * t.loops_.lanes, bytes = at * t.loops_.bytes;
            t.loops_.tail({re + bytes, im + bytes, spectrum + 2 * bytes, quotient(blocks * length, group),
                           t.tail_twiddles_->data(), remainder(quotient(at, group), t.tail_period_), t.tail_period_,
                           what, t.tail_radix_4_});
            for (std::size_t d = t.steps_.size(); what != tail::to_spectrum && d-- > depth;) {
                --of_step;
                pass(t.steps_[d], way::backward, at, block * *of_step, blocks * *of_step);
            }
        }
    };
    friend struct call;
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
