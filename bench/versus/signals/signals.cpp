// bench/versus/signals/signals.cpp -- the library's side of signals.py, which asks through a pipe
#include <memory>

#include <faltung/convolve.hpp>

#include "../session.hpp"

using namespace faltung;
using namespace faltung_bench;

// A plan that is called again and again, beside a copy of the array.
template <class T, std::size_t Rank, class Options>
static session session_of(shape const& n, tensor<T, Rank> const& h, Options const& options) {
    struct arrays {
        tensor<T, Rank> x;
        convolver<T> plan;
        workspace scratch;
        tensor<T, Rank> y;
    };
    convolver<T> plan(n, h, options);
    auto scratch = plan.workspace();
    tensor<T, Rank> y(plan.output_shape());
    const auto held =
        std::make_shared<arrays>(arrays{noise<T, Rank>(n), std::move(plan), std::move(scratch), std::move(y)});
    const auto make = [held](std::string const& who, shape const&) -> contestant {
        if (who == "ours")
            return {0, name_of(held->plan.method()), [held] { held->plan(held->x, held->y, held->scratch); }};
        faltung::detail::fail<option_error>("there is no contestant ", who);
    };
    return {"", make, [held] { return fingerprint_of(held->y); }};
}

template <class T>
static session open_case(std::string const& name, index_t n, index_t m, index_t taps) {
    if (name == "signal") return session_of<T, 1>({m}, noise<T, 1>({taps}), convolve_options{});
    if (name == "rows") return session_of<T, 2>({n, m}, noise<T, 2>({1, taps}), scipy::ndimage(boundary::zero));
    faltung::detail::fail<option_error>("there is no case ", name);
}

// <name> <type> <rows> <samples> <taps>
int main() {
    const auto open = [](std::istream& words) {
        std::string name, type;
        index_t n = 1, m = 0, taps = 0;
        words >> name >> type >> n >> m >> taps;
        return type == "float" ? open_case<float>(name, n, m, taps) : open_case<double>(name, n, m, taps);
    };
    serve(open, "");
}
