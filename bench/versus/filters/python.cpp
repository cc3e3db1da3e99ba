// bench/versus/filters/python.cpp -- the library's side of python.py, which asks through a pipe
#include <cstring>
#include <memory>

#include <faltung/filter.hpp>

#include "../session.hpp"

using namespace faltung;
using namespace faltung_bench;

// A case is an array x of these extents and y, which all contestants write; `ours` is called with both.
template <class T, std::size_t Rank, class Ours>
static session session_of(shape const& n, Ours ours) {
    struct arrays {
        tensor<T, Rank> x, y;
    };
    const auto held = std::make_shared<arrays>(arrays{noise<T, Rank>(n), tensor<T, Rank>(n)});
    const auto make = [held, ours](std::string const& who, shape const&) -> contestant {
        if (who == "ours") return {0, "", [held, ours] { ours(held->y, held->x); }};
        if (who == "copy")
            return {0, "", [held] {
                        std::memcpy(held->y.data(), held->x.data(),
                                    static_cast<std::size_t>(held->x.count()) * sizeof(T));
                    }};
        faltung::detail::fail<option_error>("there is no contestant ", who);
    };
    return {"", make, [held] { return fingerprint_of(held->y); }};
}

// <name> <type> <extent>...
static session open_case(std::istream& words) {
    std::string name, type;
    shape n;
    words >> name >> type;
    for (index_t extent; words >> extent;) n.push_back(extent);
    const auto gaussian = [](double sigma) {
        return [sigma](auto& y, auto const& x) { y = gaussian_filter(x, sigma); };
    };
    if (name == "gaussian_3" && type == "double") return session_of<double, 2>(n, gaussian(3));
    if (name == "gaussian_volume_2" && type == "float") return session_of<float, 3>(n, gaussian(2));
    if (name == "edges" && type == "float")
        return session_of<float, 4>(n, [](auto& y, auto const& x) { edge_magnitude_into(y, x); });
    faltung::detail::fail<option_error>("there is no case ", name, " of type ", type);
}

int main() { serve(open_case, ""); }
