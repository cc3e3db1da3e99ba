// tests/golden/coverage.test.cpp -- which calls of each system are recorded for every border and element type
#include <set>

#include "filter_line.hpp"

using namespace faltung;

namespace {

using names = std::vector<std::string>;

/// The calls of one file, the option that names the border, and the types of x (with `depth`: and of the result).
struct table {
    std::string file;
    names calls;
    std::string border, depth;
    names borders, types;
};

const names integers_to_32{"int8", "uint8", "int16", "uint16", "int32", "uint32"};
const names modes{"reflect", "mirror", "nearest", "wrap", "constant"};
const names borders{"CONSTANT", "REPLICATE", "REFLECT", "REFLECT_101"};

names with(names list, names const& more) {
    list.insert(list.end(), more.begin(), more.end());
    return list;
}

/// What the systems take and the library has, filter by filter.
const std::vector<table> tables{
    {"scipy_ndimage",
     {"scipy.ndimage.convolve", "scipy.ndimage.correlate", "scipy.ndimage.convolve1d", "scipy.ndimage.correlate1d"},
     "mode",
     "",
     with(modes, {"grid-mirror", "grid-wrap", "grid-constant"}),
     with(integers_to_32, {"bool", "int64", "uint64", "float32", "float64", "complex64", "complex128"})},
    {"scipy_filters",
     {"gaussian_filter", "sobel", "prewitt", "laplace"},
     "mode",
     "",
     modes,
     with(integers_to_32, {"int64", "uint64", "float32", "float64"})},
    {"scipy_filters", {"gaussian_laplace", "gaussian_gradient_magnitude"}, "mode", "", modes, {"float32", "float64"}},
    {"boxes",
     {"scipy.uniform_filter"},
     "mode",
     "",
     modes,
     with(integers_to_32, {"int64", "uint64", "float32", "float64"})},
    {"morphology",
     {"scipy.grey_erosion", "scipy.grey_dilation"},
     "mode",
     "",
     modes,
     with(integers_to_32, {"float32", "float64"})},
    {"opencv_filters",
     {"Sobel", "Scharr", "Laplacian"},
     "border",
     "depth",
     borders,
     {"uint8 uint8", "uint8 int16", "uint8 float32", "uint8 float64", "int16 int16", "int16 float32", "int16 float64",
      "uint16 uint16", "uint16 float32", "uint16 float64", "float32 float32", "float64 float64"}},
    {"opencv_filters", {"GaussianBlur"}, "border", "", borders, {"float32", "float64"}},
    {"opencv_blurs", {"GaussianBlur", "sepFilter2D"}, "border", "", borders, {"uint8", "uint16"}},
    {"boxes",
     {"opencv.boxFilter"},
     "border",
     "depth",
     borders,
     {"uint8 uint8", "uint8 int32", "uint8 float32", "int16 int16", "uint16 uint16", "float32 float32",
      "float64 float64"}},
    {"morphology",
     {"opencv.erode", "opencv.dilate"},
     "border",
     "",
     borders,
     {"uint8", "int16", "uint16", "float32", "float64"}},
    {"skimage_filters", {"scharr", "difference_of_gaussians"}, "mode", "", modes, {"float32", "float64"}},
    {"opencv",
     {"opencv.filter2D"},
     "border",
     "",
     with(borders, {"DEFAULT"}),
     {"uint8", "int16", "uint16", "float32", "float64"}},
};

std::string combination(std::string const& call, std::string const& border, std::string const& types) {
    return call + " of " + types + " with border " + border;
}

std::string missing_of(table const& t) {
    std::set<std::string> recorded;
    for (golden::line const& l : golden::read(t.file))
        if (l.error.empty() && l.has(t.border))
            recorded.insert(combination(l.call, l[t.border], t.depth.empty() ? l.x.type : l.x.type + " " + l[t.depth]));
    std::string missing;
    for (auto const& call : t.calls)
        for (auto const& border : t.borders)
            for (auto const& types : t.types)
                if (!recorded.contains(combination(call, border, types)))
                    missing += combination(call, border, types) + "\n";
    return missing;
}

}  // namespace

TEST_CASE("golden: every filter of SciPy, scikit-image and OpenCV with every border and element type", "[golden]") {
    for (table const& t : tables) {
        INFO(t.file);
        CHECK(missing_of(t) == "");
    }
}
