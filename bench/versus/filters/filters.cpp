// bench/versus/filters/filters.cpp -- filters beside OpenCV's, in one process, taking turns: filters [regular
// expression]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <regex>
#include <string>
#include <vector>

#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>
#include <opencv2/imgproc.hpp>

#include "../../measure.hpp"

using namespace faltung;

constexpr index_t rows = 1080, columns = 1920;

// One line of the table: both sides, how far apart their results may be, and the ratio that is wanted.
struct contest {
    std::string name;
    std::function<void()> ours;
    std::vector<std::function<void()>> peers;
    std::function<double()> difference;
    double allowed, target;
};

// A noise of 8 bits, the same in all element types.
template <class T>
static tensor<T, 2> noise() {
    tensor<T, 2> x{{rows, columns}};
    std::uint32_t state = 1;
    for (T& v : x) {
        state = state * 1664525u + 1013904223u;
        v = static_cast<T>(state >> 24);
    }
    return x;
}

template <class T>
static cv::Mat mat_of(tensor<T, 2>& x) {
    return {static_cast<int>(x.extent(0)), static_cast<int>(x.extent(1)), cv::traits::Type<T>::value, x.data()};
}

template <class Y>
static double largest_difference(tensor<Y, 2> const& y, cv::Mat const& other) {
    double most = 0;
    for (index_t i = 0; i < y.extent(0); ++i)
        for (index_t j = 0; j < y.extent(1); ++j)
            most = std::max(most, std::abs(static_cast<double>(y(i, j)) -
                                           static_cast<double>(other.at<Y>(static_cast<int>(i), static_cast<int>(j)))));
    return most;
}

// Pictures, results and plans of a line, kept until it is done.
template <class X, class Y>
struct filtered {
    tensor<X, 2> x = noise<X>();
    tensor<Y, 2> y{{rows, columns}};
    cv::Mat in = mat_of(x), out, other;
};

template <class X, class Y, class H>
static contest planned(std::string name, H const& kernel, convolve_options o,
                       std::vector<std::function<void(cv::Mat const&, cv::Mat&)>> peers, double allowed,
                       double target) {
    using W = element_t<H>;
    using plan = convolver<X, W, std::conditional_t<is_floating<W>, W, std::int32_t>, Y>;
    struct state : filtered<X, Y> {
        plan ready;
        workspace scratch;
        state(H const& h, convolve_options const& options)
            : ready({rows, columns}, h, options), scratch(ready.workspace()) {}
    };
    o.padding = mode::same;
    o.boundary = boundary::reflect;
    const auto s = std::make_shared<state>(kernel, o);
    contest c{name + " (" + name_of(s->ready.method()) + ")",
              [s] { s->ready(s->x, s->y, s->scratch); },
              {},
              [s, first = peers.front()] {
                  first(s->in, s->other);
                  s->ready(s->x, s->y, s->scratch);
                  return largest_difference(s->y, s->other);
              },
              allowed,
              target};
    for (auto const& peer : peers) c.peers.push_back([s, peer] { peer(s->in, s->out); });
    return c;
}

template <class X, class Ours>
static contest called(std::string const& name, Ours ours, std::function<void(cv::Mat const&, cv::Mat&)> peer,
                      double allowed, double target) {
    const auto s = std::make_shared<filtered<X, X>>();
    return {name,
            [s, ours] { ours(s->y, s->x); },
            {[s, peer] { peer(s->in, s->out); }},
            [s, ours, peer] {
                peer(s->in, s->other);
                ours(s->y, s->x);
                return largest_difference(s->y, s->other);
            },
            allowed,
            target};
}

static std::vector<contest> contests() {
    std::vector<contest> all;
    const double float_targets[] = {1.3, 1.45, 2.1, 2.1}, byte_targets[] = {0.9, 0.95, 1.3, 1.4};
    const int sizes[] = {3, 5, 11, 31};
    for (int i = 0; i < 4; ++i) {
        const int k = sizes[i];
        const cv::Mat line = cv::getGaussianKernel(k, 0, CV_32F);
        const std::vector<float> taps(line.begin<float>(), line.end<float>());
        const auto kernel = outer_product(taps, taps);
        const auto separable = [line](int depth) {
            return [line, depth](cv::Mat const& x, cv::Mat& y) {
                cv::sepFilter2D(x, y, depth, line, line, {-1, -1}, 0, cv::BORDER_REFLECT_101);
            };
        };
        const auto blur = [k](cv::Mat const& x, cv::Mat& y) {
            cv::GaussianBlur(x, y, {k, k}, 0, 0, cv::BORDER_REFLECT_101);
        };
        const std::string n = std::to_string(k);
        all.push_back(
            planned<float, float>("separable/float/" + n, kernel, {}, {separable(CV_32F)}, 1e-3, float_targets[i]));
        // OpenCV rounds the taps of bytes to 8 bits
        all.push_back(planned<std::uint8_t, std::uint8_t>("separable/uint8/" + n, kernel,
                                                          {.overflow = overflow::saturate}, {separable(CV_8U), blur}, 2,
                                                          byte_targets[i]));
    }
    const double sigmas[] = {1, 3, 10, 50}, gaussian_targets[] = {0.9, 1.2, 2, 5};
    for (int i = 0; i < 4; ++i) {
        const double sigma = sigmas[i];
        const auto blur = [sigma](cv::Mat const& x, cv::Mat& y) {
            cv::GaussianBlur(x, y, {0, 0}, sigma, sigma, cv::BORDER_REFLECT_101);
        };
        const std::string n = text(sigma);
        // both cut the Gaussian off at 4 sigma, and return a new picture or fill one that is there
        all.push_back(called<float>(
            "gaussian/float/" + n,
            [sigma](auto& y, auto const& x) { y = gaussian_filter(x, sigma, {.boundary = boundary::reflect}); }, blur,
            0.05, gaussian_targets[i]));
        all.push_back(called<float>(
            "recursive_gaussian/float/" + n,
            [sigma](auto& y, auto const& x) {
                y = recursive_gaussian_filter(x, sigma, {.pairs = 2, .boundary = boundary::reflect});
            },
            blur, 0.5, gaussian_targets[i]));
    }
    for (int k : {3, 11, 31}) {
        const auto box = [k](cv::Mat const& x, cv::Mat& y) {
            cv::boxFilter(x, y, -1, {k, k}, {-1, -1}, true, cv::BORDER_REFLECT_101);
        };
        const auto ours = [k](auto& y, auto const& x) {
            box_filter_into(y, x, k, {.boundary = boundary::reflect, .ties = mean_ties::upwards});
        };
        all.push_back(called<float>("box/float/" + std::to_string(k), ours, box, 1e-3, 1.5));
        all.push_back(called<std::uint8_t>("box/uint8/" + std::to_string(k), ours, box, 1, 1));
    }
    const auto sobel_peer = [](int depth) {
        return [depth](cv::Mat const& x, cv::Mat& y) { cv::Sobel(x, y, depth, 1, 0, 3, 1, 0, cv::BORDER_REFLECT_101); };
    };
    all.push_back(
        planned<float, float>("sobel/float", sobel<float>(towards::right), {}, {sobel_peer(CV_32F)}, 1e-3, 1));
    all.push_back(planned<std::uint8_t, std::int16_t>("sobel/uint8", sobel<std::int16_t>(towards::right), {},
                                                      {sobel_peer(CV_16S)}, 0, 1));
    return all;
}

static void run(contest const& c) {
    const double difference = c.difference();
    if (!(difference <= c.allowed)) {
        std::printf("%-40s differs by %g, %g are allowed\n", c.name.c_str(), difference, c.allowed);
        return;
    }
    std::vector<double> ours, ratios;
    double spent = 0;
    for (int round = 0; round < 201 && (round < 21 || spent < 3); ++round) {
        const double own = faltung_bench::seconds_of(c.ours);
        double best = 1e9;
        for (auto const& peer : c.peers) best = std::min(best, faltung_bench::seconds_of(peer));
        ours.push_back(own);
        ratios.push_back(best / own);
        spent += own + best;
    }
    std::sort(ours.begin(), ours.end());
    std::sort(ratios.begin(), ratios.end());
    const std::size_t n = ratios.size();
    std::printf("%-40s %8.3f ms  ratio %5.2f (%.2f to %.2f), wanted %g\n", c.name.c_str(), 1e3 * ours[n / 2],
                ratios[n / 2], ratios[n / 10], ratios[n - 1 - n / 10], c.target);
    std::fflush(stdout);
}

int main(int count, char** arguments) {
    cv::setNumThreads(1);
    const std::regex wanted(count > 1 ? arguments[1] : ".");
    std::printf(
        "1920 x 1080, one thread, OpenCV %s: the ratio is the median of its time / ours, 10th to 90th percentile\n",
        CV_VERSION);
    for (contest const& c : contests())
        if (std::regex_search(c.name, wanted)) run(c);
}
