// bench/versus/filters/filters.cpp -- filters beside OpenCV's, and the method that is chosen beside all that may be, in
// one process, taking turns: filters [regular expression] [--rounds most] [--seconds of a row]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>
#include <opencv2/imgproc.hpp>

#include "../../forced.hpp"
#include "../../measure.hpp"

using namespace faltung;

constexpr index_t rows = 1080, columns = 1920;

// One way to compute the result, and its times.
struct contestant {
    std::string name;
    std::function<void()> run;
    std::function<double()> difference = {};  // runs it: the largest one from ours
    std::vector<double> seconds = {};
};

struct contest {
    contestant ours;
    std::vector<contestant> peers;
};

// A line of the table, opened when it is asked for: how far apart its results may be, and the ratio that is wanted.
struct named_contest {
    std::string name;
    double allowed, target;
    std::function<contest()> open;
};

template <class T>
static cv::Mat mat_of(tensor<T, 2>& x) {
    return {static_cast<int>(x.extent(0)), static_cast<int>(x.extent(1)), cv::traits::Type<T>::value, x.data()};
}

template <class Y>
static double largest_difference(tensor<Y, 2> const& y, tensor<Y, 2> const& other) {
    double most = 0;
    for (index_t i = 0; i < y.count(); ++i)
        most = std::max(most, std::abs(static_cast<double>(y.data()[i]) - static_cast<double>(other.data()[i])));
    return most;
}

// The picture, our result and that of the peers.
template <class X, class Y>
struct pictures {
    tensor<X, 2> x = faltung_bench::noise<X, 2>({rows, columns});
    tensor<Y, 2> y{{rows, columns}}, other{{rows, columns}};
    cv::Mat in = mat_of(x), out = mat_of(other);
};

// A plan with its workspace.
template <class X, class H = X, class Acc = X, class Y = X>
struct planned {
    convolver<X, H, Acc, Y> plan;
    workspace scratch = plan.workspace();
    template <class... Arguments>
    explicit planned(Arguments&&... a) : plan(std::forward<Arguments>(a)...) {}
};

// One that writes the other result.
template <class X, class Y, class Run>
static contestant peer(std::shared_ptr<pictures<X, Y>> const& s, std::string name, Run run) {
    return {std::move(name), run, [s, run] {
                run();
                return largest_difference(s->y, s->other);
            }};
}

struct opencv_call {
    std::string name;
    std::function<void(cv::Mat const&, cv::Mat&)> call;
};

template <class X, class Y>
static contest beside_opencv(std::shared_ptr<pictures<X, Y>> const& s, std::string name, std::function<void()> ours,
                             std::vector<opencv_call> const& calls) {
    contest c{{std::move(name), std::move(ours)}, {}};
    for (opencv_call const& other : calls)
        c.peers.push_back(peer(s, other.name, [s, filter = other.call] { filter(s->in, s->out); }));
    return c;
}

template <class X, class Y, class H>
static contest plan_beside_opencv(H const& kernel, convolve_options o, std::vector<opencv_call> const& calls) {
    using W = element_t<H>;
    using ready = planned<X, W, std::conditional_t<is_floating<W>, W, std::int32_t>, Y>;
    o.padding = mode::same;
    o.boundary = boundary::reflect;
    const auto s = std::make_shared<pictures<X, Y>>();
    const auto p = std::make_shared<ready>(shape{rows, columns}, kernel, o);
    return beside_opencv(
        s, name_of(p->plan.method()), [s, p] { p->plan(s->x, s->y, p->scratch); }, calls);
}

template <class X, class Ours>
static contest call_beside_opencv(Ours ours, opencv_call const& peer) {
    const auto s = std::make_shared<pictures<X, X>>();
    return beside_opencv(s, "call", [s, ours] { ours(s->y, s->x); }, {peer});
}

template <class To, class From>
static tensor<To, 2> converted(tensor<From, 2> const& from) {
    tensor<To, 2> to(from.shape());
    std::copy(from.data(), from.data() + from.count(), to.data());
    return to;
}

// OpenCV correlates.
static opencv_call filter_call(tensor<float, 2> const& taps) {
    const auto held = std::make_shared<tensor<float, 2>>(taps);
    return {"filter2D", [held](cv::Mat const& x, cv::Mat& y) {
                cv::filter2D(x, y, -1, mat_of(*held), {-1, -1}, 0, cv::BORDER_REFLECT_101);
            }};
}

// The method that is chosen for a sum of products of lines, beside every method that supports it.
static contest choice(index_t taps, index_t products) {
    const auto lines = faltung_bench::noise<double, 3>({products, 2, taps});
    tensor<double, 2> h{{taps, taps}};
    for (index_t i = 0; i < products; ++i)
        for (index_t a = 0; a < taps; ++a)
            for (index_t b = 0; b < taps; ++b)
                h(a, b) += lines(i, 0, a) * lines(i, 1, b) / static_cast<double>(255 * 255 * taps * taps);
    const convolve_options o{.padding = mode::same, .tolerance = 1e-6};
    const shape n{rows, columns};
    const auto s = std::make_shared<pictures<double, double>>();
    const auto chosen = std::make_shared<planned<double>>(n, h, o);
    contest c{{name_of(chosen->plan.method()), [s, chosen] { chosen->plan(s->x, s->y, chosen->scratch); }}, {}};
    for (convolver<double>& plan : faltung_bench::forced_plans<double>(n, h, o)) {
        const auto forced = std::make_shared<planned<double>>(std::move(plan));
        c.peers.push_back(
            peer(s, name_of(forced->plan.method()), [s, forced] { forced->plan(s->x, s->other, forced->scratch); }));
    }
    return c;
}

static std::vector<named_contest> contests() {
    std::vector<named_contest> all;
    const double float_targets[] = {1.3, 1.45, 2.1, 2.1}, byte_targets[] = {0.9, 0.95, 1.3, 1.4};
    const int sizes[] = {3, 5, 11, 31};
    for (int i = 0; i < 4; ++i) {
        const int k = sizes[i];
        const cv::Mat line = cv::getGaussianKernel(k, 0, CV_32F);
        const std::vector<float> taps(line.begin<float>(), line.end<float>());
        const auto kernel = outer_product(taps, taps);
        const opencv_call separable{"sepFilter2D", [line](cv::Mat const& x, cv::Mat& y) {
                                        cv::sepFilter2D(x, y, -1, line, line, {-1, -1}, 0, cv::BORDER_REFLECT_101);
                                    }};
        const opencv_call blur{"GaussianBlur", [k](cv::Mat const& x, cv::Mat& y) {
                                   cv::GaussianBlur(x, y, {k, k}, 0, 0, cv::BORDER_REFLECT_101);
                               }};
        const std::string n = std::to_string(k);
        all.push_back({"filter/float/separable_" + n, 1e-3, float_targets[i],
                       [=] { return plan_beside_opencv<float, float>(kernel, {}, {separable}); }});
        // OpenCV rounds the taps for bytes to 8 bits: a grey level apart
        all.push_back({"filter/uint8/separable_" + n, 1, byte_targets[i], [=] {
                           return plan_beside_opencv<std::uint8_t, std::uint8_t>(
                               kernel, {.overflow = overflow::saturate}, {separable, blur});
                       }});
    }
    // kernels that are no product of lines; integers for bytes, whose sums 16 bits hold
    const double dense_targets[] = {1.35, 2.1, 2.4, 1.7}, dense_byte_targets[] = {1.7, 2.8, 4};
    for (int i = 0; i < 4; ++i) {
        const int k = sizes[i];
        auto taps = faltung_bench::noise<float, 2>({k, k});
        for (float& v : taps) v /= static_cast<float>(128 * k * k);
        const std::string n = std::to_string(k);
        all.push_back({"filter/float/dense_" + n, 1e-3, dense_targets[i],
                       [=] { return plan_beside_opencv<float, float>(flip(taps), {}, {filter_call(taps)}); }});
        if (i == 3) continue;
        // the two add in different orders: a tie may fall on either side
        all.push_back({"filter/uint8/dense_" + n, 1, dense_byte_targets[i], [=] {
                           return plan_beside_opencv<std::uint8_t, std::uint8_t>(
                               flip(taps), {.overflow = overflow::saturate}, {filter_call(taps)});
                       }});
        if (i == 2) continue;
        tensor<std::int16_t, 2> whole({k, k});
        for (index_t t = 0; t < whole.count(); ++t) whole.data()[t] = static_cast<std::int16_t>(t % 4 - 1);
        all.push_back({"filter/uint8/dense_integers_" + n, 0, dense_byte_targets[i], [=] {
                           return plan_beside_opencv<std::uint8_t, std::uint8_t>(
                               flip(whole), {.overflow = overflow::saturate}, {filter_call(converted<float>(whole))});
                       }});
    }
    const double sigmas[] = {1, 3, 10, 50}, gaussian_targets[] = {0.9, 1.2, 2, 5};
    for (int i = 0; i < 4; ++i) {
        const double sigma = sigmas[i];
        const opencv_call blur{"GaussianBlur", [sigma](cv::Mat const& x, cv::Mat& y) {
                                   cv::GaussianBlur(x, y, {0, 0}, sigma, sigma, cv::BORDER_REFLECT_101);
                               }};
        // both cut the Gaussian off at 4 sigma, and fill a picture that is there
        all.push_back({"filter/float/gaussian_" + text(sigma), 1e-3, gaussian_targets[i], [=] {
                           return call_beside_opencv<float>(
                               [sigma](auto& y, auto const& x) {
                                   gaussian_filter_into(y, x, sigma, {.boundary = boundary::reflect});
                               },
                               blur);
                       }});
        all.push_back({"filter/float/recursive_gaussian_" + text(sigma), 0.1, gaussian_targets[i], [=] {
                           return call_beside_opencv<float>(
                               [sigma](auto& y, auto const& x) {
                                   y = recursive_gaussian_filter(x, sigma, {.pairs = 2, .boundary = boundary::reflect});
                               },
                               blur);
                       }});
    }
    for (int k : {3, 11, 31}) {
        const opencv_call box{"boxFilter", [k](cv::Mat const& x, cv::Mat& y) {
                                  cv::boxFilter(x, y, -1, {k, k}, {-1, -1}, true, cv::BORDER_REFLECT_101);
                              }};
        const auto ours = [k](auto& y, auto const& x) {
            box_filter_into(y, x, k, {.boundary = boundary::reflect, .ties = mean_ties::upwards});
        };
        all.push_back(
            {"filter/float/box_" + std::to_string(k), 1e-3, 1.5, [=] { return call_beside_opencv<float>(ours, box); }});
        all.push_back({"filter/uint8/box_" + std::to_string(k), 0, 1,
                       [=] { return call_beside_opencv<std::uint8_t>(ours, box); }});
    }
    const auto sobel_call = [](int depth) {
        return opencv_call{"Sobel", [depth](cv::Mat const& x, cv::Mat& y) {
                               cv::Sobel(x, y, depth, 1, 0, 3, 1, 0, cv::BORDER_REFLECT_101);
                           }};
    };
    all.push_back({"filter/float/sobel", 1e-3, 1, [=] {
                       return plan_beside_opencv<float, float>(sobel<float>(towards::right), {}, {sobel_call(CV_32F)});
                   }});
    all.push_back({"filter/uint8/sobel", 0, 1, [=] {
                       return plan_beside_opencv<std::uint8_t, std::int16_t>(sobel<std::int16_t>(towards::right), {},
                                                                             {sobel_call(CV_16S)});
                   }});
    for (index_t taps : {5, 11, 31})
        for (index_t products = 1; products <= 4; ++products)
            all.push_back({text("choice/double/", taps, "x", taps, "_of_", products, "_products"), 1e-9, 0.9,
                           [=] { return choice(taps, products); }});
    return all;
}

static double part(std::vector<double> values, double fraction) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1))];
}

struct limits {
    int rounds = 201;    // at most
    double seconds = 3;  // for a row, when 21 rounds are done
};

// The largest difference of a peer from ours; what is compared computes the same.
static bool is_equal(named_contest const& c, contest& all) {
    all.ours.run();
    bool equal = true;
    for (contestant& peer : all.peers) {
        const double difference = peer.difference();
        if (difference <= c.allowed) continue;
        std::printf("%-40s %s differs by %g, %g are allowed\n", c.name.c_str(), peer.name.c_str(), difference,
                    c.allowed);
        equal = false;
    }
    return equal;
}

// Each one in every round, another one first each time; one that is far behind is not run again.
static void take_turns(contest& all, limits const& wanted) {
    double spent = 0;
    for (int round = 0; round < wanted.rounds && (round < 21 || spent < wanted.seconds); ++round) {
        const std::size_t count = all.peers.size() + 1;
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t at = (k + static_cast<std::size_t>(round)) % count;
            contestant& next = at == 0 ? all.ours : all.peers[at - 1];
            next.seconds.push_back(faltung_bench::seconds_of(next.run));
            spent += next.seconds.back();
        }
        if (round != 1) continue;
        double least = 1e9;
        for (contestant const& peer : all.peers) least = std::min(least, part(peer.seconds, 0));
        std::erase_if(all.peers, [&](contestant const& peer) { return part(peer.seconds, 0) > 3 * least; });
    }
}

// False if results differ.
static bool run(named_contest const& c, limits const& wanted) {
    contest all = c.open();
    if (!is_equal(c, all)) return false;
    take_turns(all, wanted);
    contestant const& best = *std::min_element(
        all.peers.begin(), all.peers.end(),
        [](contestant const& a, contestant const& b) { return part(a.seconds, 0.5) < part(b.seconds, 0.5); });
    std::vector<double> ratios = best.seconds;
    for (std::size_t i = 0; i < ratios.size(); ++i) ratios[i] /= all.ours.seconds[i];
    std::printf("%-36s %9.3f ms %-12s %9.3f ms %-12s  ratio %5.2f (%.2f to %.2f), wanted %g\n", c.name.c_str(),
                1e3 * part(all.ours.seconds, 0.5), all.ours.name.c_str(), 1e3 * part(best.seconds, 0.5),
                best.name.c_str(), part(ratios, 0.5), part(ratios, 0.1), part(ratios, 0.9), c.target);
    std::fflush(stdout);
    return true;
}

int main(int count, char** arguments) {
    cv::setNumThreads(1);
    std::string filter;
    limits wanted;
    for (int i = 1; i < count; ++i) {
        const std::string word = arguments[i];
        if (word == "--rounds" && i + 1 < count)
            wanted.rounds = std::max(2, std::stoi(arguments[++i]));
        else if (word == "--seconds" && i + 1 < count)
            wanted.seconds = std::stod(arguments[++i]);
        else
            filter = word;
    }
    std::vector<named_contest> chosen = contests();
    std::erase_if(chosen, [&](named_contest const& c) { return !std::regex_search(c.name, std::regex(filter)); });
    if (chosen.empty()) return 0;
    std::printf(
        "1920 x 1080, one thread, OpenCV %s: ours, the best peer, and the median of its time / ours, 10th to 90th "
        "percentile\n",
        CV_VERSION);
    bool all_equal = true;
    for (named_contest const& c : chosen) all_equal = run(c, wanted) && all_equal;
    return all_equal ? 0 : 1;
}
