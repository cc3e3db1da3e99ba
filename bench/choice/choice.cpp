// bench/choice/choice.cpp -- how far the chosen method is from the fastest one: 300 mixed problems or 200 of the sizes
// of filters, each by every method; [rows to print] [mixed, spatial] [first problem] [how many]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <faltung/convolve.hpp>

#include "../forced.hpp"
#include "../measure.hpp"

using namespace faltung;

constexpr double most_multiply_adds = 1e9;  // of samples times taps: a slow method runs a few times even so

// A method's prediction, and the best of its runs.
struct timing {
    method name;
    double predicted, measured;
};

struct row {
    std::string about;
    method chosen;
    std::vector<timing> timings;

    timing const& of_chosen() const {
        return *std::find_if(timings.begin(), timings.end(), [&](timing const& t) { return t.name == chosen; });
    }
    timing const& fastest() const {
        return *std::min_element(timings.begin(), timings.end(),
                                 [](timing const& a, timing const& b) { return a.measured < b.measured; });
    }
    double ratio() const { return of_chosen().measured / fastest().measured; }
};

// Problems of 2^least to 2^most samples and taps.
struct problem_set {
    char const* name;
    int count;
    double least_samples, most_samples, least_taps, most_taps;
};
constexpr problem_set sets[] = {{"mixed", 300, 6, 22, 0, 12}, {"spatial", 200, 6, 21, 0, 8}};

// The same problems on every machine: the standard fixes the generator's numbers, not those of its distributions.
class dice {
    std::mt19937_64 generator_{20240229};

public:
    double fraction() { return static_cast<double>(generator_() >> 11) * 0x1p-53; }
    index_t whole(index_t low, index_t high) {
        return low + static_cast<index_t>(fraction() * static_cast<double>(high - low + 1));
    }
    double power_of_2(double low, double high) { return std::exp2(low + (high - low) * fraction()); }
};

struct drawn_problem {
    shape data, kernel;
    convolve_options options;
    bool is_double;
    index_t products;  // of lines, that the kernel is a sum of; 0: of no few
    std::string about;
};

// Samples and taps are spread evenly over their powers of 2, up to 2 apart from axis to axis.
static drawn_problem draw(dice& d, problem_set const& set) {
    const int rank = static_cast<int>(d.whole(1, 3));
    const double taps = d.power_of_2(set.least_taps, set.most_taps);
    const double samples = std::min(d.power_of_2(set.least_samples, set.most_samples), most_multiply_adds / taps);
    const auto extents = [&](double count) {
        shape n;
        for (int a = 0; a < rank; ++a) {
            const double even = std::pow(count, 1.0 / (rank - a));
            const double extent = a + 1 < rank ? even * d.power_of_2(-1, 1) : even;
            n.push_back(std::max<index_t>(1, std::llround(std::min(extent, count))));
            count = std::max(1.0, count / static_cast<double>(n[a]));
        }
        return n;
    };
    drawn_problem p{extents(samples), extents(taps), {}, d.whole(0, 1) == 1, d.whole(0, 9) < 4 ? d.whole(1, 4) : 0, {}};
    if (p.products > 0 && p.is_double && d.whole(0, 1) == 1) p.options.tolerance = 1e-6;
    for (int a = 0; a < rank; ++a) p.data[a] = std::max(p.data[a], p.kernel[a]);
    constexpr struct {
        char const* name;
        mode padding;
    } paddings[] = {{"full", mode::full}, {"same", mode::same}, {"valid", mode::valid}};
    constexpr struct {
        char const* name;
        boundary edge;
    } edges[] = {{"zero", {}}, {"circular", {boundary::rule::circular}}, {"reflect", {boundary::rule::reflect}}};
    auto const& padding = paddings[d.whole(0, 2)];
    auto const& edge = edges[d.whole(0, 2)];
    p.options.padding = padding.padding;
    p.options.boundary = edge.edge;
    p.options.stride = d.whole(0, 7) == 0 ? 2 : 1;
    p.about = text(p.is_double ? "double " : "float ", p.data, " * ", p.kernel, " ", padding.name, " ", edge.name,
                   " stride ", p.options.stride[0], p.products > 0 ? text(", ", p.products, " products") : "");
    return p;
}

// Plans of one problem, ready to be called.
template <class T>
struct entrant {
    convolver<T> plan;
    timing time;
    workspace scratch = plan.workspace();
};

template <class T>
static detail::cost predicted(convolver<T> const& plan) {
    for (detail::method_facts const* m : detail::methods_for<detail::types<T, T, T, T>>())
        if (m->name == plan.method()) return m->predict(plan.problem());
    return {};
}

// All methods take turns, so that what disturbs one disturbs all. One that is far behind is not run again.
template <class T, std::size_t Rank>
static std::vector<timing> measure(drawn_problem const& p, convolver<T> const& chosen, tensor<T, Rank> const& x,
                                   tensor<T, Rank> const& h) {
    std::vector<entrant<T>> entrants;
    for (convolver<T>& plan : faltung_bench::forced_plans<T>(p.data, h, p.options)) {
        const detail::cost cost = predicted(plan);
        if (cost.asks_for_tolerance && std::isinf(plan.problem().limits.tolerance)) continue;  // not for automatic
        const timing about{plan.method(), cost.seconds, 1e9};
        entrants.push_back({std::move(plan), about});
    }
    tensor<T, Rank> y(chosen.output_shape());
    double best = 1e9, spent = 0;
    for (int rounds = 0; rounds < 3 || (spent < 0.25 && rounds < 1000); ++rounds)
        for (entrant<T>& e : entrants) {
            if (rounds > 0 && e.time.measured > 3 * best && e.time.name != chosen.method()) continue;
            const double took = faltung_bench::seconds_of([&] { e.plan(x, y, e.scratch); });
            e.time.measured = std::min(e.time.measured, took);
            best = std::min(best, took);
            spent += took;
        }
    std::vector<timing> timings;
    for (entrant<T> const& e : entrants) timings.push_back(e.time);
    return timings;
}

// Taps from 0.5 to 1.5, or the sum of so many products of such lines.
template <class T, std::size_t Rank>
static tensor<T, Rank> kernel_of(drawn_problem const& p, dice& d) {
    tensor<T, Rank> h(p.kernel);
    const auto tap = [&] { return static_cast<T>(0.5 + d.fraction()); };
    if (p.products == 0)
        for (T& v : h) v = tap();
    for (index_t i = 0; i < p.products; ++i) {
        std::vector<std::vector<T>> lines;
        for (index_t n : p.kernel) std::generate_n(std::back_inserter(lines.emplace_back()), n, tap);
        for_each_index(p.kernel, [&](index_list const& t) {
            T product = 1;
            for (std::size_t a = 0; a < Rank; ++a)
                product *= lines[a][static_cast<std::size_t>(t[static_cast<int>(a)])];
            h(t) += product;
        });
    }
    return h;
}

template <class T, std::size_t Rank>
static row solve(drawn_problem const& p, tensor<T, Rank> const& h) {
    const auto x = faltung_bench::samples<T, Rank>(p.data);
    const convolver<T> chosen(p.data, h, p.options);
    return {p.about, chosen.method(), measure<T, Rank>(p, chosen, x, h)};
}

// Whether it is measured or not, its kernel is drawn: the next problem is the same one then.
template <class T, std::size_t Rank>
static void add(drawn_problem const& p, dice& d, std::vector<row>* rows) {
    const auto h = kernel_of<T, Rank>(p, d);
    if (rows) rows->push_back(solve<T, Rank>(p, h));
}

template <class T>
static void add(drawn_problem const& p, dice& d, std::vector<row>* rows) {
    if (p.data.rank() == 1) return add<T, 1>(p, d, rows);
    return p.data.rank() == 2 ? add<T, 2>(p, d, rows) : add<T, 3>(p, d, rows);
}

static void print(row const& r) {
    std::printf("%6.2f  %-60s chosen %s\n", r.ratio(), r.about.c_str(), name_of(r.chosen));
    for (timing const& t : r.timings)
        std::printf("            %-12s predicted %10.1f us, measured %10.1f us\n", name_of(t.name), 1e6 * t.predicted,
                    1e6 * t.measured);
}

int main(int count, char** arguments) {
    const std::string name = count > 2 ? arguments[2] : sets[0].name;
    auto const* const set =
        std::find_if(std::begin(sets), std::end(sets), [&](auto const& s) { return s.name == name; });
    if (set == std::end(sets)) {
        std::fprintf(stderr, "choice: no set of problems is called %s\n", name.c_str());
        return 1;
    }
    const int first = count > 3 ? std::clamp(std::atoi(arguments[3]), 0, set->count - 1) : 0,
              last = count > 4 ? std::clamp(first + std::atoi(arguments[4]), first + 1, set->count) : set->count,
              problems = last - first, worst = std::clamp(count > 1 ? std::atoi(arguments[1]) : 10, 1, problems);
    dice d;
    std::vector<row> rows;
    for (int i = 0; i < last; ++i) {
        const drawn_problem p = draw(d, *set);
        std::vector<row>* const to = i < first ? nullptr : &rows;
        if (p.is_double)
            add<double>(p, d, to);
        else
            add<float>(p, d, to);
    }
    std::sort(rows.begin(), rows.end(), [](row const& a, row const& b) { return a.ratio() > b.ratio(); });
    double logarithms = 0;
    for (row const& r : rows) logarithms += std::log(r.ratio());
    const auto best = std::count_if(rows.begin(), rows.end(), [](row const& r) { return r.ratio() == 1; });
    std::printf("Time of the chosen method / time of the fastest one, %d %s problems:\n", problems, set->name);
    std::printf("geometric mean %.3f, 95th percentile %.2f, worst %.2f; the fastest one was chosen %d times\n",
                std::exp(logarithms / problems), rows[static_cast<std::size_t>(problems / 20)].ratio(),
                rows.front().ratio(), static_cast<int>(best));
    std::printf("\nThe %d worst:\n", worst);
    for (int i = 0; i < worst; ++i) print(rows[static_cast<std::size_t>(i)]);
}
